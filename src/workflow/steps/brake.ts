import type { BrakeOrder } from '../../rollout/brake.ts';
import { brakeOrders } from '../../rollout/brake.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { digestFor } from '../../rollout/rollout.ts';
import { minute } from '../../shared/time.ts';
import { phaseOf } from '../../tracking/phase.ts';
import { recordedChange } from '../change-record.ts';
import { nodeClassesOf } from '../node-classes.ts';
import type { Perform } from '../step-outcome.ts';
import { wantedNow } from '../wanted-now.ts';
import type { World } from '../world.ts';

/** Marks that somebody took away by hand are set again so often; and a refusal is tried again. */
const allAgainAfterMs = 5 * minute;
const tryAgainAfterMs = minute;

/** Holds the old nodes of a cluster, or lets them go, as the brake asks for now. Found done, it costs no request. */
export async function brakeStep(world: World, rollout: Rollout, cluster: string): Perform {
  const order = brakeOrders(rollout).find((one) => one.cluster === cluster);
  if (order === undefined) return {};
  return order.hold ? hold(world, rollout, order) : release(world, rollout, cluster);
}

async function hold(world: World, rollout: Rollout, { cluster, wave }: BrakeOrder): Perform {
  const digest = wave === undefined ? undefined : digestFor(rollout, wave);
  if (digest === undefined) return {};
  const { brakes } = world.sightings(rollout.id);
  const now = world.clock.now();
  const before = brakes.get(cluster);
  if (before?.refusedAt !== undefined && now - before.refusedAt < tryAgainAfterMs) return {};
  const change = await recordedChange(world, digest);
  const view = await world.clusters.observe(cluster);
  // also classes whose wave has not begun: held, they lose nothing while all is paused
  const classes = nodeClassesOf(change, cluster, view.nodeClasses);
  const wanted = await wantedNow(world, change, cluster);
  let moving = 0;
  const old: string[] = [];
  for (const claim of view.nodeClaims) {
    if (!classes.has(claim.nodeClass) || claim.imageId === undefined) continue;
    if (wanted.has(claim.imageId)) continue;
    const phase = phaseOf(claim, wanted);
    // Karpenter does not take back what it has chosen
    if (phase === 'replacing' || phase === 'draining' || phase === 'terminating') moving += 1;
    else if (claim.nodeName !== undefined) old.push(claim.nodeName);
  }
  const again = before === undefined || now - before.at >= allAgainAfterMs;
  const known = again ? new Set<string>() : before.held;
  const missing = old.filter((name) => !known.has(name));
  let refused: string | undefined;
  if (missing.length > 0) {
    const done = await world.effects.run('hold-nodes', `${rollout.id} ${cluster}`, ({ nodes }) =>
      nodes.holdNodes(cluster, missing, rollout.id),
    );
    for (const name of done.held) known.add(name);
    refused = done.refused;
  }
  brakes.set(cluster, {
    held: known,
    at: again ? now : before.at,
    ...(refused === undefined ? {} : { refusedAt: now }),
  });
  const held = old.filter((name) => known.has(name)).length;
  return {
    commands: [
      { type: 'RecordBrake', cluster, held, moving, ...(refused === undefined ? {} : { refused }) },
    ],
  };
}

/** Looked for in the cluster, not in memory: whoever set the marks may be gone. */
async function release(world: World, rollout: Rollout, cluster: string): Perform {
  world.sightings(rollout.id).brakes.delete(cluster);
  const { released, left, refused } = await world.effects.run(
    'release-nodes',
    `${rollout.id} ${cluster}`,
    ({ nodes }) => nodes.releaseNodes(cluster, rollout.id),
  );
  if (refused !== undefined && wasHeld(rollout, cluster)) {
    return {
      trouble: `${cluster}: its old nodes keep the annotation karpenter.sh/do-not-disrupt, since it may not be taken away: ${refused}`,
    };
  }
  if (refused === undefined && left > 0) return {};
  return { commands: [{ type: 'RecordReleased', cluster, nodes: released }] };
}

/** Where nothing could ever be marked, nothing is left. */
function wasHeld({ brake }: Rollout, cluster: string): boolean {
  return brake?.observed[cluster]?.refused === undefined;
}
