import { findPins } from '../pins/find-pins.ts';
import type { WatchedRepository } from './fleet.ts';
import type { ChangedFile } from './ports/git-host.ts';
import type { World } from './world.ts';

/** Whether a head changes a pin that is watched. What cannot be read counts as a change: a status must not say too much. */
export async function movesPin(
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
