import type { Instant } from '../shared/time.ts';
import { hour, minute, second } from '../shared/time.ts';
import { shortOf } from './approval-sets.ts';
import type { CommandOf } from './command.ts';
import { isPressed } from './decide-press.ts';
import { type Decision, happened, nothingHappened } from './decision.ts';
import { isWindowLifted } from './expedite.ts';
import { isPart } from './fold.ts';
import { type Closed, mergeHours } from './merge-hours.ts';
import { isEnded } from './phases.ts';
import { mayStart } from './promotion.ts';
import { mergesByButton, mergesInGitHub } from './pull-request-rule.ts';
import type { Environment, Rollout } from './rollout.ts';
import { environmentNamed, missingApprovals, waveNamed } from './rollout.ts';
import { approvalsOver } from './times.ts';
import type { Part, Wave } from './wave.ts';
import { hasMergedPart } from './wave.ts';

/** A pull request of ours, or the one it is about, stands: said once, and also of one that came too late. */
export function recordPullRequest(
  rollout: Rollout,
  command: CommandOf<'RecordPullRequest'>,
): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  // A wave that ended meanwhile takes it too: what is not on record would never be closed.
  if (wave === undefined) return nothingHappened;
  // What is somebody else's is looked after again when it is asked about again.
  const known =
    rollout.theirs === undefined ? partOf(rollout, command) : wave.parts.find(isPart(command));
  if (known !== undefined) return nothingHappened;
  const {
    environment,
    wave: name,
    repository,
    number,
    url,
    branch,
    headSha,
    before,
    digest,
    now,
  } = command;
  return happened({
    type: 'PullRequestOpened',
    environment,
    wave: name,
    repository,
    number,
    url,
    branch,
    headSha,
    before: [...before],
    ...(digest === undefined ? {} : { digest }),
    at: now,
  });
}

/** The same change on a newer base: another head, and nobody is asked anew. */
export function recordRebase(rollout: Rollout, command: CommandOf<'RecordRebase'>): Decision {
  const part = partOf(rollout, command);
  if (part === undefined || part.headSha === command.headSha) return nothingHappened;
  if (part.mergeSha !== undefined || part.closedBy !== undefined) return nothingHappened;
  const { environment, wave, repository, number, headSha, now } = command;
  return happened({
    type: 'ChangeRebased',
    environment,
    wave,
    repository,
    number,
    headSha,
    at: now,
  });
}

/**
 * The point of no return. What must hold was looked at by the caller in this very look; what the record can know is
 * checked here again: the digest, enough approvals among those that still stand, nothing stopped, the promotion order.
 */
export function startMerge(rollout: Rollout, command: CommandOf<'StartMerge'>): Decision {
  const environment = environmentNamed(rollout, command.environment);
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (environment === undefined || wave === undefined) return nothingHappened;
  // Of two that come to it at the same instant, one starts it.
  if (wave.phase.name !== 'pull-request') return nothingHappened;
  const { digest, parts, before, now } = command;
  if (now < notBefore(wave)) return nothingHappened;
  const started = {
    type: 'MergeStarted' as const,
    environment: command.environment,
    wave: command.wave,
    parts: [...parts],
    digest,
    before: [...before],
    ...(command.expected === undefined ? {} : { expected: roundedUp(command.expected) }),
    at: now,
  };
  if (!isWhole(wave, parts)) return nothingHappened;
  // The submitted modal was the approval of the way back; nothing that stops forward movement stops it.
  if (wave.recovery !== undefined) {
    if (wave.recovery.digest !== digest) return nothingHappened;
    return happened({ ...started, approvers: [wave.recovery.by] });
  }
  if (rollout.outcome !== undefined || rollout.paused !== undefined) return nothingHappened;
  if (rollout.rollback !== undefined || rollout.snoozed !== undefined) return nothingHappened;
  const { ask, phase, policy } = environment;
  if (policy.mode !== 'merge' || mergesInGitHub(policy)) return nothingHappened;
  if (phase.name !== 'approved' && phase.name !== 'rolling') return nothingHappened;
  if (environment.unapprovedMerge !== undefined) return nothingHappened;
  if (!mayStart(rollout, environment)) return nothingHappened;
  if (ask === undefined || ask.digest !== digest) return nothingHappened;
  // What is half merged has no way out but on.
  if (ask.doubted !== undefined && !hasMergedPart(wave)) return nothingHappened;
  const over = approvalsOver(environment, now);
  const votes = ask.grants
    .filter((grant) => command.approversNow.includes(grant.by) && !over.includes(grant))
    .map(({ by, sets }) => ({
      by,
      sets: command.setsNow?.find((one) => one.by === by)?.sets ?? sets,
    }));
  if (ask.automatic === undefined && shortOf(policy.approval, votes) > 0) return nothingHappened;
  if (closedTo(environment, command) !== undefined) return nothingHappened;
  if (mergesByButton(policy) && !isPressed(environment, wave, now)) return nothingHappened;
  const earlier = environment.waves.slice(0, environment.waves.indexOf(wave));
  if (!earlier.every((one) => one.phase.name === 'complete')) return nothingHappened;
  return happened({ ...started, approvers: [...new Set(votes.map(({ by }) => by))] });
}

