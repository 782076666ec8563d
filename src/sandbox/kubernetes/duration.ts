import { hour, minute, second } from '../../shared/time.ts';

/** Milliseconds of a Kubernetes duration such as `9h`, `1h30m`, `9h0m0s`; `undefined` for `Never` and what is none. */
export function durationMs(text: string | undefined): number | undefined {
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text ?? '');
  if (parts === null || text === '' || text === undefined) return undefined;
  const [hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return (hours ?? 0) * hour + (minutes ?? 0) * minute + (seconds ?? 0) * second;
}
