import type { NodesOverTime } from '../src/rollout/nodes-over-time.ts';
import type { RolloutId } from '../src/shared/ids.ts';
import { clamp, oneLine } from '../src/shared/text.ts';
import type { Instant } from '../src/shared/time.ts';
import { count } from './phrases.ts';
import type { Picture } from './picture.ts';
import { duration, utcTime } from './times.ts';

const [width, height] = [1600, 800];
/** Where the lines are drawn; right of it stand their names. */
const plot = { left: 110, right: 1130, top: 190, bottom: 690 };
/** Each line has its own stroke and marker beside its colour: who sees no colours tells them apart. */
const ink = {
  text: '#111827',
  faint: '#4b5563',
  grid: '#d1d5db',
  now: '#1d4ed8',
  before: '#b45309',
};

/** Nodes by image over the time of a rollout. */
export function nodesPicture(id: RolloutId, nodes: NodesOverTime): Picture {
  return {
    name: `${id}-nodes.png`,
    title: `Nodes of ${id} by image`,
    altText: clamp(finding(nodes), 1000),
    svg: () => drawn(nodes),
  };
}

/** What the picture shows, in sentences. */
function finding({ release, before, total, points }: NodesOverTime): string {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined) return '';
  const half = points.find(({ moved }) => moved * 2 >= total);
  const from = before.length === 0 ? 'earlier images' : before.map(name).join(', ');
  const rest = total - last.moved;
  return [
    `Line chart: ${last.moved} of ${count(total, 'node')} moved from ${from} to ${name(release)} in ${duration(last.at - first.at)}, from ${utcTime(first.at)} to ${utcTime(last.at)}.`,
    ...(half === undefined ? [] : [`Half of them had moved by ${utcTime(half.at)}.`]),
    ...(rest === 0 ? [] : [`${count(rest, 'node')} had yet to follow.`]),
  ].join(' ');
}

function drawn(nodes: NodesOverTime): string {
  const { release, before, total, points, merges } = nodes;
  const start = points[0]?.at ?? 0;
  const end = Math.max(points.at(-1)?.at ?? 0, start + 1);
  const x = (at: Instant) => plot.left + ((at - start) / (end - start)) * (plot.right - plot.left);
  const y = (value: number) => plot.bottom - (value / total) * (plot.bottom - plot.top);
  const moved = points.at(-1)?.moved ?? 0;
  const old = before.length === 0 ? 'earlier images' : before.map(name).join(', ');
  const now = points.map(({ at, moved: value }) => ({ x: x(at), y: y(value) }));
  const then = points.map(({ at, moved: value }) => ({ x: x(at), y: y(total - value) }));
  const [upper, lower] = apart(y(moved), y(total - moved));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(plot.left, 76, 40, `${moved} of ${count(total, 'node')} on ${name(release)}`, {
      bold: true,
    }),
    text(plot.left, 122, 26, `${utcTime(start)} to ${utcTime(end)}, ${duration(end - start)}`, {
      fill: ink.faint,
    }),
    ...levels(total).map((level) => gridLine(y(level), String(level))),
    ...mergeLines(merges, x),
    ...[start, (start + end) / 2, end].map((at, i) => timeLabel(x(at), at, i)),
    `<path d="${steps(then)}" fill="none" stroke="${ink.before}" stroke-width="6" stroke-dasharray="18 12"/>`,
    ...then.map(
      (at) =>
        `<rect x="${round(at.x - 9)}" y="${round(at.y - 9)}" width="18" height="18" fill="#ffffff" stroke="${ink.before}" stroke-width="5"/>`,
    ),
    `<path d="${steps(now)}" fill="none" stroke="${ink.now}" stroke-width="8"/>`,
    ...now.map(
      (at) => `<circle cx="${round(at.x)}" cy="${round(at.y)}" r="11" fill="${ink.now}"/>`,
    ),
    text(plot.right + 34, upper + 4, 28, clamp(name(release), 24), { fill: ink.now, bold: true }),
    text(plot.right + 34, upper + 38, 24, `${count(moved, 'node')}, solid, dots`, {
      fill: ink.now,
    }),
    text(plot.right + 34, lower + 4, 28, clamp(old, 24), { fill: ink.before, bold: true }),
    text(plot.right + 34, lower + 38, 24, `${count(total - moved, 'node')}, dashed, squares`, {
      fill: ink.before,
    }),
    text(
      plot.left,
      782,
      20,
      'Nodes as counted when each wave moved, at most a quarter of a wave apart.',
      {
        fill: ink.faint,
      },
    ),
    '</svg>',
  ].join('\n');
}

/** None, half and all; of one node there is no half. */
function levels(total: number): readonly number[] {
  return total === 1 ? [0, 1] : [0, Math.round(total / 2), total];
}

function gridLine(at: number, label: string): string {
  return `<path d="M${plot.left} ${round(at)}H${plot.right}" stroke="${ink.grid}" stroke-width="2"/>${text(plot.left - 18, at + 9, 26, label, { anchor: 'end', fill: ink.faint })}`;
}

/** Where a wave was merged; a name that would lie over another one is left out. */
function mergeLines(merges: NodesOverTime['merges'], x: (at: Instant) => number): string[] {
  let free = 0;
  return merges.map(({ environment, at }) => {
    const where = x(at);
    const label = clamp(name(environment), 16);
    const fits = where >= free;
    if (fits) free = where + label.length * 16 + 30;
    const line = `<path d="M${round(where)} ${plot.top - 18}V${plot.bottom}" stroke="${ink.faint}" stroke-width="2" stroke-dasharray="3 7"/>`;
    return `${line}${fits ? text(where + 6, plot.top - 26, 22, label, { fill: ink.faint }) : ''}`;
  });
}

function timeLabel(at: number, time: Instant, i: number): string {
  const anchor = (['start', 'middle', 'end'] as const)[i] ?? 'middle';
  return text(at, plot.bottom + 44, 24, utcTime(time), { anchor, fill: ink.faint });
}

/** A count stays until the next one: it does not slope. */
function steps(points: readonly { readonly x: number; readonly y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const moves = rest.map((point) => `H${round(point.x)}V${round(point.y)}`);
  return `M${round(first.x)} ${round(first.y)}${moves.join('')}`;
}

/** Two labels of two lines each, which do not lie over each other. */
function apart(a: number, b: number): readonly [number, number] {
  const least = 90;
  if (Math.abs(a - b) >= least) return [a, b];
  const middle = Math.min(Math.max((a + b) / 2, plot.top + least / 2), plot.bottom - least / 2);
  return a <= b
    ? [middle - least / 2, middle + least / 2]
    : [middle + least / 2, middle - least / 2];
}

function text(
  x: number,
  y: number,
  size: number,
  said: string,
  {
    fill = ink.text,
    bold = false,
    anchor = 'start',
  }: {
    readonly fill?: string;
    readonly bold?: boolean;
    readonly anchor?: 'start' | 'middle' | 'end';
  } = {},
): string {
  const weight = bold ? ' font-weight="bold"' : '';
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${fill}" text-anchor="${anchor}"${weight}>${escapeXml(said)}</text>`;
}

function name(of: string): string {
  return clamp(oneLine(of), 60);
}

function escapeXml(said: string): string {
  return said
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function round(at: number): number {
  return Math.round(at * 10) / 10;
}
