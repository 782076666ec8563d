import type { TextLine } from './text-lines.ts';
import { textValue } from './text-value.ts';

const kindLine = /^\s*(?:-\s+)?["']?kind["']?\s*[:=]\s*["']?(\w+)["']?\s*,?\s*(?:#.*)?$/;
const nameLine = /^\s*["']?name["']?\s*[:=]/;
const metadataLine = /^\s*["']?metadata["']?\s*[:=]/;

/** How far above its terms an object's `kind` is looked for, in lines. */
const maxAway = 300;

/** The Kubernetes object a line of a template stands in, as far as it can be told without parsing. */
export function ownerOf(
  lines: readonly TextLine[],
  at: TextLine,
): { readonly object?: string; readonly nodeClass?: string } {
  for (let index = at.index - 1; index >= Math.max(0, at.index - maxAway); index -= 1) {
    const line = lines[index];
    if (line === undefined || line.kind === 'boundary') return {};
    if (line.kind !== 'code' || line.indent >= at.indent || !line.text.includes('kind')) continue;
    const kind = kindLine.exec(line.text)?.[1];
    if (kind === undefined) continue;
    const name = nameOf(lines, line);
    const isClass = kind === 'EC2NodeClass' || kind === 'AWSNodeTemplate';
    return {
      object: name === undefined ? kind : `${kind}/${name}`,
      ...(isClass && name !== undefined ? { nodeClass: name } : {}),
    };
  }
  return {};
}

const inlineName =
  /^\s*["']?metadata["']?\s*[:=]\s*\{.*?\bname["']?\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|([^\s"',}]+))/;

/** `metadata.name` of the object whose `kind` stands on a line. */
function nameOf(lines: readonly TextLine[], kind: TextLine): string | undefined {
  const metadata = lines
    .slice(kind.index + 1, kind.index + 10)
    .find(
      (line) => line.kind === 'code' && line.indent <= kind.indent && metadataLine.test(line.text),
    );
  if (metadata === undefined) return undefined;
  const inline = inlineName.exec(metadata.text);
  if (inline !== null) return inline[1] ?? inline[2] ?? inline[3];
  for (const line of lines.slice(metadata.index + 1, metadata.index + 30)) {
    if (line.kind === 'boundary') return undefined;
    if (line.kind !== 'code') continue;
    if (line.indent <= metadata.indent) return undefined;
    if (!nameLine.test(line.text)) continue;
    return textValue(line.text, line.text.search(/[:=]/) + 1)?.value.replace(/,$/, '');
  }
  return undefined;
}
