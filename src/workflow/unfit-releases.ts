import type { Denial } from '../images/offer.ts';
import { isEverywhere } from '../rollout/hold.ts';
import { foldKeptBack } from './kept-back.ts';
import { foldRecalls } from './recalls.ts';
import type { World } from './world.ts';

/** A release that is not fit, whoever says so, and why. */
export type UnfitRelease = Denial & { readonly because: 'bad' | 'recall' };

/** Releases that nobody shall be led to: denied by the configuration, marked bad everywhere, or taken back. */
export async function unfitReleases({
  store,
  fleet,
}: Pick<World, 'store' | 'fleet'>): Promise<readonly UnfitRelease[]> {
  const events = (await store.global.load('global')).flatMap((commit) => commit.events);
  const { bad } = foldKeptBack(events);
  return [
    ...foldRecalls(events).standing.map(
      ({ release, detail: reason }) => ({ release, reason, because: 'recall' }) as const,
    ),
    ...[...fleet.denied, ...bad.filter(isEverywhere)].map(
      ({ release, reason }) => ({ release, reason, because: 'bad' }) as const,
    ),
  ];
}