/** Nobody knows it to the second. */
function roundedUp({ p50Ms, p80Ms }: { readonly p50Ms: number; readonly p80Ms: number }) {
  const up = (ms: number) => Math.ceil(ms / minute) * minute;
  return { p50Ms: up(p50Ms), p80Ms: up(p80Ms) };
}

/** What the clock says against a forward merge now. */
function closedTo(
  environment: Environment,
  { now, freezes, forecastMs }: CommandOf<'StartMerge'>,
): Closed | undefined {
  const { policy } = environment;
  const rules = { ...policy, ...(freezes === undefined ? {} : { freezes: [...freezes] }) };
  const hours = mergeHours(rules, now, {
    bypass: isWindowLifted(environment),
    ...(forecastMs === undefined ? {} : { forecastMs }),
  });
  return hours.open ? undefined : hours;
}

/** It waits in GitHub's merge queue. */
export function recordEnqueued(rollout: Rollout, command: CommandOf<'RecordEnqueued'>): Decision {
  const { environment, wave, repository, number, headSha, now } = command;
  const part = partOf(rollout, command);
  if (waveNamed(rollout, environment, wave)?.phase.name !== 'merging') return nothingHappened;
  if (part?.headSha !== headSha || part.queuedAt !== undefined) return nothingHappened;
  if (part.mergeSha !== undefined) return nothingHappened;
  const of = { environment, wave, repository, number };
  return happened({ type: 'PullRequestEnqueued', ...of, headSha, at: now });
}

/** After so many refusals in a row a merge is tried once an hour. */
const manyHolds = 100;

/** A merge that GitHub refuses is tried less and less often: each try is two facts for ever. */
function notBefore({ held, holds = 0, recovery }: Wave): Instant {
  // Its checks failed there, or somebody took it out: in again at once, it would hold up everybody else in the queue.
  if (held?.because === 'dequeued') return held.at + Math.min(10 * minute * 2 ** holds, 6 * hour);
  if (held?.because !== 'refused') return 0;
  const soon = recovery === undefined ? 10 * minute : minute;
  // GitHub takes a thousand statuses a commit, and who has not come by now sleeps.
  const longest = holds < manyHolds ? soon : hour;
  return held.at + Math.min(10 * second * 2 ** holds, longest);
}

/** Back out of a decided merge that was not made; people can say no again. */
export function holdMerge(rollout: Rollout, command: CommandOf<'HoldMerge'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  // Where a part has merged there is no way out but on.
  if (wave?.phase.name !== 'merging' || hasMergedPart(wave)) return nothingHappened;
  const { environment, wave: name, because, detail, now } = command;
  return happened({
    type: 'MergeHeld',
    environment,
    wave: name,
    because,
    ...(detail === undefined ? {} : { detail }),
    at: now,
  });
}

