/** The part of DynamoDB's `ConsumedCapacity` that we count; a batch reports one a table. */
export type Consumed = OfTable | readonly OfTable[];

type OfTable = {
  readonly CapacityUnits?: number | undefined;
  readonly GlobalSecondaryIndexes?: Readonly<Record<string, unknown>> | undefined;
};

/**
 * Units of one reply. The emulator reports no units for what a write does to indexes, and none for a query that finds
 * nothing: then `indexWrites` entries of up to 1 KB are added, and the smallest price of a read is taken.
 */
export function unitsOf(
  consumed: Consumed | undefined,
  kind: 'reads' | 'writes',
  indexWrites: number,
): number {
  const tables: readonly OfTable[] =
    consumed === undefined ? [] : Array.isArray(consumed) ? consumed : [consumed as OfTable];
  const reported = tables.reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
  if (kind === 'reads') return Math.max(0.5, reported);
  const saysIndexes = tables.some(({ GlobalSecondaryIndexes }) => GlobalSecondaryIndexes);
  return Math.max(1, reported) + (saysIndexes ? 0 : indexWrites);
}
