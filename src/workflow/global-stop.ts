import type { GlobalEvent } from './ports/store.ts';
import type { World } from './world.ts';

/** Who stopped every forward merge, and why; `undefined` when nothing is stopped. Read from the store every time. */
export async function globalStop({
  store,
}: Pick<World, 'store'>): Promise<Extract<GlobalEvent, { type: 'Frozen' }> | undefined> {
  const commits = await store.global.load('global');
  const last = commits
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === 'Frozen' || type === 'Unfrozen')
    .at(-1);
  return last?.type === 'Frozen' ? last : undefined;
}
