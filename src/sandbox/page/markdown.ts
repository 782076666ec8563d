import { element } from './element.ts';

/**
 * Shows GitHub's Markdown as far as Amiable writes it: headings, lists, tables, bold, italic, code, links, and the escapes
 * that keep other people's words harmless. Everything becomes text of an element, never HTML.
 */
export function markdown(text: string): HTMLElement {
  const box = element('div', 'markdown');
  const lines = text.replaceAll('\r', '').split('\n');
  for (let i = 0; i < lines.length; ) {
    const kind = kindOf(lines, i);
    const first = i;
    do i += 1;
    while (i < lines.length && kind !== 'heading' && kindOf(lines, i, kind) === kind);
    const drawn = draw(kind, lines.slice(first, i));
    if (drawn !== undefined) box.append(drawn);
  }
  return box;
}

type Kind = 'blank' | 'heading' | 'list' | 'table' | 'paragraph';

/** @param inside what the line before it belongs to: only a table's head is known by the rule below it. */
function kindOf(lines: readonly string[], i: number, inside?: Kind): Kind {
  const line = lines[i] ?? '';
  if (line.trim() === '') return 'blank';
  if (/^#{1,6} /.test(line)) return 'heading';
  if (/^[-*] /.test(line)) return 'list';
  const isTable =
    line.startsWith('|') && (inside === 'table' || /^\|( *:?-+:? *\|)+$/.test(lines[i + 1] ?? ''));
  return isTable ? 'table' : 'paragraph';
}

function draw(kind: Kind, lines: readonly string[]): HTMLElement | undefined {
  switch (kind) {
    case 'blank':
      return undefined;
    case 'heading':
      return element('h5', '', ...inline((lines[0] ?? '').replace(/^#+ /, '')));
    case 'list':
      return element('ul', '', ...lines.map((line) => element('li', '', ...inline(line.slice(2)))));
    case 'paragraph':
      return element(
        'p',
        '',
        ...lines.flatMap((line, i) => [...(i > 0 ? [element('br')] : []), ...inline(line)]),
      );
    case 'table': {
      const [head = '', , ...rows] = lines;
      const row = (line: string, cell: 'th' | 'td') =>
        element('tr', '', ...cellsOf(line).map((text) => element(cell, '', ...inline(text))));
      const table = element(
        'table',
        '',
        element('thead', '', row(head, 'th')),
        element('tbody', '', ...rows.map((line) => row(line, 'td'))),
      );
      return element('div', 'table', table);
    }
  }
}

function cellsOf(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

const token =
  /\\([!-/:-@[-`{-~])|`([^`\n]+)`|\*\*(.+?)\*\*|\*([^*\s][^*]*)\*|\[((?:\\.|[^\]\\])*)\]\((https?:\/\/[^)\s]+)\)|&(lt|gt|amp|#8203);/g;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };

function inline(text: string): (Node | string)[] {
  const out: (Node | string)[] = [];
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [whole, escaped, code, bold, italic, label, url, entity] = match;
    out.push(text.slice(at, match.index));
    at = match.index + whole.length;
    if (escaped !== undefined) out.push(escaped);
    else if (code !== undefined) out.push(element('code', '', code));
    else if (bold !== undefined) out.push(element('strong', '', ...inline(bold)));
    else if (italic !== undefined) out.push(element('em', '', ...inline(italic)));
    else if (url !== undefined) {
      const link = element('a', '', ...inline(label ?? url));
      link.href = url;
      link.rel = 'noreferrer';
      link.target = '_blank';
      out.push(link);
    } else out.push(entities[entity ?? ''] ?? '');
  }
  out.push(text.slice(at));
  return out;
}
