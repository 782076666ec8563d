import type { RolloutId } from '../shared/ids.ts';
import type { GlobalEvent } from './ports/store.ts';

/** A release that nobody is offered any more, and why. */
export type RecalledRelease = Omit<Extract<GlobalEvent, { type: 'ReleaseRecalled' }>, 'type'> & {
  /** The how-manieth recall of this release it is, from 1. */
  readonly times: number;
};

/** A release whose recall no longer stands, and why. */
export type LiftedRecall = Omit<Extract<GlobalEvent, { type: 'RecallLifted' }>, 'type'> & {
  /** The how-manieth recall was lifted, from 1. */
  readonly times: number;
};

/** What the alert of a recall says. */
export type RecallFacts = RecalledRelease & {
  /** Clusters whose pins name it, in the fleet's order. */
  readonly running: readonly { readonly cluster: string; readonly environment: string }[];
  /** Clusters whose nodes run it though no pin names it, as under `@latest`, in the fleet's order. */
  readonly unpinned: readonly { readonly cluster: string; readonly environment: string }[];
  /** Clusters of which nobody could say what their nodes run. */
  readonly notSeen: readonly string[];
  /** Rollouts of it that had moved nothing. */
  readonly withdrawn: readonly RolloutId[];
  /** Rollouts that brought it somewhere and have a proven way back, with those clusters. */
  readonly waysBack: readonly {
    readonly rollout: RolloutId;
    readonly clusters: readonly string[];
  }[];
};
