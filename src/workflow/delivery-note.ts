import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RepositoryName } from '../shared/ids.ts';
import { minute } from '../shared/time.ts';
import { follows } from '../tracking/delivering-applications.ts';
import { type Delivery, deliveryOf } from '../tracking/delivery.ts';
import { deliveryText } from '../tracking/delivery-text.ts';
import type { Resolution } from '../tracking/resolution.ts';
import { isSameRepository } from '../tracking/same-repository.ts';
import type { ApplicationView, Delivered, Deliverers } from '../tracking/types.ts';
import { type SyncOffer, syncOffer } from './sync-asked.ts';
import type { World } from './world.ts';

/** Argo CD compares every three minutes; until then a revision that is not the merge is most likely an older one. */
const ordinaryMs = 5 * minute;

export type DeliveryNote = {
  readonly text: string;
  readonly url?: string;
  /** Where a person has to sync, and one here may. */
  readonly sync?: SyncOffer;
};

/** What is known of a change that has not arrived in a cluster: who brings it, and what they say; `undefined`: nothing yet. */
export async function deliveryNote(
  world: Pick<World, 'clusters' | 'github' | 'clock' | 'sightings' | 'log'>,
  { id }: Pick<Rollout, 'id'>,
  wave: Wave,
  {
    cluster,
    what,
    resolution,
  }: { readonly cluster: string; readonly what: Delivered; readonly resolution: Resolution },
): Promise<DeliveryNote | undefined> {
  let deliverers: Deliverers;
  try {
    deliverers = await world.clusters.deliverers(cluster, what);
  } catch (cause) {
    // The live node class is the proof; without Argo CD only its words are missing.
    world.log.warn({ cluster, cause }, 'Argo CD does not answer');
    return { text: 'Argo CD does not answer' };
  }
  // An edit that only says that nobody is asked is worth it once something is late.
  const isLate =
    wave.phase.name === 'syncing' && world.clock.now() >= wave.phase.since + ordinaryMs;
  if (deliverers.kind !== 'argocd' && !isLate) return undefined;
  if (deliverers.kind === 'external')
    return { text: 'waits for what delivers it, which is not Argo CD' };
  if (deliverers.kind === 'unknown') return { text: `Argo CD is not asked: ${deliverers.because}` };
  const moved = what.nodeClasses.map((name) => `EC2NodeClass ${name}`);
  // Whoever stands above has to sync first, and an error there explains all below.
  for (const application of [...deliverers.above, ...deliverers.applications]) {
    const isAbove = deliverers.above.includes(application);
    const contains = await containsMerge(world, id, wave, application, what);
    const delivery = elsewhere(application, what) ?? deliveryOf(application, contains, resolution);
    if (isAbove && (application.sync === 'Synced' || delivery.kind === 'waiting')) continue;
    const sync = isAbove ? undefined : syncOffer(application, delivery, moved);
    const text = deliveryText(application, delivery, isAbove ? [] : moved);
    const { url } = application;
    return { text, ...(url !== undefined && { url }), ...(sync !== undefined && { sync }) };
  }
  return { text: 'Argo CD says nothing of it' };
}

/** Whether it reads the changed repository at something else than the branch that was merged to. */
function elsewhere({ sources = [] }: ApplicationView, { files }: Delivered): Delivery | undefined {
  for (const { repository, branch } of files) {
    const reading = sources.filter((source) => isSameRepository(source.repository, repository));
    if (reading.length === 0 || reading.some(({ revision }) => follows(revision, branch))) continue;
    const revision = reading[0]?.revision ?? '';
    return {
      kind: 'follows-another',
      words: `it follows ${revision} of ${repository}, not ${branch}: the merge does not reach it`,
    };
  }
  return undefined;
}

/**
 * Whether what Argo CD compared last contains the merge: of several sources, each at the merge of its own repository.
 * GitHub is asked once a revision, and only when it takes long.
 */
async function containsMerge(
  world: Pick<World, 'github' | 'clock' | 'sightings' | 'log'>,
  id: Rollout['id'],
  wave: Wave,
  { revision, sources = [] }: ApplicationView,
  { files }: Delivered,
): Promise<boolean> {
  const pairs = wave.parts.flatMap(({ repository, mergeSha }) => {
    if (mergeSha === undefined || !files.some((file) => file.repository === repository)) return [];
    const its = sources.filter((source) => isSameRepository(source.repository, repository));
    if (its.length === 0) return [];
    const at = its.find(({ compared }) => compared !== undefined)?.compared ?? revision;
    return [{ repository, mergeSha, at }];
  });
  if (pairs.length === 0) return false;
  for (const pair of pairs) if (!(await isIn(world, id, wave, pair))) return false;
  return true;
}

async function isIn(
  { github, clock, sightings, log }: Pick<World, 'github' | 'clock' | 'sightings' | 'log'>,
  id: Rollout['id'],
  wave: Wave,
  {
    repository,
    mergeSha,
    at,
  }: { repository: RepositoryName; mergeSha: string; at?: string | undefined },
): Promise<boolean> {
  if (at === undefined) return false;
  if (at === mergeSha) return true;
  if (wave.phase.name !== 'syncing' || clock.now() < wave.phase.since + ordinaryMs) return false;
  const { ancestry } = sightings(id);
  const key = `${repository} ${mergeSha} ${at}`;
  const known = ancestry.get(key);
  if (known !== undefined) return known;
  let contains = false;
  try {
    const { status } = await github.compare(repository, mergeSha, at);
    contains = status === 'ahead' || status === 'identical';
  } catch (cause) {
    log.info({ repository, revision: at, cause }, 'ancestry not known');
  }
  ancestry.set(key, contains);
  return contains;
}
