const units: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** Reads a Kubernetes quantity such as `7910m` or `256Gi`; `undefined` for what is none. */
export function quantityOf(text: string | number): number | undefined {
  const [, amount = '', unit = ''] =
    /^(\d+(?:\.\d+)?(?:e\d+)?)([numkMGTP]|[KMGTP]i)?$/.exec(String(text)) ?? [];
  const size = units[unit];
  return amount === '' || size === undefined ? undefined : Number(amount) * size;
}

/** Those of the named quantities that can be read. */
export function quantitiesOf(
  named: Readonly<Record<string, string | number>>,
): Readonly<Record<string, number>> {
  const read = Object.entries(named).flatMap(([name, text]) => {
    const amount = quantityOf(text);
    return amount === undefined ? [] : [[name, amount] as const];
  });
  return Object.fromEntries(read);
}
