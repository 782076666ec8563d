import type { Hold, HoldDoubt, HoldScope } from '../src/rollout/hold.ts';
import { scopeText } from '../src/rollout/hold.ts';
import { nameOf } from './names.ts';
import { count, listed, named, quoted } from './phrases.ts';
import { localTime } from './times.ts';

const mostShown = 3;

/** What is kept behind on purpose, soonest end first: the names, until when, and why. Escaped; empty for nothing. */
export function holdsText(holds: readonly Hold[], names: ReadonlyMap<string, string>): string {
  const sorted = [...holds].sort((a, b) => a.until - b.until);
  const shown = sorted.slice(0, mostShown).map((hold) => holdText(hold, names));
  const more = sorted.length - shown.length;
  const rest = more > 0 ? `, and ${count(more, 'more hold')}` : '';
  return shown.length === 0 ? '' : `Held back: ${shown.join('; ')}${rest}.`;
}

/** Slack's user ids stand for people; whoever the configuration names is named as written. */
function holdText(hold: Hold, names: ReadonlyMap<string, string>): string {
  const { until, reason, by } = hold;
  const who = names.get(by) === undefined ? named(by) : nameOf(names, by);
  return `*${named(scopeText(hold))}* until ${localTime(until)} (${quoted(reason, 200)}, ${who})`;
}

/** For whoever set it: why it may no longer be right. Nothing happens by silence. */
export function holdDoubtText(
  hold: Hold,
  doubt: HoldDoubt,
  names: ReadonlyMap<string, string>,
): string {
  const release = named(doubt.release);
  const why =
    doubt.kind === 'recalled'
      ? `${release}, which runs there, was taken back: ${quoted(doubt.detail, 300)}`
      : `${release}, which it keeps away, fixes ${listed(doubt.fixes)} (critical, or known to be exploited)`;
  return `Is the hold of ${holdText(hold, names)} still right? ${why}. It stays until its end; \`/ami unhold ${named(typedScope(hold))}\` lifts it now.`;
}

/** A scope as it is typed after `/ami unhold`. */
function typedScope({ kind, name, cluster }: HoldScope): string {
  if (kind === 'cluster') return name;
  return cluster === undefined ? `${kind}:${name}` : `${cluster}/${name}`;
}

/** A week before its end: it ends by itself, and nothing extends it. */
export function holdEndsText(hold: Hold, names: ReadonlyMap<string, string>): string {
  return `The hold of ${holdText(hold, names)} ends then by itself. What it kept behind is offered again; to keep it longer, set it anew.`;
}
