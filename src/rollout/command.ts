import type {
  Digest,
  ReleaseId,
  RepositoryName,
  SlackGroupId,
  SlackUserId,
} from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import type { DeferReason, VoidReason } from './approval-events.ts';
import type { MergeHold, RunningBefore } from './merge-events.ts';
import type { RiskLevel, StoredAnalysis, Theirs } from './opening-events.ts';
import type { OpeningView } from './opening-view.ts';
import type { EnvironmentPlan, WavePlan } from './plan.ts';
import type { EnvironmentPolicy, Freeze } from './policy.ts';
import type { Authority, RefusalCode } from './refusal.ts';

type InEnvironment = { readonly environment: string };
type InWave = InEnvironment & { readonly wave: string };
type OfPart = InWave & { readonly repository: RepositoryName; readonly number: number };
type ByPerson = { readonly by: SlackUserId; readonly may: Authority };

/** The way back of one environment, computed from what was recorded when its waves began. */
export type RecoveryPlan = {
  readonly environment: string;
  readonly clusters: readonly string[];
  readonly repositories: readonly RepositoryName[];
  readonly to: string;
  readonly digest: Digest;
};

/** What people ask for. `may` is asked of the directory afresh, never taken from the click. */
export type PersonCommand =
  | ({
      readonly type: 'Approve';
      readonly ask: number;
      readonly note?: string;
      /** Sets of the rule that the directory finds them in now. */
      readonly sets?: readonly number[];
      /** Groups the person is in that are looked at at the click only. */
      readonly atClick?: readonly SlackGroupId[];
    } & InEnvironment &
      ByPerson)
  | ({
      readonly type: 'Expedite';
      readonly reason: string;
      /** Who asked before and may no longer. */
      readonly lapsed?: readonly SlackUserId[];
    } & InEnvironment &
      ByPerson)
  | ({ readonly type: 'Withdraw'; readonly ask: number } & InEnvironment & ByPerson)
  | ({ readonly type: 'Reject'; readonly ask: number; readonly reason: string } & InEnvironment &
      ByPerson)
  | ({ readonly type: 'Snooze'; readonly until: Instant; readonly why?: string } & ByPerson)
  | ({ readonly type: 'Wake' } & ByPerson)
  /** `newer`: the release of its train that waits for it; absent: none does. */
  | ({ readonly type: 'Switch'; readonly newer?: ReleaseId } & ByPerson)
  | ({ readonly type: 'Pause'; readonly reason?: string } & ByPerson)
  | ({ readonly type: 'Brake'; readonly reason?: string } & ByPerson)
  | ({ readonly type: 'Resume' } & ByPerson)
  | ({ readonly type: 'AcceptUnapprovedMerge' } & InEnvironment & ByPerson)
  | ({ readonly type: 'Merge'; readonly ask: number } & InEnvironment & ByPerson)
  | ({ readonly type: 'Sync'; readonly cluster: string } & InEnvironment & ByPerson)
  | ({
      readonly type: 'RollBack';
      readonly reason: string;
      readonly plans: readonly RecoveryPlan[];
      readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
    } & ByPerson);

