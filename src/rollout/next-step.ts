import type { Instant } from '../shared/time.ts';
import { minute, second } from '../shared/time.ts';
import { automaticApproval } from './automatic.ts';
import { brakeOrders } from './brake.ts';
import { expeditesByPolicy, isWindowLifted } from './expedite.ts';
import { closesAt, mergeHours } from './merge-hours.ts';
import { isEnded } from './phases.ts';
import { laterOnes, mayStart } from './promotion.ts';
import { opensEarly, peopleMerge } from './pull-request-rule.ts';
import type { Environment, Rollout } from './rollout.ts';
import { environmentNamed, isSettled } from './rollout.ts';
import type { Step } from './step.ts';
import { stepKey } from './step.ts';
import { approvalsEndAt, remindAt, windowEndOf } from './times.ts';
import type { Wave } from './wave.ts';
import { isHalfMerged, isQueued, isToMerge } from './wave.ts';
import {
  earlyPullRequest,
  followSteps,
  openPullRequests,
  pullRequestSteps,
  unwanted,
} from './wave-steps.ts';

/** How long after a look without news the next one comes, in ms, by what is looked at. */
export const lookAfter = {
  'recheck-ask': 5 * minute,
  'advance-pull-request': 20 * second,
  'watch-delivery': 15 * second,
  'watch-replacement': 15 * second,
  'watch-soak': 30 * second,
  brake: 15 * second,
} as const;

/** A person has to do something; the look keeps the card true meanwhile, and sees what was done by hand. */
const waitForPeople = 5 * minute;

/** A step that failed, or found nothing to record, is tried again after this long. */
const tryAgainAfter = 30 * second;

/**
 * The one thing to do next. Total: whatever the state, it names a step or the time to look again.
 * @param looked keys of the steps this look has done already; each is done once a look.
 */
export function nextStep(
  rollout: Rollout,
  now: Instant,
  looked: ReadonlySet<string> = new Set(),
): Step {
  const wanted = stepsOf(rollout, now);
  const step = wanted.find(
    (candidate) => candidate.do !== 'look-again' && !looked.has(stepKey(candidate)),
  );
  if (step !== undefined) return step;
  if (wanted.length === 0) return { do: 'rest' };
  const times = wanted.map((waiting) => lookAt(waiting, now, waitsForPeople(rollout, waiting)));
  return { do: 'look-again', at: Math.max(now + second, Math.min(...times)) };
}

/** Nothing is merged before people did something; a pull request is only looked at for what others do. */
function waitsForPeople(rollout: Rollout, step: Step): boolean {
  if (step.do !== 'advance-pull-request') return false;
  const { snoozed, paused, rollback } = rollout;
  if (rollback !== undefined) return false;
  if (snoozed !== undefined || paused !== undefined) return true;
  const environment = environmentNamed(rollout, step.environment);
  return environment?.phase.name === 'awaiting-approval' && opensEarly(environment.policy);
}

/** When a step that was done in this look is due again. */
function lookAt(step: Step, now: Instant, forPeople: boolean): Instant {
  if (forPeople) return now + waitForPeople;
  switch (step.do) {
    case 'look-again':
      return step.at;
    case 'recheck-ask':
    case 'advance-pull-request':
    case 'watch-delivery':
    case 'watch-replacement':
    case 'watch-soak':
    case 'brake':
      return now + lookAfter[step.do];
    case 'analyse':
      return now + minute;
    case 'ask-later':
      return now + lookAfter['recheck-ask'];
    case 'approve-automatically':
    case 'expedite-by-policy':
    case 'void-for-risk':
    case 'remind':
    case 'expire-approvals':
    case 'end-window':
    case 'ask':
    case 'expire':
    case 'end-snooze':
    case 'open-pull-request':
    case 'finish-merge':
    case 'verify-merge':
    case 'close-pull-request':
    case 'close':
    case 'rest':
      return now + tryAgainAfter;
  }
}

