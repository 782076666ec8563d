import type { HoldScope } from '../rollout/hold.ts';
import { badText, scopeText } from '../rollout/hold.ts';
import { memberOf, textOf } from './event-members.ts';

/** What a decision reaches beside a change, in words: what is held or marked bad, until when, in favour of what. */
export function scopeOf(event: { readonly type: string }): string | undefined {
  const scope = [heldIn(event), markedIn(event), untilIn(event), givingWayTo(event)]
    .filter((one) => one !== undefined)
    .join(' ');
  return scope === '' ? undefined : scope;
}

/** The cluster that a decision of the fleet is about, by whichever member names it. */
export function clusterOf(event: { readonly type: string }): string | undefined {
  const kind = textOf(event, 'kind');
  return textOf(event, 'cluster') ?? (kind === 'cluster' ? textOf(event, 'name') : undefined);
}

function heldIn(event: { readonly type: string }): string | undefined {
  if (event.type !== 'HoldSet' && event.type !== 'HoldLifted') return undefined;
  const [kind, name, cluster] = ['kind', 'name', 'cluster'].map((one) => textOf(event, one));
  if (kind === undefined || name === undefined) return undefined;
  return scopeText({
    kind: kind as HoldScope['kind'],
    name,
    ...(cluster === undefined ? {} : { cluster }),
  });
}

function markedIn(event: { readonly type: string }): string | undefined {
  const release = textOf(event, 'release');
  const isMark = event.type === 'ReleaseMarkedBad' || event.type === 'ReleaseCleared';
  if (!isMark || release === undefined) return undefined;
  const where = Object.fromEntries(
    ['cluster', 'kubernetes', 'architecture', 'variant'].flatMap((name) => {
      const value = textOf(event, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return badText({ release, ...where });
}

function untilIn(event: { readonly type: string }): string | undefined {
  if (event.type !== 'HoldSet' && event.type !== 'Snoozed') return undefined;
  const until = memberOf(event, 'until');
  return typeof until === 'number' ? `until ${new Date(until).toISOString()}` : undefined;
}

function givingWayTo(event: { readonly type: string }): string | undefined {
  if (event.type === 'RolloutSwitched') return textOf(event, 'to');
  return event.type === 'RolloutSuperseded' ? textOf(event, 'by') : undefined;
}
