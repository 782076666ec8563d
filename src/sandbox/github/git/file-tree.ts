import type { TreeEntry } from './git-objects.ts';
import type { ObjectStore } from './object-store.ts';

/** A file of a tree, folders flattened. */
export type TreeFile = { readonly mode: string; readonly blob: string };
export type FileTree = ReadonlyMap<string, TreeFile>;

/** All files below a tree, by path. */
function filesOf(objects: ObjectStore, tree: string, prefix = ''): Map<string, TreeFile> {
  const files = new Map<string, TreeFile>();
  for (const { mode, name, sha } of objects.tree(tree) ?? []) {
    if (mode === '040000') {
      for (const [path, file] of filesOf(objects, sha, `${prefix}${name}/`)) files.set(path, file);
    } else {
      files.set(prefix + name, { mode, blob: sha });
    }
  }
  return files;
}

/** All files of a commit, by path; empty for an unknown commit. */
export function filesOfCommit(objects: ObjectStore, commit: string): Map<string, TreeFile> {
  const tree = objects.commit(commit)?.tree;
  return tree === undefined ? new Map() : filesOf(objects, tree);
}

/** Stores the trees of these files; returns the root's id. */
export function writeTree(objects: ObjectStore, files: FileTree): string {
  const entries: TreeEntry[] = [];
  const folders = new Map<string, Map<string, TreeFile>>();
  for (const [path, { mode, blob }] of files) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      entries.push({ mode, name: path, sha: blob });
      continue;
    }
    const folder = path.slice(0, slash);
    const below = folders.get(folder) ?? new Map<string, TreeFile>();
    below.set(path.slice(slash + 1), { mode, blob });
    folders.set(folder, below);
  }
  for (const [name, below] of folders) {
    entries.push({ mode: '040000', name, sha: writeTree(objects, below) });
  }
  return objects.putTree(entries);
}

export type TreeChange = {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed';
  readonly before?: TreeFile;
  readonly after?: TreeFile;
};

/** What turns `before` into `after`, by path. */
export function changesBetween(before: FileTree, after: FileTree): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const a = before.get(path);
    const b = after.get(path);
    if (a === undefined && b !== undefined) changes.push({ path, status: 'added', after: b });
    else if (a !== undefined && b === undefined)
      changes.push({ path, status: 'removed', before: a });
    else if (a !== undefined && b !== undefined && !same(a, b)) {
      changes.push({ path, status: 'modified', before: a, after: b });
    }
  }
  return changes;
}

function same(a: TreeFile | undefined, b: TreeFile | undefined): boolean {
  return a?.blob === b?.blob && a?.mode === b?.mode;
}

/**
 * Three-way merge, a file at a time: a file both sides changed differently conflicts. Git itself merges lines, so it
 * would sometimes succeed where this does not; never the other way round.
 * @returns `undefined` when they conflict.
 */
export function mergeFiles(base: FileTree, ours: FileTree, theirs: FileTree): FileTree | undefined {
  const merged = new Map(ours);
  for (const path of new Set([...base.keys(), ...theirs.keys()])) {
    const [was, here, there] = [base.get(path), ours.get(path), theirs.get(path)];
    if (same(was, there) || same(here, there)) continue;
    if (!same(was, here)) return undefined;
    if (there === undefined) merged.delete(path);
    else merged.set(path, there);
  }
  return merged;
}
