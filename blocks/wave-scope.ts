import type { Share } from '../src/rollout/share.ts';
import { count, listed } from './phrases.ts';

/** Names a message has room for. */
const mostNamed = 6;

/** What a wave moves, by name: `prod-eu-1`, `gpu in prod-eu-1`, `prod-eu-1 without gpu`. Escaped. */
export function waveScope({ clusters, ...classes }: Share): string {
  return ofClasses(listed(clusters, mostNamed), classes);
}

/** The same with clusters counted. */
export function waveSize({ clusters, ...classes }: Share): string {
  return ofClasses(count(clusters.length, 'cluster'), classes);
}

function ofClasses(place: string, { nodeClasses, otherThan }: Omit<Share, 'clusters'>): string {
  if (nodeClasses !== undefined) return `${listed(nodeClasses, mostNamed)} in ${place}`;
  return otherThan === undefined ? place : `${place} without ${listed(otherThan, mostNamed)}`;
}