/** What the workflow saw or did. */
export type WorkflowCommand =
  | {
      readonly type: 'Open';
      readonly release: ReleaseId;
      readonly family: string;
      readonly scope: string;
      readonly attempt: number;
      readonly environments: readonly EnvironmentPlan[];
      readonly by?: SlackUserId;
      readonly skips?: number;
      readonly view?: OpeningView;
      readonly releasedAt?: Instant;
      readonly pinsCluster?: string;
      readonly theirs?: Theirs;
    }
  | { readonly type: 'RaiseRisk'; readonly level: RiskLevel; readonly because: string }
  | ({
      readonly type: 'Defer';
      readonly until: Instant;
      readonly because: DeferReason;
    } & InEnvironment)
  | ({ readonly type: 'ApproveAutomatically' } & InEnvironment)
  | ({ readonly type: 'ExpediteByPolicy' } & InEnvironment)
  | ({ readonly type: 'Remind' } & InEnvironment)
  | ({ readonly type: 'ExpireApprovals' } & InEnvironment)
  | ({ readonly type: 'EndWindow' } & InWave)
  /** New nodes hurt: `checks` names what is breached, `evidence` says it. */
  | ({
      readonly type: 'Halt';
      readonly checks: readonly string[];
      readonly evidence: readonly string[];
    } & InWave)
  /** Old nodes of a cluster are held, or `refused` says why not. */
  | {
      readonly type: 'RecordBrake';
      readonly cluster: string;
      readonly held: number;
      readonly moving: number;
      readonly refused?: string;
    }
  /** None of its nodes carries our mark any more; `nodes` did. */
  | { readonly type: 'RecordReleased'; readonly cluster: string; readonly nodes: number }
  | {
      readonly type: 'RecordAnalysis';
      readonly analysis: StoredAnalysis;
      readonly unavailable?: string;
    }
  | ({
      readonly type: 'Ask';
      readonly digest: Digest;
      readonly policy: EnvironmentPolicy;
      readonly waves: readonly WavePlan[];
      readonly pins: number;
    } & InEnvironment)
  | ({ readonly type: 'NothingToMove'; readonly detail: string } & InEnvironment)
  | ({ readonly type: 'RecordObserved'; readonly pins: number } & InEnvironment)
  | ({
      readonly type: 'VoidApprovals';
      readonly because: VoidReason;
      readonly of?: readonly SlackUserId[];
      readonly detail?: string;
    } & InEnvironment)
  | ({ readonly type: 'Expire' } & InEnvironment)
  | { readonly type: 'EndSnooze' }
  | ({
      readonly type: 'RecordPullRequest';
      readonly url: string;
      readonly branch: string;
      readonly headSha: string;
      readonly before: readonly RunningBefore[];
      /** The change it was opened for: another may be asked about by the time it is recorded. */
      readonly digest?: Digest;
    } & OfPart)
  | ({ readonly type: 'RecordRebase'; readonly headSha: string } & OfPart)
  | ({
      readonly type: 'StartMerge';
      readonly digest: Digest;
      readonly parts: readonly {
        readonly repository: RepositoryName;
        readonly number: number;
        readonly headSha: string;
        readonly passed?: string[];
      }[];
      /** People whose approvals were found to stand still. */
      readonly approversNow: readonly SlackUserId[];
      /** Sets they are in now; absent for somebody: as when they approved. */
      readonly setsNow?: readonly { readonly by: SlackUserId; readonly sets: readonly number[] }[];
      /** Freezes in force now, whenever they were written; absent: those of the policy. */
      readonly freezes?: readonly Freeze[];
      /** From the merge to the last node, in ms; absent: not known. */
      readonly forecastMs?: number;
      /** The same from the pins in the clusters on, with its likely middle, for the record. */
      readonly expected?: { readonly p50Ms: number; readonly p80Ms: number };
      readonly before: readonly RunningBefore[];
    } & InWave)
  | ({ readonly type: 'HoldMerge'; readonly because: MergeHold; readonly detail?: string } & InWave)
  | ({ readonly type: 'RecordEnqueued'; readonly headSha: string } & OfPart)
  | ({
      readonly type: 'RecordMerge';
      readonly mergeSha: string;
      readonly mergedBy: string;
      /** Who that is in Slack, where the configuration says so. */
      readonly person?: SlackUserId;
      /** The branch it went to, where that is not the one the pins are read from. */
      readonly into?: string;
    } & OfPart)
  | ({ readonly type: 'RecordVerified'; readonly differs?: string } & InWave)
  | ({
      readonly type: 'RecordClosed';
      readonly closedBy: string;
      readonly leftOpen?: true;
    } & OfPart)
  | ({
      readonly type: 'RecordOvertaken';
      readonly byWhom: string;
      readonly detail: string;
    } & InWave)
  | ({ readonly type: 'RecordSynced'; readonly cluster: string } & InWave)
  | ({
      readonly type: 'RecordReplacement';
      readonly replaced: number;
      readonly total: number;
      /** Every node runs the new image and is Ready; since when. */
      readonly steadySince?: Instant;
      readonly blockers: readonly string[];
      /** When the count last rose, for telling a stall. */
      readonly movedAt: Instant;
      /** Until when known blockers explain that nothing moves: no stall before. Absent: nothing known explains it. */
      readonly heldUntil?: Instant;
      /** Why some have yet to follow, where the policy goes on without them. */
      readonly tail?: readonly string[];
      /** The policy has people asked before it goes on without these. */
      readonly tailAsks?: true;
    } & InWave)
  | ({
      readonly type: 'RecordSoak';
      /** What broke it; absent: all is well now. */
      readonly broken?: string;
      /** Healthy time really observed since the soak began, in ms: a stale view adds none. */
      readonly healthyMs: number;
      /** Healthy time of all its nodes together, in ms; absent: not measured. */
      readonly healthyNodeMs?: number;
      /** Nodes that run the new image. */
      readonly total: number;
      readonly tail?: readonly string[];
    } & InWave)
  /** Somebody whom nobody can name in Slack tried something, or somebody without the right opened a modal. */
  | {
      readonly type: 'RecordAttempt';
      readonly by: string;
      readonly wanted: string;
      readonly environment?: string;
      readonly ask?: number;
      readonly reason: RefusalCode;
    }
  | { readonly type: 'Supersede'; readonly newer: ReleaseId }
  | { readonly type: 'Recall'; readonly reason: string }
  | { readonly type: 'Close' };

export type Command = (PersonCommand | WorkflowCommand) & { readonly now: Instant };
export type CommandOf<T extends Command['type']> = Extract<Command, { type: T }>;
