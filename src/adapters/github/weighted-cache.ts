/** Keeps what was used last, up to a total weight. */
export type WeightedCache<V> = {
  get(key: string): V | undefined;
  /** Heavier than the whole cache: not kept. */
  set(key: string, value: V): void;
};

export function createWeightedCache<V>(
  maxWeight: number,
  weightOf: (value: V) => number,
): WeightedCache<V> {
  const entries = new Map<string, V>(); // oldest use first
  let weight = 0;
  const drop = (key: string) => {
    const value = entries.get(key);
    if (value === undefined) return;
    entries.delete(key);
    weight -= weightOf(value);
  };
  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      drop(key);
      if (weightOf(value) > maxWeight) return;
      entries.set(key, value);
      weight += weightOf(value);
      for (const oldest of entries.keys()) {
        if (weight <= maxWeight) break;
        drop(oldest);
      }
    },
  };
}
