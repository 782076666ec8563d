import { normalised } from './application-reads.ts';

/**
 * Which folders take in a file from elsewhere, by their kustomizations and those they build on.
 * @param targets what each folder's kustomization names, by folder without slashes around it; the root is empty.
 * @param path from the root of the repository.
 * @returns folders in no order; none that the file lies in.
 */
export function createIncludedBy(
  targets: ReadonlyMap<string, readonly string[]>,
): (path: string) => readonly string[] {
  const readers = new Map<string, string[]>();
  for (const folder of targets.keys()) {
    for (const file of filesOf(targets, folder)) {
      const known = readers.get(file) ?? [];
      readers.set(file, known);
      known.push(folder);
    }
  }
  return (path) =>
    (readers.get(path) ?? []).filter((folder) => folder !== '' && !path.startsWith(`${folder}/`));
}

/** Everything a folder is built from; what is no folder of a kustomization is taken for a file. */
function filesOf(
  targets: ReadonlyMap<string, readonly string[]>,
  start: string,
): ReadonlySet<string> {
  const files = new Set<string>();
  const folders = new Set([start]);
  for (const folder of folders) {
    for (const target of targets.get(folder) ?? []) {
      // An address, also with a repository's short form, is not of this tree.
      if (/:|^github\.com\//.test(target) || target.startsWith('/')) continue;
      const place = normalised(`${folder}/${target}`);
      if (targets.has(place)) folders.add(place);
      else files.add(place);
    }
  }
  return files;
}
