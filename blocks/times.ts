import type { Instant } from '../src/shared/time.ts';
import { day, hour, minute, second } from '../src/shared/time.ts';

/** A point in time in the reader's own zone, with UTC for clients that cannot. */
export function localTime(at: Instant): string {
  return `<!date^${Math.floor(at / second)}^{date_short_pretty} at {time}|${utcTime(at)}>`;
}

/** For places that know no markup (headers, buttons, options): `2026-11-20 10:14 UTC`. */
export function utcTime(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `8 h 51 min`, `2 d 3 h`, `42 s`: the two largest units. */
export function duration(ms: number): string {
  const units = [
    ['d', day],
    ['h', hour],
    ['min', minute],
    ['s', second],
  ] as const;
  const first = units.findIndex(([, size]) => ms >= size);
  if (first === -1) return '0 s';
  const parts: string[] = [];
  let left = ms;
  for (const [unit, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    left -= count * size;
  }
  return parts.join(' ');
}
