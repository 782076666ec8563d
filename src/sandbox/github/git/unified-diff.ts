const context = 3;
/** Above this many compared line pairs the middle is shown as replaced whole: right, if longer than need be. */
const maxPairs = 4_000_000;

type Line = { readonly sign: ' ' | '-' | '+'; readonly text: string };

/** The hunks of a unified diff as GitHub's `patch` has them, without file headers; empty when equal. */
export function unifiedDiff(before: string, after: string): string {
  const lines = diffLines(splitLines(before), splitLines(after));
  const changed = lines.flatMap(({ sign }, i) => (sign === ' ' ? [] : [i]));
  const hunks: string[] = [];
  for (let i = 0; i < changed.length; ) {
    let last = i;
    while ((changed[last + 1] ?? Infinity) - (changed[last] ?? 0) <= 2 * context) last += 1;
    const from = Math.max(0, (changed[i] ?? 0) - context);
    const to = Math.min(lines.length, (changed[last] ?? 0) + context + 1);
    hunks.push(hunk(lines, from, to));
    i = last + 1;
  }
  return hunks.join('\n');
}

function hunk(lines: readonly Line[], from: number, to: number): string {
  const count = (part: readonly Line[], without: '-' | '+') =>
    part.filter(({ sign }) => sign !== without).length;
  const range = (without: '-' | '+') => {
    const length = count(lines.slice(from, to), without);
    const start = count(lines.slice(0, from), without) + (length === 0 ? 0 : 1);
    return length === 1 ? `${start}` : `${start},${length}`;
  };
  const body = lines
    .slice(from, to)
    .map(({ sign, text }) =>
      text.endsWith('\n')
        ? sign + text.slice(0, -1)
        : `${sign}${text}\n\\ No newline at end of file`,
    );
  return [`@@ -${range('+')} +${range('-')} @@`, ...body].join('\n');
}

/** Lines with their ends, so that a missing last newline is a difference. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function diffLines(a: readonly string[], b: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end))
    end += 1;
  const kept = (text: string): Line => ({ sign: ' ', text });
  return [
    ...a.slice(0, start).map(kept),
    ...diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(kept),
  ];
}

/** Longest common subsequence by the textbook table. */
function diffMiddle(a: readonly string[], b: readonly string[]): readonly Line[] {
  const removed = (text: string): Line => ({ sign: '-', text });
  const added = (text: string): Line => ({ sign: '+', text });
  if (a.length * b.length > maxPairs) return [...a.map(removed), ...b.map(added)];
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && x === y) {
      lines.push({ sign: ' ', text: x });
      i += 1;
      j += 1;
    } else if (x !== undefined && (y === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(x));
      i += 1;
    } else if (y !== undefined) {
      lines.push(added(y));
      j += 1;
    }
  }
  return lines;
}
