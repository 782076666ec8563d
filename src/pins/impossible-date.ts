import type { PinKind } from './types.ts';

/** Where a value of each kind holds the day of a release; a build's hash may be all digits and is none. */
const days: Readonly<Partial<Record<PinKind, readonly RegExp[]>>> = {
  alias: [/^(?:al2(?:023)?@)?v(\d{4})(\d{2})(\d{2})$/],
  name: [
    /^amazon-eks-.*-v(\d{4})(\d{2})(\d{2})$/,
    /^Windows_Server-.*-(\d{4})[.-](\d{2})[.-](\d{2})$/,
  ],
  ssmParameter: [/\/amazon-eks-[^/]*-v(\d{4})(\d{2})(\d{2})\//],
  releaseVersion: [/-(20\d{2})(\d{2})(\d{2})$/, /-(\d{4})[.-](\d{2})[.-](\d{2})$/],
};

/** The day in a value that no calendar has, such as 20251399; `undefined` where there is none. */
export function impossibleDate(kind: PinKind, value: string): string | undefined {
  const found = days[kind]?.map((pattern) => pattern.exec(value)).find((match) => match !== null);
  if (found === undefined || found === null) return undefined;
  const [, year, month, day] = found;
  const iso = `${year}-${month}-${day}`;
  const at = new Date(`${iso}T00:00:00Z`);
  const isReal = !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso);
  return isReal ? undefined : `${year}${month}${day}`;
}
