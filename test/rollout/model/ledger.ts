import type { EventOf } from '../../../src/rollout/events.ts';

type Ask = { readonly event: EventOf<'ApprovalRequested'>; readonly grants: Set<string> };

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
  readonly stopped: Set<'paused' | 'snoozed' | 'over' | 'recalled' | 'rolled-back'>;
  readonly merged: Set<string>;
};

export function emptyLedger(): Ledger {
  return {
    asks: new Map(),
    completed: new Set(),
    unapproved: new Set(),
    proven: new Set(),
    stopped: new Set(),
    merged: new Set(),
  };
}

export function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`A rollout ${otherwise}`);
}
