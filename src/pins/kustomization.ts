import { isMap, isScalar, isSeq } from 'yaml';
import { LimitError } from './limits.ts';
import { readSource } from './source-text.ts';
import { parseYaml } from './yaml-tree.ts';

/** Fields of a kustomization that name files or folders, alone or as `path` of an entry. */
const named = new Set([
  'resources',
  'bases',
  'components',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'transformers',
  'generators',
]);

/** Whether a file is what kustomize builds a folder from. */
export function isKustomization(path: string): boolean {
  return /(?:^|\/)(?:kustomization\.ya?ml|Kustomization)$/.test(path);
}

/**
 * The files and folders that a kustomization takes in, as it writes them; addresses of other repositories too.
 * @returns none where it does not parse or exceeds a limit.
 */
export function kustomizationTargets(content: Uint8Array): readonly string[] {
  try {
    const { text } = readSource(content);
    const root = parseYaml(text, { thorough: true, characters: 0, tokens: 0 })?.root;
    if (!isMap(root)) return [];
    return root.items.flatMap(({ key, value }) => {
      if (!isScalar(key) || !named.has(String(key.value)) || !isSeq(value)) return [];
      return value.items.flatMap((item) => {
        const target = isMap(item) ? item.get('path', true) : item;
        return isScalar(target) && typeof target.value === 'string' ? [target.value] : [];
      });
    });
  } catch (cause) {
    if (cause instanceof LimitError) return [];
    throw cause;
  }
}
