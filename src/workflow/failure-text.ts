/** The outermost message alone: causes may hold payloads, and belong into the log. */
export function failureText(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'an unknown failure';
}
