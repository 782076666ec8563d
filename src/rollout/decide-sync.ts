import { minute } from '../shared/time.ts';
import type { CommandOf } from './command.ts';
import { type Decision, happened, refused } from './decision.ts';
import type { Rollout } from './rollout.ts';
import { environmentNamed, wavesOf } from './rollout.ts';
import type { Wave } from './wave.ts';

/** A second press within this time is one that did not see the first; in ms. */
const pressedJustNowMs = 2 * minute;

/** Somebody wants Argo CD to sync the EC2NodeClass of one cluster to the merge, where it does not by itself. */
export function requestSync(rollout: Rollout, command: CommandOf<'Sync'>): Decision {
  const { environment, cluster, by, may, now } = command;
  const nothing = refused({ code: 'nothing-to-sync', environment });
  if (rollout.outcome !== undefined) return refused({ code: 'closed' });
  if (may === 'no') return refused({ code: 'not-allowed-to-sync', environment });
  if (may === 'guest-or-bot') return refused({ code: 'guest-or-bot' });
  if (may === 'unknown') return refused({ code: 'cannot-check' });
  const found = environmentNamed(rollout, environment);
  const wave =
    found === undefined ? undefined : wavesOf(found).find((one) => waitsIn(one, cluster));
  // who paused wants nothing to go on, whoever pushes it
  if (wave?.phase.name !== 'syncing' || rollout.paused !== undefined) return nothing;
  const before = wave.phase.asked?.[cluster];
  if (before !== undefined && now - before.at < pressedJustNowMs)
    return refused({ code: 'already-decided', environment, ...before });
  return happened({ type: 'SyncRequested', environment, wave: wave.name, cluster, by, at: now });
}

function waitsIn({ phase, clusters }: Wave, cluster: string): boolean {
  return phase.name === 'syncing' && clusters.includes(cluster) && !phase.synced.includes(cluster);
}
