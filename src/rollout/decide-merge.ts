import type { CommandOf } from './command.ts';
import { type Decision, happened, nothingHappened } from './decision.ts';
import type { Rollout, Wave } from './rollout.ts';
import { environmentNamed, isEnded, waveNamed } from './rollout.ts';

export function recordPullRequest(
  rollout: Rollout,
  command: CommandOf<'RecordPullRequest'>,
): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave === undefined || isEnded(wave.phase)) return nothingHappened;
  const known = wave.parts.find(({ repository }) => repository === command.repository);
  if (known?.number === command.number) return nothingHappened;
  const {
    environment,
    wave: name,
    repository,
    number,
    url,
    branch,
    headSha,
    before,
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
    at: now,
  });
}

export function recordRebase(rollout: Rollout, command: CommandOf<'RecordRebase'>): Decision {
  const part = partOf(rollout, command);
  if (part === undefined || part.headSha === command.headSha) return nothingHappened;
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
 * checked here again: the digest, enough approvals among those that still stand, nobody paused, the order of waves.
 */
export function startMerge(rollout: Rollout, command: CommandOf<'StartMerge'>): Decision {
  const environment = environmentNamed(rollout, command.environment);
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (environment === undefined || wave === undefined) return nothingHappened;
  if (wave.phase.name !== 'pull-request' && wave.phase.name !== 'merging') return nothingHappened;
  const { digest, parts, before, now } = command;
  const started = {
    type: 'MergeStarted' as const,
    environment: command.environment,
    wave: command.wave,
    parts: [...parts],
    digest,
    before: [...before],
    at: now,
  };
  if (!isWhole(wave, parts)) return nothingHappened;
  // The submitted modal was the approval of the way back; nothing that stops forward movement stops it.
  if (wave.recovery !== undefined) {
    if (wave.recovery.digest !== digest || rollout.rollback === undefined) return nothingHappened;
    return happened({ ...started, approvers: [rollout.rollback.by] });
  }
  if (rollout.outcome !== undefined || rollout.paused !== undefined) return nothingHappened;
  if (rollout.rollback !== undefined || rollout.snoozed !== undefined) return nothingHappened;
  if (environment.policy.mode !== 'merge' || isEnded(environment.phase)) return nothingHappened;
  const { ask } = environment;
  if (ask === undefined || ask.digest !== digest) return nothingHappened;
  const standing = ask.grants.filter(({ by }) => command.approversNow.includes(by));
  if (standing.length < environment.policy.approval.count) return nothingHappened;
  const earlier = environment.waves.slice(0, environment.waves.indexOf(wave));
  if (!earlier.every(({ phase }) => phase.name === 'complete')) return nothingHappened;
  return happened({ ...started, approvers: standing.map(({ by }) => by) });
}

/** Back out of a decided merge that was not made; people can say no again. */
export function holdMerge(rollout: Rollout, command: CommandOf<'HoldMerge'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave?.phase.name !== 'merging') return nothingHappened;
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
  const environment = environmentNamed(rollout, command.environment);
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (part === undefined || environment === undefined || wave === undefined) return nothingHappened;
  if (part.mergeSha !== undefined) return nothingHappened;
  const approved =
    wave.recovery !== undefined ||
    wave.phase.name === 'merging' ||
    (!isEnded(environment.phase) &&
      environment.ask !== undefined &&
      environment.ask.grants.length >= environment.policy.approval.count);
  return happened({
    type: 'PullRequestMerged',
    environment: command.environment,
    wave: command.wave,
    repository: command.repository,
    number: command.number,
    mergeSha: command.mergeSha,
    by: command.mergedBy,
    approved,
    at: command.now,
  });
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

export function recordClosed(rollout: Rollout, command: CommandOf<'RecordClosed'>): Decision {
  const part = partOf(rollout, command);
  if (part === undefined || part.closedBy !== undefined || part.mergeSha !== undefined) {
    return nothingHappened;
  }
  const { environment, wave, repository, number, closedBy, now } = command;
  return happened({
    type: 'PullRequestClosed',
    environment,
    wave,
    repository,
    number,
    by: closedBy,
    at: now,
  });
}

/** The pin was moved by somebody else: Amiable yields and never fights Git. */
export function recordOvertaken(rollout: Rollout, command: CommandOf<'RecordOvertaken'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave === undefined || isEnded(wave.phase)) return nothingHappened;
  if (wave.phase.name !== 'waiting' && wave.phase.name !== 'pull-request') return nothingHappened;
  const { environment, wave: name, byWhom, detail, now } = command;
  return happened({ type: 'PinOvertaken', environment, wave: name, by: byWhom, detail, at: now });
}

/** Every repository of the wave is there, with the heads that were verified. */
function isWhole(wave: Wave, parts: CommandOf<'StartMerge'>['parts']): boolean {
  return wave.repositories.every((repository) => {
    const known = wave.parts.find((part) => part.repository === repository);
    const named = parts.find((part) => part.repository === repository);
    if (known?.mergeSha !== undefined) return true;
    return known !== undefined && named?.number === known.number && named.headSha === known.headSha;
  });
}

function partOf(
  rollout: Rollout,
  {
    environment,
    wave,
    repository,
    number,
  }: CommandOf<'RecordMerge' | 'RecordClosed' | 'RecordRebase'>,
) {
  const found = waveNamed(rollout, environment, wave);
  return [...(found?.parts ?? []), ...(found?.abandoned ?? [])].find(
    (part) => part.repository === repository && part.number === number,
  );
}