/** Everything that could be done now, the most urgent first. Empty: nothing ever again. */
function stepsOf(rollout: Rollout, now: Instant): readonly Step[] {
  const tidying = rollout.environments.flatMap(unwanted);
  const following = rollout.environments
    .flatMap(({ waves }) => waves)
    .flatMap((wave) => followSteps(wave));
  // Whatever is stopped stays so, and whatever ends lets go.
  const braking = brakeOrders(rollout).map(({ cluster }): Step => ({ do: 'brake', cluster }));
  if (rollout.outcome !== undefined) return [...braking, ...following, ...tidying];
  // While a snooze or a way back stops all that goes forward, GitHub's queue would go on.
  const queued = rollout.environments.flatMap(queuedSteps);
  // Nothing waits for the analysis, the end least of all.
  if (isSettled(rollout)) return [...tidying, { do: 'close' }];
  const recovering = recoverySteps(rollout);
  const forward = rollout.rollback === undefined ? forwardSteps(rollout, now) : [];
  const analysing: readonly Step[] = rollout.analysis === 'pending' ? [{ do: 'analyse' }] : [];
  const steps = [
    ...braking,
    ...queued,
    ...recovering,
    ...following,
    ...tidying,
    ...analysing,
    ...forward,
  ];
  return steps.length === 0 ? [people(now)] : steps;
}

/** What waits in GitHub's queue may wait for hours, while people hold, mark or edit what it would move. */
function queuedSteps({ policy: { name }, waves }: Environment): readonly Step[] {
  const steps = waves.filter(isQueued).flatMap(pullRequestSteps);
  return steps.length === 0 ? [] : [{ do: 'recheck-ask', environment: name }, ...steps];
}

/** The way back, in reverse promotion order: an environment follows when those after it are merged. */
function recoverySteps(rollout: Rollout): readonly Step[] {
  return rollout.environments.flatMap(({ policy, recoveries }) => {
    const later = laterOnes(rollout, policy.name);
    const first = rollout.environments.some(
      (other) => later.has(other.policy.name) && other.recoveries.some(isUnmerged),
    );
    return recoveries.flatMap((wave) => [
      ...(first ? [] : pullRequestSteps(wave)),
      ...followSteps(wave),
    ]);
  });
}

function isUnmerged({ phase }: Wave): boolean {
  return phase.name === 'waiting' || phase.name === 'pull-request' || phase.name === 'merging';
}

function forwardSteps(rollout: Rollout, now: Instant): readonly Step[] {
  const { snoozed } = rollout;
  if (snoozed !== undefined) {
    if (snoozed.until <= now) return [{ do: 'end-snooze' }];
    const seen = rollout.environments.flatMap(openPullRequests);
    return [...seen, { do: 'look-again', at: snoozed.until }];
  }
  return rollout.environments.flatMap((environment) => environmentSteps(rollout, environment, now));
}

function environmentSteps(
  rollout: Rollout,
  environment: Environment,
  now: Instant,
): readonly Step[] {
  const { policy, phase, ask } = environment;
  const { name } = policy;
  if (isEnded(phase)) return [];
  switch (phase.name) {
    case 'waiting':
      if (!mayStart(rollout, environment)) return [];
      // Pausing stops new asks too: nobody is asked for what will not be done.
      if (rollout.paused !== undefined) return [people(now)];
      return [...expediteSteps(rollout, environment), ...askSteps(environment, now)];
    case 'awaiting-approval': {
      if (ask === undefined) return [];
      if (ask.expiresAt <= now) return [{ do: 'expire', environment: name }];
      return [
        ...expediteSteps(rollout, environment),
        ...validitySteps(environment, now),
        ...(automaticApproval(rollout, environment) === undefined
          ? reminderSteps(environment, now)
          : [{ do: 'approve-automatically', environment: name } as const]),
        // First what became of open pull requests: a merge by hand explains why the pins are not what they were.
        ...openPullRequests(environment),
        { do: 'recheck-ask', environment: name },
        ...earlyPullRequest(rollout, environment),
        ...hoursSteps(environment, now),
        { do: 'look-again', at: ask.expiresAt },
      ];
    }
    case 'approved':
    case 'rolling': {
      const wave = environment.waves.find((candidate) => candidate.phase.name !== 'complete');
      if (wave === undefined) return [];
      const seen = [
        ...expediteSteps(rollout, environment),
        ...validitySteps(environment, now),
        ...windowSteps(rollout, environment, now),
        ...openPullRequests(environment),
      ];
      if (wave.phase.name !== 'waiting' && wave.phase.name !== 'pull-request') {
        return [...seen, ...pullRequestSteps(wave)];
      }
      // What is not merged yet may have changed, and its rules too, however long ago the first wave was.
      const gate: Step = { do: 'recheck-ask', environment: name };
      const stopped = rollout.paused !== undefined || environment.unapprovedMerge !== undefined;
      if (stopped || !mayStart(rollout, environment)) {
        return [...seen, gate, people(now)];
      }
      return [...seen, gate, ...pullRequestSteps(wave)];
    }
  }
}

