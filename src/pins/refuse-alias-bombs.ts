import type { Node } from 'yaml';
import { isAlias, isMap, isPair, isSeq } from 'yaml';
import { LimitError, maxNodes } from './limits.ts';
import { parseYaml, type YamlTree } from './yaml-tree.ts';

/** Whoever gets from a few values to `maxNodes` needs more aliases than this. */
const harmless = 12;
const aliasMark = /(?:^|[\s,[{:-])\*[\w.-]/g;

/**
 * Refuses a file with a document that becomes huge once its anchors are followed, also where no pin stands beside the
 * bomb: whoever lists pins has to hear that this file was not read.
 * @throws LimitError for such a file; other limits are left to whoever reads its pins.
 */
export function refuseAliasBombs(text: string): void {
  if (!text.includes('&') || !text.includes('*')) return;
  for (const part of text.split(/^(?:---|\.\.\.)(?=[ \t\r\n]|$)/m)) {
    if ((part.match(aliasMark)?.length ?? 0) < harmless) continue;
    const tree = parsed(part);
    if (tree !== undefined && sizeOf(tree) > maxNodes)
      throw new LimitError('the file holds too much once its anchors are followed');
  }
}

function parsed(text: string): YamlTree | undefined {
  try {
    return parseYaml(text, { thorough: true, characters: 0, tokens: 0 });
  } catch (error) {
    if (error instanceof LimitError) return undefined;
    throw error;
  }
}

/** Values with all anchors followed, each anchor counted once and then added; infinite for an alias within its anchor. */
function sizeOf({ root, targets }: YamlTree): number {
  const sizes = new Map<Node, number>();
  const size = (node: unknown): number => {
    if (isAlias(node)) {
      const target = targets.get(node);
      if (target === undefined) return 1;
      const known = sizes.get(target);
      if (known !== undefined) return known;
      sizes.set(target, Number.POSITIVE_INFINITY);
      const followed = size(target);
      sizes.set(target, followed);
      return followed;
    }
    if (isPair(node)) return size(node.key) + size(node.value);
    if (!isMap(node) && !isSeq(node)) return 1;
    let sum = 1;
    for (const item of node.items) sum += size(item);
    return sum;
  };
  return size(root);
}
