import type { GlobalEvent } from './ports/store.ts';
import type { World } from './world.ts';

/** Who stopped every forward merge, and why; `undefined` when nothing is stopped. Read from the store every time. */
export async function globalStop({
  store,
}: Pick<World, 'store'>): Promise<Extract<GlobalEvent, { type: 'Frozen' }> | undefined> {
  const commits = await store.global.load('global');
  return stopIn(commits.flatMap(({ events }) => events));
}

/** The stop that the newest word on it sets; `undefined`: it was lifted, or never set. */
export function stopIn(
  events: readonly GlobalEvent[],
): Extract<GlobalEvent, { type: 'Frozen' }> | undefined {
  const last = events.findLast(({ type }) => type === 'Frozen' || type === 'Unfrozen');
  return last?.type === 'Frozen' ? last : undefined;
}
