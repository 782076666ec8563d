import type { RepositoryName } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';

type InWave = { readonly environment: string; readonly wave: string };

/** The one thing to do next, as data: it can be shown before it is done, and done again after a crash. */
export type Step =
  /** Facts, risk and, where there is a model, its words. Never waited for. */
  | { readonly do: 'analyse' }
  /** Compute an environment's change from Git as it is now, and ask for it (or say what would have been asked). */
  | { readonly do: 'ask'; readonly environment: string }
  /** See that what was asked is still what would be merged, and that the policy is the same. */
  | { readonly do: 'recheck-ask'; readonly environment: string }
  | { readonly do: 'expire'; readonly environment: string }
  /** It was too early to ask; whether it still is, by the rules of now. */
  | { readonly do: 'ask-later'; readonly environment: string }
  | { readonly do: 'approve-automatically'; readonly environment: string }
  | { readonly do: 'expedite-by-policy'; readonly environment: string }
  /** It was approved when less was known. */
  | { readonly do: 'void-for-risk'; readonly environment: string }
  | { readonly do: 'remind'; readonly environment: string }
  | { readonly do: 'expire-approvals'; readonly environment: string }
  | ({ readonly do: 'end-window' } & InWave)
  | { readonly do: 'end-snooze' }
  /** Hold the old nodes of a cluster, or let them go. */
  | { readonly do: 'brake'; readonly cluster: string }
  | ({ readonly do: 'open-pull-request' } & InWave)
  /** Look at the pull request: foreign commits, base moves, checks; and merge it when everything is as it must be. */
  | ({ readonly do: 'advance-pull-request' } & InWave)
  /** A merge was decided: make sure it is made, or back out. */
  | ({ readonly do: 'finish-merge' } & InWave)
  | ({ readonly do: 'verify-merge' } & InWave)
  | ({ readonly do: 'watch-delivery' } & InWave)
  | ({ readonly do: 'watch-replacement' } & InWave)
  | ({ readonly do: 'watch-soak' } & InWave)
  /** A pull request nobody wants any more. */
  | ({
      readonly do: 'close-pull-request';
      readonly repository: RepositoryName;
      readonly number: number;
    } & InWave)
  | { readonly do: 'close' }
  /** Nothing until then. */
  | { readonly do: 'look-again'; readonly at: Instant }
  /** Nothing ever: the rollout is closed and tidy. */
  | { readonly do: 'rest' };

/** Names a step, so that one look does each once. */
export function stepKey(step: Step): string {
  const { do: what, ...of } = step;
  return [what, ...Object.values(of)].join(' ');
}
