import type { RolloutEvent } from '../../src/rollout/events.ts';

/** Everything that could mention, link, break out of a line, reorder letters or overflow, in 200 characters. */
export const venom =
  '<!channel> <@U0ANN> <!subteam^S0SRE|sre> @here @octocat fixes #1 GH-9 </td><b> & &lt; *x* `y` |z| \u202eabc\u202c \u200b :tada: 🚀🚀 مرحبا https://evil.example/a\n# line '.padEnd(
    200,
    'x',
  );

/** Strings that come from people, from GitHub, from clusters and from other systems. */
const untrusted = new Set([
  'reason',
  'note',
  'why',
  'detail',
  'because',
  'blockers',
  'text',
  'title',
  'package',
  'unknowns',
  'callouts',
  'url',
]);

const clusterNames = new Set(['stg', 'prod-a', 'prod-b', 'prod-c']);
/** Together with the three others: sixty clusters. */
const crowd = Array.from({ length: 57 }, (_, i) => `crowd-${i}`);

/** The same story with the worst that its texts could hold, in a fleet of sixty clusters with names of 200 characters. */
export function hostileStory(events: readonly RolloutEvent[]): readonly RolloutEvent[] {
  return events.map((event) => poisoned(event) as RolloutEvent);
}

function poisoned(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return poisonedText(value, key);
  if (Array.isArray(value)) {
    const all = value.includes('prod-c') ? [...value, ...crowd] : value;
    return all.map((one) => poisoned(one, key));
  }
  if (typeof value !== 'object' || value === null) return value;
  const voidReason = 'type' in value && value.type === 'ApprovalsVoided';
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      voidReason && name === 'because' ? member : poisoned(member, name),
    ]),
  );
}

function poisonedText(text: string, key: string): string {
  if (clusterNames.has(text) || text.startsWith('crowd-')) return hostileName(text);
  if (key === 'by' && !/^[UW][A-Z0-9]+$|^al2023@/.test(text)) return `${text}${venom}`;
  return untrusted.has(key) ? `${text} ${venom.repeat(key === 'reason' ? 4 : 1)}` : text;
}

/** A name of 200 characters. */
export function hostileName(name: string): string {
  return `${name} ${venom}`.slice(0, 200);
}
