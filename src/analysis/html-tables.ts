/** A table of the notes, with `colspan` and `rowspan` filled in, and the `<summary>` that it stands under. */
export type HtmlTable = {
  readonly summary: string;
  readonly rows: readonly (readonly string[])[];
};

/** Bounds for what outsiders may make us hold; the notes need 9 columns, 12 rows and 60 characters. */
const limits = { columns: 32, rows: 400, tables: 400, cell: 200, span: 400 };

type Cell = { text: string; readonly colspan: number; readonly rowspan: number };

/**
 * Reads the tables of a release's notes as browsers would: a new row or cell closes the one before it, whatever is left
 * open ends with its table. Everything else is skipped. One pass; time grows with the length of the text only.
 */
export function readTables(html: string): readonly HtmlTable[] {
  const tables: HtmlTable[] = [];
  let summary = '';
  let rows: Cell[][] | undefined;
  let text = '';
  let open: Cell | undefined;
  let inSummary = false;

  const takeText = (): string => {
    const taken = decode(text.trim()).replace(/\s+/g, ' ').slice(0, limits.cell);
    text = '';
    return taken;
  };
  const closeCell = (): void => {
    if (open !== undefined) open.text = takeText();
    open = undefined;
  };
  const closeTable = (): void => {
    closeCell();
    if (rows !== undefined && tables.length < limits.tables) {
      tables.push({ summary, rows: expanded(rows) });
    }
    rows = undefined;
  };

  for (const { name, attributes, before } of tags(html)) {
    if ((open !== undefined || inSummary) && text.length < 2 * limits.cell) text += before;
    if (name === 'table') {
      closeTable();
      rows = [];
    } else if (name === '/table') closeTable();
    else if (name === 'tr' && rows !== undefined) {
      closeCell();
      if (rows.length < limits.rows) rows.push([]);
    } else if ((name === 'td' || name === 'th') && rows !== undefined) {
      closeCell();
      const row = rows.at(-1);
      if (row === undefined || row.length >= limits.columns) continue;
      open = cellOf(attributes);
      row.push(open);
    } else if (name === '/td' || name === '/th' || name === '/tr') closeCell();
    else if (name === 'summary') {
      inSummary = true;
      text = '';
    } else if (name === '/summary' && inSummary) {
      inSummary = false;
      summary = takeText();
    } else if (name === 'details' || name === '/details') {
      closeTable();
      summary = '';
    }
  }
  closeTable();
  return tables;
}

type Tag = { readonly name: string; readonly attributes: string; readonly before: string };

/** The tags of a text with the text before each; comments are skipped, a `<` that begins no tag is text. */
function* tags(html: string): Generator<Tag> {
  const tag = /<(\/?[a-z][a-z0-9]{0,15})([^<>]{0,400})>/iy;
  let from = 0;
  let before = '';
  for (let at = html.indexOf('<'); at !== -1; at = html.indexOf('<', from)) {
    if (from < at) before += html.slice(from, at);
    if (html.startsWith('<!--', at)) {
      const end = html.indexOf('-->', at + 4);
      if (end === -1) return; // an open comment hides the rest, as in a browser
      from = end + 3;
      continue;
    }
    tag.lastIndex = at;
    const [whole = '<', name, attributes = ''] = tag.exec(html) ?? [];
    from = at + whole.length;
    if (name === undefined) {
      before += '<';
      continue;
    }
    yield { name: name.toLowerCase(), attributes, before };
    before = '';
  }
}

function cellOf(attributes: string): Cell {
  if (attributes === '') return { text: '', colspan: 1, rowspan: 1 };
  const colspan = span(/\bcolspan\s*=\s*["']?(\d{1,4})/i.exec(attributes)?.[1]);
  const rowspan = span(/\browspan\s*=\s*["']?(\d{1,4})/i.exec(attributes)?.[1]);
  return { text: '', colspan, rowspan };
}

function span(given: string | undefined): number {
  return Math.min(limits.span, Math.max(1, Number(given ?? 1)));
}

/** Repeats each cell over the columns and rows it spans, as a grid. */
function expanded(rows: readonly (readonly Cell[])[]): readonly (readonly string[])[] {
  const hanging: ({ text: string; left: number } | undefined)[] = [];
  return rows.map((cells) => {
    const row: string[] = [];
    const takeHanging = (): void => {
      for (let above = hanging[row.length]; above !== undefined; above = hanging[row.length]) {
        above.left -= 1;
        if (above.left === 0) hanging[row.length] = undefined;
        row.push(above.text);
      }
    };
    for (const { text, colspan, rowspan } of cells) {
      takeHanging();
      for (let column = 0; column < colspan && row.length < limits.columns; column += 1) {
        hanging[row.length] = rowspan > 1 ? { text, left: rowspan - 1 } : undefined;
        row.push(text);
      }
    }
    takeHanging();
    return row;
  });
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&mdash;': '—',
  '&nbsp;': ' ',
};

function decode(text: string): string {
  return text.replace(/&[a-z]{2,6};/g, (entity) => entities[entity] ?? entity);
}
