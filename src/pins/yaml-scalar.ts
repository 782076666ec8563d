import type { Node } from 'yaml';
import { isMap, isScalar } from 'yaml';
import type { TextView } from './text-view.ts';

/** A value as it stands in the file. */
export type Written = {
  readonly value: string;
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
  /** False when the file spells it in another way: escapes, several lines, a block. */
  readonly literal: boolean;
};

/**
 * What is written at a node: a scalar's text, or an unquoted template expression, which YAML takes for a flow map.
 * @returns `undefined` for collections and empty values.
 */
export function writtenAt(view: TextView, node: unknown): Written | undefined {
  if (isScalar(node)) return scalarAt(view, node as Node & { type?: string; value: unknown });
  if (isMap(node) && node.range) {
    const start = node.range[0];
    if (!view.text.startsWith('{{', start)) return undefined;
    const [line = ''] = view.text.slice(start, start + 2000).split(/\r?\n/, 1);
    const value = line.replace(/\s+#.*$/, '').trimEnd();
    return { value, start: view.at(start), end: view.at(start + value.length), literal: false };
  }
  return undefined;
}

function scalarAt(
  view: TextView,
  node: Node & { type?: string; value: unknown },
): Written | undefined {
  if (!node.range) return undefined;
  const value = String(node.value ?? '');
  if (value === '' || (node.type === 'PLAIN' && /^(?:~|null)$/i.test(value))) return undefined;
  const quote = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
  const start = node.range[0] + quote;
  const end = node.range[1] - quote;
  const literal =
    (quote === 1 || node.type === 'PLAIN') &&
    view.text.slice(start, end) === value &&
    view.exact(start, end);
  return { value, start: view.at(start), end: view.at(end), literal };
}
