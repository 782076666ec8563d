/** Numbers that look random and are the same for the same seed; `state` can be kept and continued from. */
export type Random = {
  /** A whole number, both bounds inclusive. */
  between(least: number, most: number): number;
  /** Lower-case letters and digits, as Kubernetes generates names. */
  suffix(length: number): string;
  state(): number;
};

/** mulberry32: small, well spread, and its whole state is one number. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    // Kubernetes leaves out vowels and look-alikes
    suffix: (length) =>
      Array.from({ length }, () => 'bcdfghjklmnpqrstvwxz2456789'.charAt(between(0, 26))).join(''),
    state: () => state,
  };
}
