import { openSets } from '../src/rollout/approval-sets.ts';
import type { Environment } from '../src/rollout/rollout.ts';
import { missingApprovals } from '../src/rollout/rollout.ts';
import { count, named } from './phrases.ts';

/** What is missing, in words: `2 more approvals`, or with sets `1 more approval, of sre`. Escaped. */
export function missingText(environment: Environment): string {
  return `${count(missingApprovals(environment), 'more approval')}${stillOpen(environment)}`;
}

/** Of which sets the missing ones are; empty where the rule has none. */
export function stillOpen(environment: Environment): string {
  const { ask, policy } = environment;
  if (ask === undefined || policy.approval.sets === undefined) return '';
  return ofSets(openSets(policy.approval, ask.grants), missingApprovals(environment));
}

/** `, of sre`; `, of platform or sre`; `, of platform and sre` where each needs somebody. */
export function ofSets(sets: readonly string[], missing: number): string {
  if (sets.length === 0) return '';
  const word = missing >= sets.length ? ' and ' : ' or ';
  return `, of ${sets.map(named).join(word)}`;
}
