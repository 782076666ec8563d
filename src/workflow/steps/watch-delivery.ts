import { ofWave } from '../../rollout/change.ts';
import type { WorkflowCommand } from '../../rollout/command.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { digestFor, environmentNamed } from '../../rollout/rollout.ts';
import type { Wave } from '../../rollout/wave.ts';
import { classBlockers } from '../../tracking/class-blockers.ts';
import { noLaunchText } from '../../tracking/no-launch.ts';
import type { Resolution } from '../../tracking/resolution.ts';
import { resolutionOf } from '../../tracking/resolution.ts';
import { recordedChange } from '../change-record.ts';
import { deliveryNote } from '../delivery-note.ts';
import { failureText } from '../failure-text.ts';
import { deliveredOf, intendedSelector, nodeClassesOf } from '../node-classes.ts';
import { waveKey } from '../sightings.ts';
import type { Perform } from '../step-outcome.ts';
import { syncAsked } from '../sync-asked.ts';
import { wantedNow } from '../wanted-now.ts';
import { isStale } from '../wave-progress.ts';
import type { World } from '../world.ts';

/**
 * Follows the merge into each cluster. Only the live EC2NodeClass proves delivery; what Argo CD says explains why it is
 * not there yet.
 */
export async function watchDeliveryStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const digest = digestFor(rollout, wave);
  if (digest === undefined || wave.phase.name !== 'syncing') return {};
  const change = ofWave(await recordedChange(world, digest), wave);
  const seen = world.sightings(rollout.id).clusters;
  const commands: WorkflowCommand[] = [];
  const troubles: string[] = [];
  const patience = environmentNamed(rollout, wave.environment)?.policy.stallAfterMs ?? 0;
  const { since, synced } = wave.phase;
  const look = async (cluster: string): Promise<void> => {
    const view = await world.clusters.observe(cluster);
    const wanted = await wantedNow(world, change, cluster);
    const names = [...nodeClassesOf(change, cluster, view.nodeClasses)];
    const resolutions = names.map((name): Resolution => {
      const found = view.nodeClasses.find((nodeClass) => nodeClass.name === name);
      return found === undefined
        ? { kind: 'pending', because: `there is no EC2NodeClass ${name}` }
        : resolutionOf(found, wanted, intendedSelector(change, cluster, name));
    });
    const stale = isStale(view.observedAt, world.clock.now());
    if (names.length > 0 && !stale && resolutions.every(({ kind }) => kind === 'resolved')) {
      const { environment, name } = wave;
      commands.push({ type: 'RecordSynced', environment, wave: name, cluster });
      return;
    }
    if (resolutions.some(({ kind }) => kind === 'unresolvable')) {
      troubles.push(`${cluster}: the EC2NodeClass resolves to no image, so no new node can launch`);
    } else if (world.clock.now() - since >= patience) {
      const waits = resolutions.flatMap((one) => ('because' in one ? [one.because] : []));
      const why = waits[0] ?? `no EC2NodeClass there says what the pins said`;
      troubles.push(`${cluster}: the merged change has not arrived in the cluster yet: ${why}`);
    }
    const resolution = resolutions.find(({ kind }) => kind !== 'resolved') ?? {
      kind: 'pending',
      because: stale ? 'the cluster was not seen of late' : 'nothing there says what the pins said',
    };
    const what = deliveredOf(change, cluster, names);
    const note = await deliveryNote(world, rollout, wave, { cluster, what, resolution });
    const { sync } = note ?? {};
    const live = view.nodeClasses.filter(({ name }) => names.includes(name));
    const noLaunch = noLaunchText(
      live.flatMap((nodeClass) => classBlockers(nodeClass, 0)),
      world.clock.now(),
    );
    const said =
      sync === undefined
        ? undefined
        : await syncAsked(world, rollout, wave, { cluster, change }, sync);
    seen.set(cluster, {
      cluster,
      wave: waveKey(wave),
      replaced: 0,
      total: view.nodeClaims.filter(({ nodeClass }) => names.includes(nodeClass)).length,
      draining: 0,
      launching: 0,
      ...(note === undefined ? {} : { note: said ?? note.text }),
      ...(note?.url === undefined ? {} : { noteUrl: note.url }),
      ...(sync === undefined
        ? {}
        : { sync: { nodeClasses: sync.nodeClasses, others: sync.others } }),
      ...(noLaunch === undefined ? {} : { noLaunch }),
      at: view.observedAt,
    });
  };
  for (const cluster of wave.clusters) {
    if (synced.includes(cluster)) continue;
    try {
      await look(cluster);
    } catch (cause) {
      // the others are looked at all the same, and nobody is woken for them
      world.log.warn({ rollout: rollout.id, cluster, cause }, 'cluster not seen');
      const why = failureText(cause);
      troubles.push(why.startsWith(cluster) ? why : `${cluster}: ${why}`);
    }
  }
  return { commands, ...(troubles.length === 0 ? {} : { trouble: troubles.join('; ') }) };
}
