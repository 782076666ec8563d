import type { Closed } from '../src/rollout/merge-hours.ts';
import { named, quoted } from './phrases.ts';
import { localTime } from './times.ts';

/** What the clock says against a merge that everything else is ready for. Escaped. */
export function hoursText(environment: string, hours: Closed | 'forecast-unknown'): string {
  const place = `*${named(environment)}*`;
  if (hours === 'forecast-unknown') {
    return `How long ${place} takes is not known, so the end of its window does not hold it back.`;
  }
  const { because, reason, opensAt } = hours;
  const next =
    opensAt === undefined
      ? 'No start within a year fits.'
      : `The next start that fits is ${localTime(opensAt)}.`;
  switch (because) {
    case 'freeze':
      return `Merges of ${place} are frozen: ${quoted(reason ?? '', 300)}. ${next}`;
    case 'window':
      return `The window of ${place} is closed. ${next}`;
    case 'forecast':
      return `${place} would not end before its window does. ${next}`;
  }
}
