import type { Digest, RepositoryName, SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { MergeHold, RunningBefore } from './merge-events.ts';
import type { WavePhase } from './phases.ts';

/** A pull request of a wave in one repository. */
export type Part = {
  readonly repository: RepositoryName;
  readonly number: number;
  readonly url: string;
  readonly branch: string;
  readonly headSha: string;
  readonly mergeSha?: string;
  readonly mergedBy?: string;
  /** The branch it was merged to, where that is not the one the pins are read from. */
  readonly into?: string;
  readonly closedBy?: string;
  /** In GitHub's merge queue since; gone again when it was taken out. */
  readonly queuedAt?: Instant;
  /** The change it was opened for. */
  readonly digest?: Digest;
  /** Of a pull request that was given up: what ran when it was opened. */
  readonly before?: readonly RunningBefore[];
};

/** Clusters of an environment that move together, and what became of them. */
export type Wave = {
  readonly environment: string;
  readonly name: string;
  readonly clusters: readonly string[];
  /** Only these EC2NodeClasses of them; absent: all, but those of `otherThan`. */
  readonly nodeClasses?: readonly string[];
  readonly otherThan?: readonly string[];
  readonly phase: WavePhase;
  /** Repositories that get a pull request; known once it was asked. */
  readonly repositories: readonly RepositoryName[];
  readonly parts: readonly Part[];
  /** Pull requests of earlier asks, which no longer stand: to be closed. */
  readonly abandoned: readonly Part[];
  /** What ran before, recorded at the point of no return. */
  readonly before: readonly RunningBefore[];
  /** The change its pull requests carry; known once one is open. */
  readonly digest?: Digest;
  readonly startedAt?: Instant;
  /** Healthy time of its own, in ms. */
  readonly soakMs?: number;
  /** Its window ended while it moved. */
  readonly windowEndedAt?: Instant;
  /** People were asked whether to go on without its tail. */
  readonly tailAsked?: true;
  /** Checks that halted it once: somebody who resumed knows of them. */
  readonly haltedBy?: readonly string[];
  /** When it was halted last; a pause that began later is somebody's own. */
  readonly haltedAt?: Instant;
  /** Somebody wants it merged now, and may; gone again when the merge was held. */
  readonly pressed?: { readonly by: SlackUserId; readonly at: Instant; readonly digest: Digest };
  /** When its merge was decided; gone again when the merge was held. */
  readonly decidedAt?: Instant;
  /** `soak`: all nodes were there, and one of them did not stay well. */
  readonly stalled?: {
    readonly since: Instant;
    readonly blockers: readonly string[];
    readonly soak?: true;
  };
  /** Set on the way back: what it returns to, the change that does it, and who asked for it. */
  readonly recovery?: { readonly to: string; readonly digest: Digest; readonly by: SlackUserId };
  /** A merge that was decided and not made. */
  readonly held?: { readonly because: MergeHold; readonly at: Instant; readonly detail?: string };
  /** How often its merge was held: each time the next attempt waits longer. */
  readonly holds?: number;
};

/** Whether the wave's merge was decided, or made: from here on a *no* comes too late and *roll back* is the way. */
export function isPastReturn(wave: Wave): boolean {
  return wave.phase.name === 'merging' || hasMergedPart(wave);
}

/** Its merge was decided, and waits in GitHub's merge queue: it can still be taken out. */
export function isQueued(wave: Wave): boolean {
  const waits = wave.parts.some(({ queuedAt }) => queuedAt !== undefined);
  return wave.phase.name === 'merging' && waits && !hasMergedPart(wave);
}

/** Whether any pull request of the wave is merged. */
export function hasMergedPart({ parts }: Wave): boolean {
  return parts.some(({ mergeSha }) => mergeSha !== undefined);
}

/** Whether the wave has yet to be merged, in part or whole, and no merge was decided. */
export function isToMerge({ phase }: Wave): boolean {
  return phase.name === 'waiting' || phase.name === 'pull-request';
}

/** Some of its pull requests are merged by hand and some are not: there is no way out but on, or back. */
export function isHalfMerged(wave: Wave): boolean {
  return isToMerge(wave) && hasMergedPart(wave);
}
