import { compareReleases } from '../images/releases.ts';
import type { ReleaseId } from '../shared/ids.ts';
import { appendUnless } from './freeze.ts';
import type { GlobalEvent } from './ports/store.ts';
import type { LiftedRecall, RecalledRelease } from './recall-facts.ts';
import type { World } from './world.ts';

/** What the record says of recalls: those that stand, and how each of the others was last lifted, oldest first. */
export type RecallHistory = {
  readonly standing: readonly RecalledRelease[];
  readonly lifted: readonly LiftedRecall[];
};

/** Every release that was ever taken back, and whether it still is. */
export async function recallHistory({ store }: Pick<World, 'store'>): Promise<RecallHistory> {
  const commits = await store.global.load('global');
  return foldRecalls(commits.flatMap(({ events }) => events));
}

/** A release that is spelled two ways is one. */
export function foldRecalls(events: readonly GlobalEvent[]): RecallHistory {
  let standing: readonly RecalledRelease[] = [];
  let lifted: readonly LiftedRecall[] = [];
  for (const event of events) {
    if (event.type !== 'ReleaseRecalled' && event.type !== 'RecallLifted') continue;
    const { type, ...said } = event;
    const others = ({ release }: { readonly release: ReleaseId }) =>
      compareReleases(release, said.release) !== 0;
    const times = timesOf([...standing, ...lifted], said.release);
    standing = standing.filter(others);
    lifted = lifted.filter(others);
    if (type === 'ReleaseRecalled') standing = [...standing, { ...event, times: times + 1 }];
    else lifted = [...lifted, { ...said, times }];
  }
  return { standing: standing.map(withoutType), lifted };
}

function withoutType({ type: _, ...recalled }: RecalledRelease & { readonly type?: string }) {
  return recalled;
}

function timesOf(
  all: readonly { readonly release: ReleaseId; readonly times: number }[],
  release: ReleaseId,
): number {
  return all.find((one) => compareReleases(one.release, release) === 0)?.times ?? 0;
}

/** Records a recall, once while it stands, whatever the cause and however many replicas see it. False: it is known. */
export async function recordRecall(
  world: Pick<World, 'clock' | 'store' | 'log'>,
  recall: Omit<RecalledRelease, 'at' | 'times'>,
): Promise<boolean> {
  const { release } = recall;
  const at = world.clock.now();
  const event: GlobalEvent = { type: 'ReleaseRecalled', ...recall, at };
  const stored = await appendUnless(world, event, causeOf('recall', release, at), (history) =>
    isStanding(history, release),
  );
  if (stored) world.log.error(recall, 'release recalled');
  return stored;
}

/** Records that a recall no longer stands. False: it does not anyway. */
export async function recordLift(
  world: Pick<World, 'clock' | 'store' | 'log'>,
  { release, detail }: { readonly release: ReleaseId; readonly detail: string },
): Promise<boolean> {
  const at = world.clock.now();
  const event: GlobalEvent = { type: 'RecallLifted', release, detail, at };
  const stored = await appendUnless(
    world,
    event,
    causeOf('recall lifted', release, at),
    (history) => !isStanding(history, release),
  );
  if (stored) world.log.warn({ release, detail }, 'recall lifted');
  return stored;
}

/** Of its own each time: a release may be taken back again. */
function causeOf(what: string, release: ReleaseId, at: number) {
  return { cause: `${what} ${release} ${at}`, actor: { kind: 'amiable' } } as const;
}

function isStanding(history: readonly GlobalEvent[], release: ReleaseId): boolean {
  return foldRecalls(history).standing.some((one) => compareReleases(one.release, release) === 0);
}
