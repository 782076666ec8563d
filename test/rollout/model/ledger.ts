import type { EventOf } from '../../../src/rollout/events.ts';

export type Ask = {
  readonly event: EventOf<'ApprovalRequested'>;
  /** Who agreed, and when. */
  readonly grants: Map<string, number>;
  /** The policy itself agreed. */
  automatic: boolean;
  reminded: boolean;
  /** It was agreed to, and then the risk rose. */
  doubted: boolean;
};

/**
 * What the events say, read a second time and more simply than `evolve` reads it: the invariants are judged by this, so
 * that a mistake in the fold is not excused by itself.
 */
export type Ledger = {
  readonly asks: Map<string, Ask>;
  /** `environment/wave` that completed. */
  readonly completed: Set<string>;
  /** Environments somebody merged into without the approvals, and nobody answered for yet. */
  readonly unapproved: Set<string>;
  /** Clusters that ran something proven when their wave began. */
  readonly proven: Set<string>;
  readonly stopped: Set<'paused' | 'snoozed' | 'over' | 'recalled' | 'switched' | 'rolled-back'>;
  readonly merged: Set<string>;
  /** When somebody last pressed Merge, by `environment/wave`. */
  readonly pressed: Map<string, number>;
  /** Clusters whose old nodes may carry our mark. */
  readonly braked: Set<string>;
  /** Who asked for an environment's fast lane. */
  readonly expeditions: Map<string, Set<string>>;
  /** Environments whose fast lane is open: who opened it, and whether the release fixes something urgent. */
  readonly expedited: Map<string, { readonly by: readonly string[]; readonly fixes: boolean }>;
  /** As far as anybody looked; 0 low, 1 medium, 2 high. */
  risk: number | undefined;
};

export function emptyLedger(): Ledger {
  return {
    asks: new Map(),
    pressed: new Map(),
    completed: new Set(),
    unapproved: new Set(),
    proven: new Set(),
    stopped: new Set(),
    merged: new Set(),
    braked: new Set(),
    expeditions: new Map(),
    expedited: new Map(),
    risk: undefined,
  };
}

export function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`A rollout ${otherwise}`);
}
