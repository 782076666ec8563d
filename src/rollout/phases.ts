import type { Digest, SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';

/** How an environment or a wave can end without completing. */
export type Ended =
  | 'rejected'
  | 'expired'
  | 'closed'
  | 'superseded'
  | 'withdrawn'
  | 'overtaken'
  | 'failed'
  | 'rolled-back';

/** Where a wave stands; what a phase does not carry, nobody can ask of it. */
export type WavePhase =
  | { readonly name: 'waiting' }
  | { readonly name: 'pull-request' }
  | { readonly name: 'merging'; readonly since: Instant; readonly digest: Digest }
  | { readonly name: 'merged'; readonly since: Instant }
  | {
      readonly name: 'syncing';
      readonly since: Instant;
      readonly synced: readonly string[];
      /** By cluster: who wants its EC2NodeClass synced, which nothing does by itself. */
      readonly asked?: Readonly<Record<string, { readonly by: SlackUserId; readonly at: Instant }>>;
    }
  | {
      readonly name: 'replacing';
      readonly since: Instant;
      readonly replaced: number;
      readonly total: number;
    }
  | {
      readonly name: 'soaking';
      readonly since: Instant;
      readonly until: Instant;
      readonly total: number;
      /** Nodes that follow later, in sentences; absent: none does. */
      readonly tail?: readonly string[];
      /** It is not complete without these before somebody has resumed the rollout. */
      readonly asks?: true;
    }
  | {
      readonly name: 'complete';
      readonly at: Instant;
      readonly proven: boolean;
      readonly replaced: number;
      readonly tail: readonly string[];
    }
  | { readonly name: Ended; readonly at: Instant };

/** Where an environment stands. */
export type EnvironmentPhase =
  | { readonly name: 'waiting' }
  | { readonly name: 'awaiting-approval' }
  | { readonly name: 'approved' }
  | { readonly name: 'rolling' }
  | { readonly name: 'complete' }
  | { readonly name: Ended; readonly at: Instant };

type AnyPhase = WavePhase | EnvironmentPhase;

/** Whether a wave or environment moves no more. */
export function isEnded<Phase extends AnyPhase>(
  phase: Phase,
): phase is Extract<Phase, { readonly name: Ended | 'complete' }> {
  return isEnd(phase.name);
}

function isEnd(name: AnyPhase['name']): boolean {
  switch (name) {
    case 'complete':
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'superseded':
    case 'withdrawn':
    case 'overtaken':
    case 'failed':
    case 'rolled-back':
      return true;
    case 'waiting':
    case 'awaiting-approval':
    case 'approved':
    case 'rolling':
    case 'pull-request':
    case 'merging':
    case 'merged':
    case 'syncing':
    case 'replacing':
    case 'soaking':
      return false;
  }
}