/** A merge is a fact, whoever made it; `approved` says whether the policy's approvals stood. */
export function recordMerge(rollout: Rollout, command: CommandOf<'RecordMerge'>): Decision {
  const part = partOf(rollout, command);
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (part === undefined || wave === undefined) return nothingHappened;
  if (part.mergeSha !== undefined) return nothingHappened;
  const byHand = wave.recovery === undefined && wave.decidedAt === undefined;
  const approved =
    wave.recovery !== undefined ||
    (wave.phase.name !== 'rejected' &&
      wave.parts.includes(part) &&
      (wave.decidedAt !== undefined || isApproved(rollout, wave)));
  return happened({
    type: 'PullRequestMerged',
    environment: command.environment,
    wave: command.wave,
    repository: command.repository,
    number: command.number,
    mergeSha: command.mergeSha,
    by: command.mergedBy,
    ...(command.person === undefined ? {} : { person: command.person }),
    approved,
    ...(byHand ? { byHand } : {}),
    ...(command.into === undefined ? {} : { into: command.into }),
    at: command.now,
  });
}

/** Whether the policy's approvals stand for what the wave's pull requests carry. */
function isApproved(rollout: Rollout, wave: Wave): boolean {
  const environment = environmentNamed(rollout, wave.environment);
  if (environment?.ask === undefined || isEnded(wave.phase)) return false;
  return environment.ask.digest === wave.digest && missingApprovals(environment) === 0;
}

/** After the merge: what landed is what was approved, or nothing goes on by itself. */
export function recordVerified(rollout: Rollout, command: CommandOf<'RecordVerified'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave?.phase.name !== 'merged') return nothingHappened;
  const { environment, wave: name, differs, now } = command;
  return differs === undefined
    ? happened({ type: 'MergeVerified', environment, wave: name, at: now })
    : happened({ type: 'MergeDiffers', environment, wave: name, detail: differs, at: now });
}

/** Closed without a merge, by us or by somebody else; or our say in it has ended. */
export function recordClosed(rollout: Rollout, command: CommandOf<'RecordClosed'>): Decision {
  const part = partOf(rollout, command);
  if (part === undefined || part.closedBy !== undefined || part.mergeSha !== undefined) {
    return nothingHappened;
  }
  const { environment, wave, repository, number, closedBy, leftOpen, now } = command;
  return happened({
    type: 'PullRequestClosed',
    environment,
    wave,
    repository,
    number,
    by: closedBy,
    ...(leftOpen === undefined ? {} : { leftOpen }),
    at: now,
  });
}

/** The pin was moved by somebody else: Amiable yields and never fights Git. */
export function recordOvertaken(rollout: Rollout, command: CommandOf<'RecordOvertaken'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave?.phase.name !== 'waiting' && wave?.phase.name !== 'pull-request') return nothingHappened;
  const { environment, wave: name, byWhom, detail, now } = command;
  return happened({ type: 'PinOvertaken', environment, wave: name, by: byWhom, detail, at: now });
}

/** Every repository of the wave is there, and what is still open is exactly what was verified, head by head. */
function isWhole(wave: Wave, parts: CommandOf<'StartMerge'>['parts']): boolean {
  const open = wave.parts.filter(({ mergeSha }) => mergeSha === undefined);
  return (
    wave.repositories.every((name) => wave.parts.some(({ repository }) => repository === name)) &&
    parts.length === open.length &&
    open.every((part) =>
      parts.some((named) => isPart(part)(named) && named.headSha === part.headSha),
    )
  );
}

function partOf(
  rollout: Rollout,
  {
    environment,
    wave,
    repository,
    number,
  }: CommandOf<
    'RecordPullRequest' | 'RecordEnqueued' | 'RecordMerge' | 'RecordClosed' | 'RecordRebase'
  >,
): Part | undefined {
  const found = waveNamed(rollout, environment, wave);
  return [...(found?.parts ?? []), ...(found?.abandoned ?? [])].find(
    isPart({ repository, number }),
  );
}
