import type { Environment, Rollout } from '../../src/rollout/rollout.ts';
import { environmentNamed, missingApprovals } from '../../src/rollout/rollout.ts';
import { isoOf } from '../../src/shared/time.ts';

/** What another tool is told of one environment. Fields are only added. */
export type Gate = {
  readonly rollout: string;
  readonly release: string;
  readonly environment: string;
  /** `true`: people, or the policy, approved this change, and nothing stops it now. */
  readonly open: boolean;
  readonly decision: 'waiting' | 'pending' | 'approved' | 'unapproved' | 'ended';
  /** Where the environment stands, as on the card. */
  readonly phase: string;
  /** The change, as SHA-256; absent until it was asked about. */
  readonly digest?: string;
  readonly approvals: readonly { readonly by: string; readonly at: string }[];
  /** Approvals still missing. */
  readonly missing: number;
  /** What holds forward merges now. */
  readonly stoppedBy: readonly ('freeze' | 'pause' | 'snooze' | 'recall' | 'bad')[];
};

/** What stops every rollout, or every one of its release. */
export type StopsAll = {
  readonly frozen: boolean;
  /** Why nobody shall run the release, where that is so. */
  readonly unfit?: 'recall' | 'bad';
};

/** The decision about one environment; `undefined` when the rollout has none of that name. */
export function gateOf(
  rollout: Rollout,
  name: string,
  { frozen, unfit }: StopsAll,
): Gate | undefined {
  const environment = environmentNamed(rollout, name);
  if (environment === undefined) return undefined;
  const { ask, phase } = environment;
  const decision = decisionOf(environment);
  const stoppedBy = [
    ...(frozen ? (['freeze'] as const) : []),
    ...(rollout.paused === undefined ? [] : (['pause'] as const)),
    ...(rollout.snoozed === undefined ? [] : (['snooze'] as const)),
    ...(unfit === undefined ? [] : [unfit]),
  ];
  return {
    rollout: rollout.id,
    release: rollout.release,
    environment: name,
    open: decision === 'approved' && stoppedBy.length === 0 && rollout.rollback === undefined,
    decision,
    phase: phase.name,
    ...(ask === undefined ? {} : { digest: ask.digest }),
    approvals: (ask?.grants ?? []).map(({ by, at }) => ({ by, at: isoOf(at) })),
    missing: missingApprovals(environment),
    stoppedBy,
  };
}

function decisionOf({ ask, phase, unapprovedMerge, differs }: Environment): Gate['decision'] {
  if (unapprovedMerge !== undefined || differs !== undefined) return 'unapproved';
  switch (phase.name) {
    case 'waiting':
      return 'waiting';
    case 'awaiting-approval':
      return 'pending';
    case 'approved':
      // Known by now to be riskier than it was when they agreed: it is asked again.
      return ask?.doubted === undefined ? 'approved' : 'pending';
    case 'rolling':
    case 'complete':
      return 'approved';
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'superseded':
    case 'overtaken':
    case 'failed':
    case 'withdrawn':
    case 'rolled-back':
      return 'ended';
  }
}
