import type { ApplicationSource } from './types.ts';

/**
 * Whether an Application reads a file, as far as its sources say: a file in a source's folder, or a value file. What a
 * kustomization there takes in from elsewhere is not known from the Application: see `createIncludedBy`.
 * @param isFrom whether a source is the file's repository, at a revision that counts.
 */
export function readsFile(
  sources: readonly ApplicationSource[],
  path: string,
  isFrom: (source: ApplicationSource) => boolean,
): boolean {
  return sources.some((source) => {
    const { folder, valueFiles } = source;
    const here = isFrom(source);
    if (here && folder !== undefined && isBelow(normalised(folder), path)) return true;
    return valueFiles.some((file) => {
      const [, ref, rest] = /^\$([^/]+)\/(.+)$/.exec(file) ?? [];
      if (ref !== undefined && rest !== undefined) {
        const other = sources.find((one) => one.ref === ref);
        return other !== undefined && isFrom(other) && normalised(rest) === path;
      }
      const full = file.startsWith('/') ? file : `${folder ?? ''}/${file}`;
      return here && normalised(full) === path;
    });
  });
}

function isBelow(folder: string, path: string): boolean {
  return folder === '' || path.startsWith(`${folder}/`);
}

/** `./a/../b/` → `b`; the root is empty. */
export function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
