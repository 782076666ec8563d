import { z } from 'zod';
import type { Json } from '../shared/canonical.ts';
import { RolloutId } from '../shared/ids.ts';
import { day, hour } from '../shared/time.ts';
import type { Considered } from './consider-theirs.ts';
import { considerTheirs } from './consider-theirs.ts';
import type { WatchedRepository } from './fleet.ts';
import { movesPin } from './moves-pin.ts';
import type { PullRequestView } from './ports/git-host.ts';
import { setQueueStatuses } from './queue-statuses.ts';
import type { World } from './world.ts';

/** A head's answer is remembered this long; afterwards it is found to be set already, or set again, which is the same. */
const rememberedMs = 90 * day;

/** What stood against asking people can pass: an image comes out, a hub of Argo CD answers again. */
const againAfterMs = hour;

/** What was found at a head: the rollout that people are asked in, or what its status says, and until when that stands. */
const Looked = z.object({
  rollout: RolloutId.optional(),
  said: z.string().optional(),
  until: z.number().optional(),
});
type Looked = z.infer<typeof Looked>;

/** How a rollout ends that was about what its pull request no longer was, and may be again. */
const passing: ReadonlySet<string> = new Set(['closed', 'overtaken', 'superseded']);

/**
 * Sets `amiable/approval` on every open pull request that is not ours, so that a branch rule can require it: success where
 * no pin changes; where one does, people are asked in Slack, or the status says why they cannot be. Each head is looked at
 * once; again where what was found of it has passed, as after a pull request was reopened or pushed back.
 * @returns how many were set.
 */
export async function setForeignStatuses(world: World): Promise<number> {
  let set = 0;
  for (const watched of world.fleet.repositories) {
    try {
      set += await inRepository(world, watched);
    } catch (cause) {
      // One repository that does not answer keeps no other waiting.
      world.log.warn({ repository: watched.repository, cause }, 'statuses not set');
    }
  }
  return set;
}

async function inRepository(world: World, watched: WatchedRepository): Promise<number> {
  const { repository, branch } = watched;
  const open = await world.github.openPullRequests(repository, branch);
  // A status belongs to a commit: where somebody opened another pull request on our head, ours is the one that stands.
  const mine = new Set(open.filter(({ ours }) => ours).map(({ headSha }) => headSha));
  const others = open.filter(({ ours, headSha }) => !ours && !mine.has(headSha));
  if (others.length === 0) return 0;
  const set = await onHeads(world, watched, others);
  return set + (await setQueueStatuses(world, watched, others));
}

async function onHeads(
  world: World,
  watched: WatchedRepository,
  others: readonly PullRequestView[],
): Promise<number> {
  const { github, store } = world;
  const { repository, branch } = watched;
  const known = await store.memory.get(others.map((pull) => keyOf(repository, pull)));
  const fresh: { readonly pull: PullRequestView; readonly before?: Looked }[] = [];
  for (const pull of others) {
    const before = await foundBefore(world, known.get(keyOf(repository, pull)));
    if (before === undefined) fresh.push({ pull });
    else if (!before.stands) fresh.push({ pull, before: before.looked });
  }
  const base = fresh.length === 0 ? undefined : await github.head(repository, branch);
  if (base === undefined) return 0;
  let set = 0;
  for (const { pull, before } of fresh) {
    try {
      if (await lookAt(world, watched, base, pull, before)) set += 1;
    } catch (cause) {
      // Looked at again next time; one that cannot be told keeps no other waiting.
      world.log.warn({ repository, number: pull.number, cause }, 'status not set');
    }
  }
  return set;
}

/** What an earlier look found, and whether it still stands; `undefined`: nobody looked. */
async function foundBefore(
  { clock, journal }: Pick<World, 'clock' | 'journal'>,
  remembered: Json | undefined,
): Promise<{ readonly looked: Looked; readonly stands: boolean } | undefined> {
  const { data: looked } = Looked.safeParse(remembered);
  if (looked === undefined) return undefined;
  const { rollout: id, until } = looked;
  if (id === undefined) return { looked, stands: until === undefined || clock.now() < until };
  const { rollout } = await journal.refresh(id);
  return { looked, stands: !passing.has(rollout?.outcome?.name ?? '') };
}

/** @returns whether its status was set, or is from now on that of a rollout. */
async function lookAt(
  world: World,
  watched: WatchedRepository,
  base: string,
  pull: PullRequestView,
  before: Looked | undefined,
): Promise<boolean> {
  const { repository } = watched;
  const moves = await movesPin(world, watched, base, pull.headSha);
  const considered = moves ? await considerTheirs(world, watched, pull) : undefined;
  const remember = (looked: Looked) =>
    world.store.memory.put(keyOf(repository, pull), looked, rememberedMs);
  if (considered?.kind === 'asked') {
    await remember({ rollout: considered.rollout });
    return true;
  }
  const status = foreignStatus(considered);
  // GitHub takes a thousand statuses a commit.
  const news = before?.said !== status.description;
  if (news) {
    await world.effects.run('set-status', `${pull.headSha} foreign`, (to) =>
      to.github.setStatus({ repository, sha: pull.headSha, ...status }),
    );
  }
  const until = considered === undefined ? {} : { until: world.clock.now() + againAfterMs };
  await remember({ said: status.description, ...until });
  return news;
}

function keyOf(repository: string, { headSha }: PullRequestView): string {
  return `status-${repository}-${headSha}`;
}

/** What the status says where no rollout says it. */
function foreignStatus(considered: Exclude<Considered, { kind: 'asked' }> | undefined): {
  readonly state: 'pending' | 'success';
  readonly description: string;
} {
  switch (considered?.kind) {
    case undefined:
      return { state: 'success', description: 'Touches no node image' };
    case 'observed':
      return { state: 'success', description: 'Moves node images where Amiable only observes' };
    case 'not-here':
      return { state: 'pending', description: `Cannot be approved in Slack: ${considered.why}` };
  }
}
