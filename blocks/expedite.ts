import { expeditersNeeded } from '../src/rollout/expedite.ts';
import type { Environment } from '../src/rollout/rollout.ts';
import { nameOf } from './names.ts';
import { listed, named, quoted } from './phrases.ts';

/** What the fast lane is open for, or waits for. Escaped. */
export function expediteText(
  environment: string,
  { requests, open }: NonNullable<Environment['expedite']>,
  names: ReadonlyMap<string, string>,
): string {
  const place = `*${named(environment)}*`;
  const why = requests
    .map(({ by, reason }) => `${nameOf(names, by)}: ${quoted(reason, 300)}`)
    .join('; ');
  if (open === undefined || (open.by.length === 0 && requests.length > 0)) {
    const missing = expeditersNeeded - requests.length;
    return `The fast lane of ${place} was asked for (${why}); ${missing} more may open it.`;
  }
  const fixes = open.fixes.length === 0 ? '' : ` It fixes ${listed(open.fixes, 3)}.`;
  return open.by.length === 0
    ? `The policy opens the fast lane of ${place}: age, cadence and soak are what it says for such a fix.${fixes}`
    : `The window of ${place} is lifted (${why}).${fixes}`;
}

/** Why nobody was asked. */
export function automaticText(because: 'always' | 'low-risk'): string {
  return because === 'always'
    ? 'approved by its policy'
    : 'approved by its policy, as the risk is low';
}
