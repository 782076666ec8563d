/** One measured promise of the project. */
export type Benchmark = {
  readonly name: string;
  readonly figure: string;
  readonly bound: string;
  /** What was aimed at when the bound was set. */
  readonly target: string;
  readonly ok: boolean;
};

/** A figure that must not exceed a bound. */
export function atMost(
  name: string,
  figure: number,
  bound: number,
  {
    target = bound,
    unit = '',
    digits = 0,
  }: { target?: number; unit?: string; digits?: number } = {},
): Benchmark {
  const spelled = (value: number) => `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
  return {
    name,
    figure: spelled(figure),
    bound: `≤ ${spelled(bound)}`,
    target: `≤ ${spelled(target)}`,
    ok: figure <= bound,
  };
}

/** The middle one of an odd number of measurements. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
