import type { KnownBlock } from '@slack/types';
import type { Rollout } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import { clamp } from '../src/shared/text.ts';
import { actions, button, confirmation } from './block-kit.ts';
import { encodeCardKey } from './card-key.ts';

/** What may be synced in a cluster, as names, and what else its Application would change. */
export type SyncChoice = {
  readonly nodeClasses: readonly string[];
  readonly others: readonly string[];
};

/** A live message is no control panel; Argo CD itself is. */
const mostButtons = 5;
const mostNamed = 3;

/** One button for each cluster whose Argo CD waits for somebody: it syncs the EC2NodeClass, and says what it leaves. */
export function syncButtons(
  { id, paused }: Rollout,
  waves: readonly Wave[],
  clusters: readonly { readonly cluster: string; readonly sync?: SyncChoice }[],
): readonly KnownBlock[] {
  if (paused !== undefined) return [];
  const buttons = waves.flatMap(({ environment, phase, clusters: names }) =>
    phase.name !== 'syncing'
      ? []
      : names.flatMap((cluster) => {
          const sync = clusters.find((one) => one.cluster === cluster)?.sync;
          if (sync === undefined || phase.synced.includes(cluster)) return [];
          const value = encodeCardKey({ rolloutId: id, environment, cluster });
          return [
            button('rollout:sync', clamp(`Sync ${cluster}...`, 24), {
              value,
              spoken: `Sync the EC2NodeClass in ${cluster} for rollout ${id}`,
              confirm: confirmation(
                'Sync the EC2NodeClass?',
                `Argo CD applies EC2NodeClass ${sync.nodeClasses.join(', ')} in ${cluster} and nothing else. ${leavesText(sync.others)}`,
                'Sync',
                'Not now',
              ),
            }),
          ];
        }),
  );
  return buttons.length === 0 ? [] : [actions(`sync-${id}`, buttons.slice(0, mostButtons))];
}

function leavesText(others: readonly string[]): string {
  if (others.length === 0) return 'No other difference is known there.';
  const rest = others.length - mostNamed;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `Other differences stay as they are: ${others.slice(0, mostNamed).join(', ')}${more}.`;
}
