import { hour, minute, second } from '../shared/time.ts';

/**
 * Reads a duration as Go and Kubernetes spell it, such as `1h30m` or `9h0m0s`.
 * @returns ms; `undefined` for `Never`, for nothing, and for what is no duration.
 */
export function goDurationMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:h|m|s|ms))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount = '0', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g))
    total += Number(amount) * (units[unit] ?? 0);
  return total;
}

const units: Readonly<Record<string, number>> = { h: hour, m: minute, s: second, ms: 1 };
