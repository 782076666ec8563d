import type { Change } from '../rollout/change.ts';
import { partsOf } from '../rollout/change.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import { minute } from '../shared/time.ts';
import { type Compared, comparedBy } from '../tracking/compared-by.ts';
import type { Delivery } from '../tracking/delivery.ts';
import { isSameRepository } from '../tracking/same-repository.ts';
import type { ApplicationView } from '../tracking/types.ts';
import { expectedFiles } from './expected-files.ts';
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
  /** Commits that a sync would bring, as Argo CD compared them. */
  readonly compared: readonly Compared[];
};

/** What may be synced of an Application that waits for a person; `undefined`: nothing, or it is not permitted. */
export function syncOffer(
  application: ApplicationView,
  { kind }: Delivery,
  moved: readonly string[],
): SyncOffer | undefined {
  const { name, namespace, hub, autoSync, outOfSync = [], marks = [] } = application;
  const waits = kind === 'out-of-sync-manual' || (kind === 'failed' && !autoSync);
  if (!waits || hub?.maySync !== true) return undefined;
  const isMoved = (one: string) => moved.includes(one);
  const nodeClasses = outOfSync.filter(isMoved).map((one) => one.replace(/^EC2NodeClass /, ''));
  if (nodeClasses.length === 0) return undefined;
  const others = outOfSync.filter((one) => !isMoved(one));
  const compared = comparedBy(application);
  return { hub: hub.cluster, namespace, application: name, nodeClasses, others, marks, compared };
}

/**
 * Does what somebody asked for: a sync of these EC2NodeClasses alone, where what it brings is what was approved: Argo CD
 * may have compared a commit by now that somebody made after the merge. The mark is of the press, so that the same press
 * never starts two.
 * @returns what came of it, in words; `undefined`: nobody asked, or Argo CD itself tells.
 */
export async function syncAsked(
  world: Pick<World, 'effects' | 'sightings' | 'clock' | 'github' | 'log'>,
  { id }: Pick<Rollout, 'id'>,
  wave: Wave,
  { cluster, change }: { readonly cluster: string; readonly change: Change },
  { hub, namespace, application, nodeClasses, marks, compared }: SyncOffer,
): Promise<string | undefined> {
  const { effects, sightings, clock } = world;
  const { phase, environment, name } = wave;
  const asked = phase.name === 'syncing' ? phase.asked?.[cluster] : undefined;
  const now = clock.now();
  if (asked === undefined || now - asked.at > goodForMs) return undefined;
  const mark = `${id}/${environment}/${name}/${cluster}/${asked.at}`;
  if (marks.includes(mark)) return undefined;
  const { refusedSyncs } = sightings(id);
  const before = refusedSyncs.get(mark);
  if (before !== undefined && now - before.at < againAfterMs) return before.words;
  const against = await otherThanApproved(world, wave, change, compared);
  const what = { namespace, application, nodeClasses, mark, compared };
  const done =
    against === undefined
      ? await effects.run('sync-node-class', mark, ({ applications }) =>
          applications.syncNodeClasses(hub, what),
        )
      : ({ kind: 'refused', words: against } as const);
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

/** What speaks against bringing the commits that Argo CD compared; `undefined`: their pins, and all around them, are as approved. */
async function otherThanApproved(
  { github, log }: Pick<World, 'github' | 'log'>,
  wave: Wave,
  change: Change,
  compared: readonly Compared[],
): Promise<string | undefined> {
  for (const { repository, mergeSha } of wave.parts) {
    if (mergeSha === undefined) continue;
    const edits = partsOf(change, wave).get(repository) ?? [];
    const asMerged = edits.map((edit) => ({ ...edit, from: edit.to }));
    const lenient = wave.recovery !== undefined;
    for (const { commit } of compared.filter((one) =>
      isSameRepository(one.repository, repository),
    )) {
      if (commit === undefined) return 'not known which commit it would bring';
      // The merge itself was verified.
      if (commit === mergeSha) continue;
      try {
        const there = await expectedFiles(github, { repository, commit, edits: asMerged, lenient });
        if (there.kind !== 'files')
          return `since the merge, ${there.detail}; look in Argo CD at what it would bring`;
      } catch (cause) {
        log.warn({ repository, commit, cause }, 'not known what a sync would bring');
        return `not known what ${commit.slice(0, 12)} would bring`;
      }
    }
  }
  return undefined;
}
