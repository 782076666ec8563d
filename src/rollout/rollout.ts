import type { Digest, ReleaseId, RolloutId, SlackGroupId, SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { DeferReason, VoidReason } from './approval-events.ts';
import { shortOf } from './approval-sets.ts';
import type { ClosedOutcome } from './ending-events.ts';
import type { RiskLevel, StoredAnalysis, Theirs } from './opening-events.ts';
import type { OpeningView } from './opening-view.ts';
import type { EnvironmentPhase } from './phases.ts';
import { isEnded } from './phases.ts';
import type { EnvironmentPlan } from './plan.ts';
import type { EnvironmentPolicy } from './policy.ts';
import { mergesInGitHub } from './pull-request-rule.ts';
import type { Wave } from './wave.ts';
import { isPastReturn, isQueued } from './wave.ts';

/** One approval that stands. */
export type Grant = {
  readonly by: SlackUserId;
  readonly at: Instant;
  readonly note?: string;
  /** Sets of the rule this person is in. */
  readonly sets?: readonly number[];
  /** Groups this person was in at the click, of those that are looked at then only. */
  readonly atClick?: readonly SlackGroupId[];
};

/** The ask that is open, or was answered. */
export type Ask = {
  readonly number: number;
  readonly digest: Digest;
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly grants: readonly Grant[];
  /** The policy itself approved it. */
  readonly automatic?: { readonly because: 'always' | 'low-risk'; readonly at: Instant };
  readonly remindedAt?: Instant;
  /** What became known after it was approved, and makes the release riskier: it is to be asked again. */
  readonly doubted?: string;
  readonly pins: number;
  readonly unproven: readonly string[];
};

export type Environment = {
  readonly policy: EnvironmentPolicy;
  readonly replaces: EnvironmentPlan['replaces'];
  readonly phase: EnvironmentPhase;
  /** Forward waves, in order. */
  readonly waves: readonly Wave[];
  /** Waves on the way back. */
  readonly recoveries: readonly Wave[];
  /** Asks so far; the next one is one higher. */
  readonly asks: number;
  readonly ask?: Ask;
  /** Why people are not asked yet, and until when. */
  readonly deferred?: { readonly until: Instant; readonly because: DeferReason };
  /** The fast lane: who asked for it, and since when it is open. */
  readonly expedite?: {
    readonly requests: readonly { readonly by: SlackUserId; readonly reason: string }[];
    readonly open?: {
      readonly by: readonly SlackUserId[];
      readonly fixes: readonly string[];
      readonly at: Instant;
    };
  };
  /** Why the last approvals no longer stand. */
  readonly voided?: {
    readonly because: VoidReason;
    readonly at: Instant;
    readonly detail?: string;
  };
  readonly rejected?: { readonly by: SlackUserId; readonly reason: string; readonly at: Instant };
  /** Merged by somebody without the approvals: promotion waits for an approver. */
  readonly unapprovedMerge?: { readonly by: string; readonly at: Instant };
  /** What was merged is not what was approved: nothing goes on by itself. */
  readonly differs?: { readonly detail: string; readonly at: Instant };
  readonly overtaken?: { readonly by: string; readonly detail: string; readonly at: Instant };
  /** In `observe`: it was said what would have moved. */
  readonly observed?: { readonly pins: number; readonly at: Instant };
  /** People already on record as refused, as `ask|person|reason`. */
  readonly refusals: readonly string[];
};

export type Outcome =
  | { readonly name: 'complete' | 'rolled-back'; readonly at: Instant }
  | { readonly name: 'superseded'; readonly by: ReleaseId; readonly at: Instant }
  | { readonly name: ClosedOutcome; readonly at: Instant };

/** The journey of one release over all environments, folded from its events. */
export type Rollout = {
  readonly id: RolloutId;
  readonly release: ReleaseId;
  readonly family: string;
  readonly scope: string;
  readonly attempt: number;
  readonly openedAt: Instant;
  readonly openedBy?: SlackUserId;
  readonly skips: number;
  /** What the look that opened it saw of images and pins. */
  readonly view?: OpeningView;
  readonly environments: readonly Environment[];
  /** When the release came out, or was first seen everywhere it is needed. */
  readonly releasedAt: Instant;
  /** It only pins what runs: the cluster whose `@latest` becomes this release. */
  readonly pinsCluster?: string;
  /** It decides about somebody else's pull request, and opens none. */
  readonly theirs?: Theirs;
  /** Known only after the analysis, and higher than it says. */
  readonly raised?: { readonly level: RiskLevel; readonly because: string; readonly at: Instant };
  readonly analysis: 'pending' | { readonly value?: StoredAnalysis; readonly unavailable?: string };
  readonly snoozed?: {
    readonly by: SlackUserId;
    readonly until: Instant;
    readonly at: Instant;
    readonly why?: string;
  };
  /** `by` is absent where the policy paused it. */
  readonly paused?: { readonly by?: SlackUserId; readonly at: Instant; readonly reason?: string };
  /** Old nodes that are held, or are being let go; gone once nothing carries our mark. */
  readonly brake?: {
    readonly clusters: readonly string[];
    /** Absent where a breach, or the end of a window, set it. */
    readonly by?: SlackUserId;
    readonly at: Instant;
    /** Somebody resumed: the marks are being taken away. */
    readonly releasing: boolean;
    /** By cluster, what came of it; absent: not known yet. */
    readonly observed: Readonly<
      Record<string, { readonly held: number; readonly moving: number; readonly refused?: string }>
    >;
  };
  readonly rollback?: {
    readonly by: SlackUserId;
    readonly reason: string;
    readonly at: Instant;
    readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
  };
  /** The release was taken back by its publisher, or its images are not fit any more. */
  readonly recalled?: { readonly reason: string; readonly at: Instant };
  /** It gave way to a later release although nodes had moved. */
  readonly switched?: { readonly by: SlackUserId; readonly to: ReleaseId; readonly at: Instant };
  readonly outcome?: Outcome;
  /** Requests already on record as turned down, as `attemptKey` spells them. */
  readonly attempts: readonly string[];
  readonly lastChangeAt: Instant;
};

/** All waves of an environment, forward ones first. */
export function wavesOf({ waves, recoveries }: Environment): readonly Wave[] {
  return [...waves, ...recoveries];
}

export function environmentNamed(rollout: Rollout, name: string): Environment | undefined {
  return rollout.environments.find(({ policy }) => policy.name === name);
}

/** One wave, forward or on the way back. */
export function waveNamed(rollout: Rollout, environment: string, name: string): Wave | undefined {
  const found = environmentNamed(rollout, environment);
  return found === undefined ? undefined : wavesOf(found).find((wave) => wave.name === name);
}

/** Whether this rollout ever passed the point of no return; what waits in a merge queue can still be taken out. */
export function hasMerged({ environments }: Rollout): boolean {
  return environments.some(({ waves }) =>
    waves.some((wave) => isPastReturn(wave) && !isQueued(wave)),
  );
}

/** Whether nothing moves or will move any more: the rollout can be closed. */
export function isSettled({ environments }: Rollout): boolean {
  return environments.every(
    (environment) =>
      isEnded(environment.phase) && wavesOf(environment).every(({ phase }) => isEnded(phase)),
  );
}

/** Approvals still missing for the open ask, of different people; 0 when there is none, it is complete, or GitHub asks for them. */
export function missingApprovals({ ask, policy }: Environment): number {
  if (ask === undefined || ask.automatic !== undefined || mergesInGitHub(policy)) return 0;
  return shortOf(policy.approval, ask.grants);
}

/** The digest a wave stands under: its own on the way back, else its environment's ask. */
export function digestFor(rollout: Rollout, wave: Wave): Digest | undefined {
  return (
    wave.recovery?.digest ?? wave.digest ?? environmentNamed(rollout, wave.environment)?.ask?.digest
  );
}
