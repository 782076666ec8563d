import type { KnownBlock, ModalView } from '@slack/types';
import { sha256 } from '../src/shared/canonical.ts';
import type { RolloutId } from '../src/shared/ids.ts';
import { plain, section } from './block-kit.ts';
import { inputs, modal, modalIds, textInput } from './modal.ts';
import { count, listed } from './phrases.ts';
import { markBadInput } from './roll-back-modal.ts';

/** Clusters of several rollouts that can be taken back together, and those that cannot. */
export type RecoveryChoice = {
  readonly clusters: readonly {
    readonly rollout: RolloutId;
    readonly cluster: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
};

/** Slack shows no more options than these in one menu. */
const mostOptions = 100;

/** Value of a choice: who reads it looks for the cluster that has it, so that it can mean no other one. */
export function recoveryOption(rollout: RolloutId, cluster: string): string {
  return `${rollout} #${sha256(cluster).slice(0, 40)}`;
}

/**
 * The recovery card over several rollouts. All that was found is chosen at first; submitting it is the approval.
 * @param found key of what was found, to compute it anew when it is submitted.
 */
export function recoveryModal(found: string, { clusters, leftOut }: RecoveryChoice): ModalView {
  const shown = clusters.slice(0, mostOptions);
  const options = shown.map(({ rollout, cluster, to }) => ({
    text: plain(`${cluster} → ${to}`),
    value: recoveryOption(rollout, cluster),
  }));
  const rollouts = new Set(shown.map(({ rollout }) => rollout)).size;
  const from = listed([...new Set(shown.map((one) => one.from))]);
  const left = leftOut.map(({ cluster, why }) => `${cluster} (${why})`);
  const notes = [
    ...(clusters.length > shown.length
      ? [`Only the first ${mostOptions} of ${clusters.length} clusters are shown: ask again after.`]
      : []),
    ...(left.length === 0 ? [] : [`Left out: ${listed(left, 10)}.`]),
  ];
  const blocks: KnownBlock[] = [
    section(
      [
        `Moves the pins of the chosen clusters back from *${from}*, by pull requests of ${count(rollouts, 'rollout')}, and replaces the nodes again. Windows, pauses and soaks do not hold it up; required checks do. These rollouts end.`,
        ...notes,
      ].join('\n'),
    ),
    {
      type: 'input',
      block_id: inputs.clusters.block,
      label: plain('Which clusters'),
      element: {
        // Slack draws ten boxes at most; a menu holds a hundred.
        type: options.length > 10 ? 'multi_static_select' : 'checkboxes',
        action_id: inputs.clusters.action,
        options,
        initial_options: options,
      },
    },
    markBadInput,
    textInput(inputs.reason, 'Reason', { min: 10, max: 1000 }),
  ];
  return modal(modalIds.recovery, 'Roll back clusters', 'Roll back', found, blocks);
}
