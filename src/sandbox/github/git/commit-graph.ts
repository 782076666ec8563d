import type { ObjectStore } from './object-store.ts';

/** The commit and all before it, nearest first. */
function ancestorsOf(objects: ObjectStore, commit: string): Set<string> {
  const seen = new Set<string>([commit]);
  for (const sha of seen) for (const parent of objects.commit(sha)?.parents ?? []) seen.add(parent);
  return seen;
}

/** True also when both are the same. */
export function isAncestor(objects: ObjectStore, ancestor: string, commit: string): boolean {
  return ancestorsOf(objects, commit).has(ancestor);
}

/** The best common ancestor: common to both, and not the parent of another that is. */
export function mergeBaseOf(objects: ObjectStore, a: string, b: string): string | undefined {
  const before = ancestorsOf(objects, a);
  const common = [...ancestorsOf(objects, b)].filter((sha) => before.has(sha));
  const passed = new Set(common.flatMap((sha) => objects.commit(sha)?.parents ?? []));
  return common.find((sha) => !passed.has(sha));
}

/** Commits that `to` has and `from` has not, oldest first. */
export function commitsBetween(objects: ObjectStore, from: string, to: string): readonly string[] {
  const known = ancestorsOf(objects, from);
  return [...ancestorsOf(objects, to)].filter((sha) => !known.has(sha)).reverse();
}
