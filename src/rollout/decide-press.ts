import { minute } from '../shared/time.ts';
import type { CommandOf } from './command.ts';
import { refusedOnRecord, staleness, unfitness } from './decide-approval.ts';
import { type Decision, happened, refused } from './decision.ts';
import { isEnded } from './phases.ts';
import { mergesByButton } from './pull-request-rule.ts';
import type { Environment, Rollout } from './rollout.ts';
import { environmentNamed, missingApprovals } from './rollout.ts';
import type { Wave } from './wave.ts';
import { isPastReturn } from './wave.ts';

/** A press that led to no merge by then does not merge anything later, when nobody thinks of it any more; in ms. */
export const pressGoodForMs = 15 * minute;

/** Where the policy leaves the moment to people: somebody wants the next wave's pull requests merged now. */
export function pressMerge(rollout: Rollout, command: CommandOf<'Merge'>): Decision {
  const { environment: name, by, may, now } = command;
  const environment = environmentNamed(rollout, name);
  if (environment === undefined || rollout.outcome !== undefined)
    return refused({ code: 'closed' });
  const unfit = unfitness(may);
  if (unfit !== undefined) return refusedOnRecord(environment, command, unfit);
  const stale = staleness(environment, command.ask);
  if (stale !== undefined) return refused(stale);
  const nothing = refused({ code: 'nothing-to-merge', environment: name });
  const wave = environment.waves.find(({ phase }) => phase.name !== 'complete');
  if (wave === undefined || !mergesByButton(environment.policy)) return nothing;
  const number = wave.parts.at(0)?.number;
  // Where people have merged one of several pull requests, the others still wait for somebody.
  if (isPastReturn(wave) && wave.phase.name !== 'pull-request') {
    const pullRequest = number === undefined ? {} : { pullRequest: number };
    return refused({ code: 'merge-under-way', environment: name, ...pullRequest });
  }
  const { ask } = environment;
  if (ask === undefined || !isMergeable(rollout, environment, wave)) return nothing;
  if (wave.pressed !== undefined && isPressed(environment, wave, now)) {
    const { by: who, at } = wave.pressed;
    return refused({ code: 'already-decided', environment: name, by: who, at });
  }
  const { name: of } = wave;
  return happened({
    type: 'MergeRequested',
    environment: name,
    wave: of,
    by,
    digest: ask.digest,
    at: now,
  });
}

/** Whether a press of Merge would lead to something: all approvals stand, and its pull requests are open. */
export function isMergeable(
  { paused, snoozed, rollback, outcome }: Rollout,
  environment: Environment,
  wave: Wave,
): boolean {
  const { phase, unapprovedMerge } = environment;
  if ((outcome ?? paused ?? snoozed ?? rollback ?? unapprovedMerge) !== undefined) return false;
  if (isEnded(phase) || (phase.name !== 'approved' && phase.name !== 'rolling')) return false;
  return wave.phase.name === 'pull-request' && missingApprovals(environment) === 0;
}

/** Whether somebody's press still counts: for this change, after the last approval of it, and not long ago. */
export function isPressed({ ask }: Environment, { pressed }: Wave, now: number): boolean {
  if (ask === undefined || pressed === undefined || pressed.digest !== ask.digest) return false;
  const decidedAt = Math.max(ask.at, ask.automatic?.at ?? 0, ...ask.grants.map(({ at }) => at));
  return pressed.at >= decidedAt && now < pressed.at + pressGoodForMs;
}
