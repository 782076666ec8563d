import { day, hour, minute, second } from '../shared/time.ts';

// Largest unit first and each at most once, so that `30m1h` and `1h1h` are typing errors rather than sums.
const pattern = /^(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?(?:(\d{1,6})ms)?$/;

/** What a duration looks like, for error messages. */
export const durationForm = 'a duration such as 90s, 15m, 2h, 7d or 1h30m';

/** Reads `90s`, `15m`, `2h`, `7d`, `1h30m` or `250ms`; in ms, at least 0. `undefined`: it is not a duration. */
export function parseDuration(text: string): number | undefined {
  const match = text === '' ? null : pattern.exec(text);
  if (match === null) return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0, rest = 0] = match
    .slice(1)
    .map((digits) => (digits === undefined ? 0 : Number(digits)));
  return days * day + hours * hour + minutes * minute + seconds * second + rest;
}