/** Asks now, or, where it was too early, looks from time to time whether the rules still say so. */
function askSteps({ policy: { name }, deferred }: Environment, now: Instant): readonly Step[] {
  if (deferred === undefined || deferred.until <= now) return [{ do: 'ask', environment: name }];
  return [
    { do: 'ask-later', environment: name },
    { do: 'look-again', at: deferred.until },
  ];
}

function expediteSteps(rollout: Rollout, environment: Environment): readonly Step[] {
  return expeditesByPolicy(rollout, environment)
    ? [{ do: 'expedite-by-policy', environment: environment.policy.name }]
    : [];
}

function reminderSteps(environment: Environment, now: Instant): readonly Step[] {
  const at = remindAt(environment);
  if (at === undefined) return [];
  return at <= now
    ? [{ do: 'remind', environment: environment.policy.name }]
    : [{ do: 'look-again', at }];
}

/** Approvals that were given when less was known, or grow too old before everything is merged on them. */
function validitySteps(environment: Environment, now: Instant): readonly Step[] {
  const { ask, waves, policy } = environment;
  const late = waves.some((wave) => wave.phase.name === 'merging' || isHalfMerged(wave));
  if (ask?.doubted !== undefined && !late && waves.some(isToMerge)) {
    return [{ do: 'void-for-risk', environment: policy.name }];
  }
  const at = approvalsEndAt(environment);
  if (at === undefined || !environment.waves.some(isToMerge)) return [];
  return at <= now
    ? [{ do: 'expire-approvals', environment: environment.policy.name }]
    : [{ do: 'look-again', at }];
}

/** The end of a window under a wave that moves, and the start of the next for one that waits for it. */
function windowSteps(rollout: Rollout, environment: Environment, now: Instant): readonly Step[] {
  const ends = environment.waves.flatMap((wave): readonly Step[] => {
    const at = windowEndOf(rollout, environment, wave);
    if (at === undefined) return [];
    const { environment: name, name: of } = wave;
    return at <= now
      ? [{ do: 'end-window', environment: name, wave: of }]
      : [{ do: 'look-again', at }];
  });
  return [...ends, ...hoursSteps(environment, now)];
}

/** When the clock lets a waiting wave be merged, or no longer: what people may merge on our status must turn by then. */
function hoursSteps(environment: Environment, now: Instant): readonly Step[] {
  const { policy, waves } = environment;
  if (!waves.some(({ phase }) => phase.name === 'pull-request')) return [];
  const of = { bypass: isWindowLifted(environment) };
  const hours = mergeHours(policy, now, of);
  const at = hours.open
    ? peopleMerge(policy)
      ? closesAt(policy, now, of)
      : undefined
    : hours.opensAt;
  return at === undefined ? [] : [{ do: 'look-again', at }];
}

function people(now: Instant): Step {
  return { do: 'look-again', at: now + waitForPeople };
}
