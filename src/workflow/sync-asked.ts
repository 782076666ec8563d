import type { Rollout, Wave } from '../rollout/rollout.ts';
import { minute } from '../shared/time.ts';
import type { Delivery } from '../tracking/delivery.ts';
import type { ApplicationView } from '../tracking/types.ts';
import type { World } from './world.ts';

/** A press that could not be carried out by then is not carried out any more, when nobody thinks of it. */
const goodForMs = 15 * minute;
/** Rights are given meanwhile; more often would only repeat the refusal. */
const againAfterMs = minute;

/** EC2NodeClasses that people may have synced, and what else the Application would change and is left alone. */
export type SyncOffer = {
  readonly hub: string;
  readonly namespace: string;
  readonly application: string;
  readonly nodeClasses: readonly string[];
  readonly others: readonly string[];
  readonly marks: readonly string[];
};

/** What may be synced of an Application that waits for a person; `undefined`: nothing, or it is not permitted. */
export function syncOffer(
  { name, namespace, hub, autoSync, outOfSync = [], marks = [] }: ApplicationView,
  { kind }: Delivery,
  moved: readonly string[],
): SyncOffer | undefined {
  const waits = kind === 'out-of-sync-manual' || (kind === 'failed' && !autoSync);
  if (!waits || hub?.maySync !== true) return undefined;
  const isMoved = (one: string) => moved.includes(one);
  const nodeClasses = outOfSync.filter(isMoved).map((one) => one.replace(/^EC2NodeClass /, ''));
  if (nodeClasses.length === 0) return undefined;
  const others = outOfSync.filter((one) => !isMoved(one));
  return { hub: hub.cluster, namespace, application: name, nodeClasses, others, marks };
}

/**
 * Does what somebody asked for: a sync of these EC2NodeClasses alone. The mark is of the press, so that the same press
 * never starts two.
 * @returns what came of it, in words; `undefined`: nobody asked, or Argo CD itself tells.
 */
export async function syncAsked(
  { effects, sightings, clock }: Pick<World, 'effects' | 'sightings' | 'clock'>,
  { id }: Pick<Rollout, 'id'>,
  { phase, environment, name }: Wave,
  cluster: string,
  { hub, namespace, application, nodeClasses, marks }: SyncOffer,
): Promise<string | undefined> {
  const asked = phase.name === 'syncing' ? phase.asked?.[cluster] : undefined;
  const now = clock.now();
  if (asked === undefined || now - asked.at > goodForMs) return undefined;
  const mark = `${id}/${environment}/${name}/${cluster}/${asked.at}`;
  if (marks.includes(mark)) return undefined;
  const { refusedSyncs } = sightings(id);
  const before = refusedSyncs.get(mark);
  if (before !== undefined && now - before.at < againAfterMs) return before.words;
  const what = { namespace, application, nodeClasses, mark };
  const done = await effects.run('sync-node-class', mark, ({ applications }) =>
    applications.syncNodeClasses(hub, what),
  );
  switch (done.kind) {
    case 'started':
    case 'already':
      return `${application}: Argo CD is asked to sync the EC2NodeClass alone`;
    case 'busy':
      return `${application}: another operation runs; the EC2NodeClass is synced after it`;
    case 'refused': {
      const words = `${application}: the EC2NodeClass may not be synced: ${done.words.slice(0, 160)}`;
      refusedSyncs.set(mark, { at: now, words });
      return words;
    }
  }
}
