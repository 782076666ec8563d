const names: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether an address leads to this very machine, where plain HTTP is read by nobody else.
 * @param hostname as `URL` spells it.
 */
export function isLoopback(hostname: string): boolean {
  return names.has(hostname);
}
