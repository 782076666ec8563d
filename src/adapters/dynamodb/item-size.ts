/** The most that DynamoDB stores in one item, names included. */
export const maxItemBytes = 400 * 1024;

/**
 * Bytes of an item as DynamoDB counts them, to within the few bytes it leaves open for numbers.
 * Source: "DynamoDB item sizes and formats" in the developer guide.
 */
export function itemSize(item: Readonly<Record<string, unknown>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueSize(value);
  }
  return bytes;
}

/** @throws Error that names the item, when DynamoDB would refuse it. Trying again does not help. */
export function refuseTooLarge(doing: string, item: Readonly<Record<string, unknown>>): void {
  const bytes = itemSize(item);
  if (bytes > maxItemBytes) throw tooLarge(doing, `${bytes} bytes`);
}

export function tooLarge(doing: string, size: string, cause?: unknown): Error {
  return new Error(`${doing}: ${size}, more than the ${maxItemBytes} bytes that one item holds`, {
    cause,
  });
}

function valueSize(value: unknown): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).replace(/\D/g, '').length / 2) + 1;
  if (value instanceof Uint8Array) return value.byteLength;
  // Lists and maps: three bytes, and one more for each member.
  if (Array.isArray(value)) {
    return value.reduce((bytes: number, member) => bytes + 1 + valueSize(member), 3);
  }
  if (typeof value === 'object') {
    return 3 + Object.keys(value).length + itemSize(value as Record<string, unknown>);
  }
  return 0;
}
