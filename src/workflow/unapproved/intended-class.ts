import type { NodeClassView } from '../../tracking/types.ts';
import type { IntendedClass } from '../../tracking/unapproved-images.ts';
import type { Placed } from '../placed-pins.ts';
import type { WatchedPin } from '../watched-pins.ts';

/** Why nobody can say what a class is to run. */
export type NotIntended = { readonly kind: 'unknown'; readonly reason: string };

/**
 * What Git says that an EC2NodeClass of a cluster is to run. A pin that names no class counts where the live terms say
 * the same; else nobody can say which class it feeds.
 */
export function intendedClass(
  live: NodeClassView,
  cluster: string,
  pins: readonly WatchedPin[],
  placed: readonly Placed[],
): IntendedClass | NotIntended {
  const here = pins.filter(
    ({ clusters, pin }) => clusters.includes(cluster) && pin.kind !== 'releaseVersion',
  );
  const own = here.filter(({ pin }) => pin.nodeClass === live.name);
  const mine = own.length > 0 ? own : feeding(live, here);
  const [first] = mine;
  if (first === undefined) return unknown('no pin in Git names it');
  const floating = mine.find(({ pin }) => pin.floating === true);
  if (floating !== undefined) {
    return { kind: 'floating', value: termOf(floating), place: placeOf(floating) };
  }
  const releases = new Set<string>();
  for (const at of mine) {
    const found = placed.find((one) => one.at === at && one.cluster.name === cluster);
    if (found === undefined) {
      return unknown(`${placeOf(at)}: ${at.pin.reason ?? 'its image is not known'}`);
    }
    releases.add(found.release);
  }
  return {
    kind: 'fixed',
    says: mine.filter(isCompared).map(termOf),
    other: !mine.every(isCompared),
    whats: [...releases],
    byAlias: mine.every(({ pin }) => pin.kind === 'alias'),
    place: placeOf(first),
  };
}

/** Pins without a class of their own, whose value the live object holds. */
function feeding({ terms }: NodeClassView, here: readonly WatchedPin[]): readonly WatchedPin[] {
  const live = new Set(terms.flatMap(({ alias, id }) => alias ?? id ?? []));
  return here.filter((at) => at.pin.nodeClass === undefined && live.has(termOf(at)));
}

/** A live term shows no other fields than these to us. */
function isCompared({ pin: { kind } }: WatchedPin): boolean {
  return kind === 'alias' || kind === 'id';
}

/** As the term says it, also where the family stands in a comment. */
function termOf({ pin: { kind, value, hint } }: WatchedPin): string {
  return kind !== 'alias' || value.includes('@') || hint?.family === undefined
    ? value
    : `${hint.family}@${value}`;
}

function placeOf({ repository, path, pin }: WatchedPin): string {
  return `${path}, line ${pin.line}, in ${repository}`;
}

function unknown(reason: string): NotIntended {
  return { kind: 'unknown', reason };
}
