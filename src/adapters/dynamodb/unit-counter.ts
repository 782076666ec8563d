/** What one kind of operation has cost since the start. */
export type OperationUnits = {
  readonly calls: number;
  /** Read capacity units: 4 KB read consistently, or 8 KB eventually. */
  readonly reads: number;
  /** Write capacity units: 1 KB, the indexes' own writes included. */
  readonly writes: number;
};

export type Units = {
  /** Reads and writes together, of all operations. */
  readonly total: number;
  readonly byOperation: Readonly<Record<string, OperationUnits>>;
};

export type UnitCounter = {
  add(operation: string, kind: 'reads' | 'writes', units: number): void;
  read(): Units;
};

/** Adds up capacity units under labels such as `log.append`; for the bench and the metrics, never for a decision. */
export function createUnitCounter(): UnitCounter {
  const counted = new Map<string, OperationUnits>();
  return {
    add(operation, kind, units) {
      const before = counted.get(operation) ?? { calls: 0, reads: 0, writes: 0 };
      counted.set(operation, {
        ...before,
        calls: before.calls + 1,
        [kind]: before[kind] + units,
      });
    },
    read() {
      let total = 0;
      for (const { reads, writes } of counted.values()) total += reads + writes;
      return { total, byOperation: Object.fromEntries(counted) };
    },
  };
}
