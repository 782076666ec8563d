import type { SlackUserId } from '../shared/ids.ts';
import type { ApprovalRule } from './policy.ts';

/** Somebody's approval, with the sets they are in, by their place in the rule; absent: the rule has no sets. */
export type Vote = { readonly by: SlackUserId; readonly sets?: readonly number[] | undefined };

/**
 * How many approvals are missing at the least. Everybody counts once, for one set: who is in several counts for the one
 * that is still missing somebody.
 */
export function shortOf(rule: ApprovalRule, votes: readonly Vote[]): number {
  if (rule.sets === undefined) {
    return Math.max(0, rule.count - new Set(votes.map(({ by }) => by)).size);
  }
  const places = placesOf(rule);
  return places.length - filled(places, votes);
}

/** Sets that somebody who is in no other could still help to fill. */
export function openSets(rule: ApprovalRule, votes: readonly Vote[]): readonly string[] {
  const { sets = [] } = rule;
  const places = placesOf(rule);
  const now = filled(places, votes);
  const stranger = 'U' as SlackUserId;
  return sets
    .filter((_, index) => filled(places, [...votes, { by: stranger, sets: [index] }]) > now)
    .map(({ name }) => name);
}

/** One place for each person a set needs, named by the set. */
function placesOf({ sets = [] }: ApprovalRule): readonly number[] {
  return sets.flatMap(({ count }, index) => Array.from({ length: count }, () => index));
}

/** How many places different people can fill at once: a maximum matching, by augmenting paths. */
function filled(places: readonly number[], votes: readonly Vote[]): number {
  const people = [...new Map(votes.map((vote) => [vote.by, vote.sets ?? []])).values()];
  const holder = new Map<number, readonly number[]>();
  const seat = (sets: readonly number[], tried: Set<number>): boolean => {
    for (const [place, set] of places.entries()) {
      if (!sets.includes(set) || tried.has(place)) continue;
      tried.add(place);
      const before = holder.get(place);
      if (before === undefined || seat(before, tried)) {
        holder.set(place, sets);
        return true;
      }
    }
    return false;
  };
  return people.filter((sets) => seat(sets, new Set())).length;
}
