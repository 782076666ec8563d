type Act = (...of: never[]) => unknown;

/** The same functions, each with `first` done before it. */
export function eachAfter<Acts extends object>(first: () => void, acts: Acts): Acts {
  const all = Object.entries(acts).map(([name, act]) => {
    if (typeof act !== 'function') return [name, act];
    const wrapped: Act = (...of) => {
      first();
      return (act as Act)(...of);
    };
    return [name, wrapped];
  });
  return Object.fromEntries(all) as Acts;
}
