/** Ends a switch over a union: a member nobody handles is a compile error here, and a bug where it is reached. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
