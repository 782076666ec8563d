/** What an event says of itself under a name, whichever stream it is of. */
export function memberOf(event: object, name: string): unknown {
  return Object.entries(event).find(([key]) => key === name)?.[1];
}

export function textOf(event: object, name: string): string | undefined {
  const value = memberOf(event, name);
  return typeof value === 'string' ? value : undefined;
}
