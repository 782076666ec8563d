import type { PackageChange, PackageMove } from './types.ts';

const order = ['kernel', 'containerd', 'runc', 'kubelet'];

/**
 * Puts equal moves of several kinds of image into one row each; unchanged ones are left out. The node's foundations come
 * first, then by name.
 * @param changes per image, at its index.
 */
export function groupMoves(changes: readonly (readonly PackageChange[])[]): readonly PackageMove[] {
  const moves = new Map<string, PackageChange & { images: number[] }>();
  for (const [image, ofImage] of changes.entries()) {
    for (const { name, from, to, change } of ofImage) {
      if (change === 'unchanged') continue;
      const key = [name, from, to, change].join(' ');
      const move = moves.get(key);
      if (move === undefined) moves.set(key, { name, from, to, change, images: [image] });
      else move.images.push(image);
    }
  }
  const rank = (name: string) => (order.indexOf(name) + order.length + 1) % (order.length + 1);
  return [...moves.values()].sort(
    (a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
}
