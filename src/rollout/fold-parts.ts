import type { Digest } from '../shared/ids.ts';
import type { EventOf } from './events.ts';
import { changedWave, isPart, withEnvironment, withPart } from './fold.ts';
import { closedBy } from './fold-ends.ts';
import { givenUp } from './fold-waves.ts';
import { isEnded } from './phases.ts';
import { mergesInGitHub } from './pull-request-rule.ts';
import type { Rollout } from './rollout.ts';
import type { Part, Wave } from './wave.ts';

/** A pull request of the wave; one that came too late, or for an ask that fell meanwhile, is to be closed. */
export function pullRequestOpened(rollout: Rollout, event: EventOf<'PullRequestOpened'>): Rollout {
  return withEnvironment(rollout, event.environment, (environment) =>
    changedWave(environment, event.wave, (wave) =>
      openedIn(wave, event, wave.recovery?.digest ?? environment.ask?.digest),
    ),
  );
}

function openedIn(
  wave: Wave,
  event: EventOf<'PullRequestOpened'>,
  standing: Digest | undefined,
): Wave {
  const { repository, number, url, branch, headSha, at } = event;
  const before = event.before ?? [];
  const digest = event.digest ?? standing;
  const part: Part = {
    repository,
    number,
    url,
    branch,
    headSha,
    ...(digest === undefined ? {} : { digest }),
  };
  const known = wave.parts.find((one) => one.repository === repository);
  const open = wave.phase.name === 'waiting' || wave.phase.name === 'pull-request';
  if (digest === undefined || digest !== standing || !open || known?.mergeSha !== undefined) {
    return { ...wave, abandoned: [...wave.abandoned, { ...part, before }] };
  }
  return {
    ...wave,
    startedAt: wave.startedAt ?? at,
    phase: { name: 'pull-request' },
    parts: [...wave.parts.filter((one) => one !== known), part],
    // Somebody else's is one and the same, ask after ask.
    abandoned: [...wave.abandoned, ...(known === undefined ? [] : [known])].filter(
      (one) => !isPart(part)(one),
    ),
    before: wave.before.length > 0 ? wave.before : before,
    digest,
  };
}

/** A merge is a fact, whatever became of the wave: it is followed, unless its clusters are on the way back. */
export function pullRequestMerged(rollout: Rollout, event: EventOf<'PullRequestMerged'>): Rollout {
  return withEnvironment(rollout, event.environment, (environment) => {
    const changed = changedWave(environment, event.wave, (wave) => mergedIn(wave, event));
    const rolls = changed.waves.some(
      ({ name, phase }) => name === event.wave && phase.name === 'merged',
    );
    // Where merging on GitHub is the approval, the first of several pull requests has given it.
    const approves = event.approved && mergesInGitHub(environment.policy);
    return {
      ...changed,
      ...((rolls || approves) && !isEnded(environment.phase) ? { phase: { name: 'rolling' } } : {}),
      ...(event.approved ? {} : { unapprovedMerge: { by: event.by, at: event.at } }),
    };
  });
}

function mergedIn(before: Wave, event: EventOf<'PullRequestMerged'>): Wave {
  const merged = withPart(before, event, (part) => ({
    ...part,
    mergeSha: event.mergeSha,
    mergedBy: event.by,
    ...(event.into === undefined ? {} : { into: event.into }),
  }));
  const wave = restored(merged, givenUp(before), event);
  const whole = wave.repositories.every((name) =>
    wave.parts.some((part) => part.repository === name && part.mergeSha !== undefined),
  );
  return whole && mayBegin(wave) ? { ...wave, phase: { name: 'merged', since: event.at } } : wave;
}

/**
 * Somebody merged a pull request that was given up: where it is all the wave has to do, the wave is that pull request,
 * and what it brought is looked at and followed.
 */
function restored(
  wave: Wave,
  replaced: readonly Part[],
  event: EventOf<'PullRequestMerged'>,
): Wave {
  const part = wave.abandoned.find(isPart(event));
  const alone = wave.repositories.every((name) => name === event.repository);
  if (part === undefined || !alone || !mayBegin(wave)) return wave;
  const { digest: _, ...rest } = wave;
  return {
    ...rest,
    parts: [part],
    abandoned: [...wave.abandoned.filter((one) => one !== part), ...replaced],
    before: part.before ?? [],
    ...(part.digest === undefined ? {} : { digest: part.digest }),
  };
}

function mayBegin({ phase }: Wave): boolean {
  switch (phase.name) {
    case 'waiting':
    case 'pull-request':
    case 'merging':
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'superseded':
    case 'withdrawn':
    case 'overtaken':
      return true;
    case 'merged':
    case 'syncing':
    case 'replacing':
    case 'soaking':
    case 'complete':
    case 'failed':
    case 'rolled-back':
      return false;
  }
}

/** A pull request that somebody closed ends its environment, or its way back; one that was given up is just tidied. */
export function pullRequestClosed(rollout: Rollout, event: EventOf<'PullRequestClosed'>): Rollout {
  return withEnvironment(rollout, event.environment, (environment) => {
    const closed = changedWave(environment, event.wave, (wave) => {
      const told = withPart(wave, event, (part) => ({ ...part, closedBy: event.by }));
      const ends = wave.parts.some(isPart(event)) && !isEnded(wave.phase);
      return ends ? { ...told, phase: { name: 'closed', at: event.at } } : told;
    });
    return closedBy(closed, event.at);
  });
}
