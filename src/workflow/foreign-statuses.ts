import { findPins } from '../pins/find-pins.ts';
import { day } from '../shared/time.ts';
import type { WatchedRepository } from './fleet.ts';
import type { ChangedFile, PullRequestView } from './ports/git-host.ts';
import type { World } from './world.ts';

/** A head's answer is remembered this long; afterwards it is found to be set already, or set again, which is the same. */
const rememberedMs = 90 * day;

/**
 * Sets `amiable/approval` on every open pull request that is not ours, so that a branch rule can require it: success where
 * no pin changes, pending where one does, since nobody was asked about that here. Each head is looked at once.
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
  const { github, store, effects } = world;
  const { repository, branch } = watched;
  const open = await github.openPullRequests(repository, branch);
  // A status belongs to a commit: where somebody opened another pull request on our head, ours is the one that stands.
  const mine = new Set(open.filter(({ ours }) => ours).map(({ headSha }) => headSha));
  const others = open.filter(({ ours, headSha }) => !ours && !mine.has(headSha));
  if (others.length === 0) return 0;
  const keyOf = ({ headSha }: PullRequestView) => `status-${repository}-${headSha}`;
  const known = await store.memory.get(others.map(keyOf));
  const fresh = others.filter((pull) => !known.has(keyOf(pull)));
  const base = fresh.length === 0 ? undefined : await github.head(repository, branch);
  if (base === undefined) return 0;
  for (const pull of fresh) {
    const moves = await movesPin(world, watched, base, pull.headSha);
    await effects.run('set-status', `${pull.headSha} foreign`, (to) =>
      to.github.setStatus({
        repository,
        sha: pull.headSha,
        state: moves ? 'pending' : 'success',
        description: moves
          ? 'Moves a node image by hand; nobody was asked about it in Slack'
          : 'Touches no node image',
      }),
    );
    await store.memory.put(keyOf(pull), moves, rememberedMs);
  }
  return fresh.length;
}

/** Whether a head changes a pin that is watched. What cannot be read counts as a change: a status must not say too much. */
async function movesPin(
  { github }: Pick<World, 'github'>,
  { repository, bind }: WatchedRepository,
  base: string,
  head: string,
): Promise<boolean> {
  const { mergeBase, files } = await github.compare(repository, base, head);
  const watched = files.filter(({ path }) => bind(path) !== undefined);
  if (watched.length === 0) return false;
  const before = new Map(
    (await github.files(repository, mergeBase)).map(({ path, blob }) => [path, blob]),
  );
  const blobs = watched.flatMap(({ path, blob }) => [before.get(path), blob]);
  const contents = await github.read(repository, [
    ...new Set(blobs.filter((blob) => blob !== undefined)),
  ]);
  const pinsOf = (path: string, blob: string | undefined): string | undefined => {
    if (blob === undefined) return '';
    const content = contents.get(blob);
    const found = content === undefined ? undefined : findPins(path, content);
    if (found === undefined || found.kind === 'refused') return undefined;
    return found.pins
      .map(({ kind, value, object, path: at }) => [kind, value, object, at].join(' '))
      .join('\n');
  };
  return watched.some(({ path, blob }: ChangedFile) => {
    const now = pinsOf(path, blob);
    return now === undefined || now !== pinsOf(path, before.get(path));
  });
}
