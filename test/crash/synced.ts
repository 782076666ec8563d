import { act } from '../../src/sandbox/act.ts';
import type { KillOrder } from './kill-orders.ts';
import type { Deed } from './people.ts';
import { approves, rejectsWithPullRequest, startsRejecting } from './people.ts';

const cluster = 'staging-eu-1';

/** Argo CD waits for somebody in the first cluster. */
function turnsAutoSyncOff(): Deed {
  let done = false;
  return {
    what: `auto-sync is off in ${cluster}`,
    ready: () => true,
    shows: () => done,
    async do(_, __, { standIns }) {
      standIns.kubernetes.act(cluster, { do: 'auto-sync', on: false });
      done = true;
    },
  };
}

/** Presses the button under the live message, and again when the service was away too long for a press to count. */
function syncs(user: string): Deed {
  return {
    what: `${user} has ${cluster} synced`,
    ready: (_, { slack }) =>
      slack.messages.some(({ blocks }) => syncButtonIn(blocks) !== undefined),
    shows: ({ environments }) =>
      environments.some(({ waves }) =>
        waves.some(
          ({ phase, clusters }) =>
            clusters.includes(cluster) && ['replacing', 'soaking', 'complete'].includes(phase),
        ),
      ),
    async do(_, { slack }, { standIns }) {
      const message = slack.messages.findLast(({ blocks }) => syncButtonIn(blocks) !== undefined);
      const button = syncButtonIn(message?.blocks);
      if (message === undefined || button === undefined) return;
      await act(standIns, {
        user,
        message_ts: message.ts,
        action_id: 'rollout:sync',
        ...button,
      });
    },
  };
}

function syncButtonIn(blocks: unknown): { block_id: string; value: string } | undefined {
  for (const block of (blocks ?? []) as readonly {
    readonly block_id?: string;
    readonly elements?: readonly { readonly action_id?: string; readonly value?: string }[];
  }[]) {
    const button = block.elements?.find(({ action_id }) => action_id === 'rollout:sync');
    if (button !== undefined) return { block_id: block.block_id ?? '', value: button.value ?? '' };
  }
  return undefined;
}

/** A release that reaches its first cluster because somebody has the EC2NodeClass synced. */
export const synced = (): readonly Deed[] => [
  turnsAutoSyncOff(),
  approves('U0ANN', 'staging'),
  approves('U0BO', 'staging'),
  syncs('U0ANN'),
  startsRejecting('U0DANA', 'production'),
  rejectsWithPullRequest('U0DANA', 'production'),
];

/** Once Argo CD has it, it is not asked again, so it takes two runs. */
export const ofSync: readonly (readonly KillOrder[])[] = [
  ['before:sync-node-class', 'lost:sync-node-class'],
  ['after:sync-node-class'],
];
