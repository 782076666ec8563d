import type { Instant } from '../shared/time.ts';
import { day, minute } from '../shared/time.ts';
import { nextHit, type Schedule, scheduleOf } from './cron.ts';
import { goDurationMs } from './go-duration.ts';

/** A window of an AppProject. Source: argoproj.io/v1alpha1, `spec.syncWindows[]`. */
export type SyncWindow = {
  readonly kind: 'allow' | 'deny';
  readonly schedule: string;
  readonly duration: string;
  readonly applications: readonly string[];
  readonly namespaces: readonly string[];
  readonly clusters: readonly string[];
  /** True: what a person starts is let through. */
  readonly manualSync: boolean;
  /** IANA name; absent: UTC. */
  readonly timeZone?: string;
  /** True: what is named of the three lists has to fit together. */
  readonly andOperator: boolean;
};

/** What Argo CD does not sync now, and until when. */
export type SyncHeld = {
  /** Whether a person may sync all the same. */
  readonly manual: boolean;
  /** When the windows let it through by themselves; absent: not within 400 days, or nobody can tell. */
  readonly opensAt?: Instant;
  /** The window that holds it, in a line. */
  readonly words: string;
};

type Target = {
  readonly name: string;
  readonly destination: {
    readonly server?: string;
    readonly name?: string;
    readonly namespace?: string;
  };
};

/** How far ahead an opening is looked for. */
const horizonMs = 400 * day;
const mostEdges = 2_000;

/** Whether windows hold an Application now, as Argo CD 3 judges them; `undefined`: none does. */
export function syncHeldBy(
  windows: readonly SyncWindow[],
  target: Target,
  now: Instant,
): SyncHeld | undefined {
  const its = windows.filter((window) => isFor(window, target));
  const read = its.map((window) => ({ window, times: timesOf(window, now) }));
  const broken = read.find(({ times }) => times === undefined);
  // a window that Argo CD cannot read lets nothing through
  if (broken !== undefined)
    return { manual: false, words: `${spell(broken.window)}, which Argo CD cannot read` };
  const known = read.flatMap(({ window, times }) =>
    times === undefined ? [] : [{ window, times }],
  );
  const held = holderAt(known, now);
  if (held === undefined) return undefined;
  const opensAt = openingAfter(known, now);
  return {
    manual: held.every(({ window }) => window.manualSync),
    ...(opensAt === undefined ? {} : { opensAt }),
    words: held.map(({ window }) => spell(window)).join(' and '),
  };
}

type Times = {
  readonly schedule: Schedule;
  readonly durationMs: number;
  readonly offsetMs: number;
};
type Known = { readonly window: SyncWindow; readonly times: Times };

/** Those that hold at a time: active denials, else allowances of which none is active. */
function holderAt(known: readonly Known[], at: Instant): readonly Known[] | undefined {
  const denies = known.filter(({ window, times }) => window.kind === 'deny' && isActive(times, at));
  if (denies.length > 0) return denies;
  const allows = known.filter(({ window }) => window.kind === 'allow');
  if (allows.length === 0 || allows.some(({ times }) => isActive(times, at))) return undefined;
  return allows;
}

function openingAfter(known: readonly Known[], now: Instant): Instant | undefined {
  let at = now;
  for (let looked = 0; looked < mostEdges; looked += 1) {
    const edges = known.flatMap(({ times }) => edgesAfter(times, at));
    if (edges.length === 0) return undefined;
    at = Math.min(...edges);
    if (at - now > horizonMs) return undefined;
    if (holderAt(known, at) === undefined) return at;
  }
  return undefined;
}

function isActive({ schedule, durationMs, offsetMs }: Times, at: Instant): boolean {
  const local = at + offsetMs;
  const hit = nextHit(schedule, local - durationMs);
  return hit !== undefined && hit <= local;
}

function edgesAfter({ schedule, durationMs, offsetMs }: Times, at: Instant): readonly Instant[] {
  const local = at + offsetMs;
  const running = nextHit(schedule, local - durationMs);
  const coming = nextHit(schedule, local);
  return [
    ...(running === undefined ? [] : [running + durationMs - offsetMs]),
    ...(coming === undefined ? [] : [coming - offsetMs]),
  ].filter((edge) => edge > at);
}

/** Argo CD takes the zone's offset of now for the whole window. `@daily` and the like it refuses. */
function timesOf(
  { schedule: text, duration, timeZone = 'UTC' }: SyncWindow,
  now: Instant,
): Times | undefined {
  const schedule = text.startsWith('@') ? undefined : scheduleOf(text);
  const durationMs = goDurationMs(duration);
  if (schedule === undefined || durationMs === undefined) return undefined;
  return { schedule, durationMs, offsetMs: offsetOf(timeZone, now) };
}

/** A zone that nobody knows counts as UTC to Argo CD. */
function offsetOf(timeZone: string, now: Instant): number {
  let said: string | undefined;
  try {
    said = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
      .formatToParts(now)
      .find(({ type }) => type === 'timeZoneName')?.value;
  } catch {
    return 0;
  }
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)$/.exec(said ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minute;
}

function isFor(window: SyncWindow, { name, destination }: Target): boolean {
  const { applications, namespaces, clusters, andOperator } = window;
  const asked: readonly (readonly [readonly string[], readonly (string | undefined)[]])[] = [
    [applications, [name]],
    [namespaces, [destination.namespace]],
    [clusters, [destination.name, destination.server]],
  ];
  const fits = asked
    .filter(([patterns]) => patterns.length > 0)
    .map(([patterns, values]) =>
      patterns.some((pattern) =>
        values.some((value) => value !== undefined && globFits(pattern, value)),
      ),
    );
  return andOperator ? fits.length > 0 && fits.every(Boolean) : fits.some(Boolean);
}

/** `*` fits anything, slashes too, and `?` one character; walked, so that no pattern costs much. */
function globFits(pattern: string, value: string): boolean {
  let p = 0;
  let star = -1;
  let from = 0;
  for (let v = 0; v < value.length; ) {
    if (pattern[p] === '*') {
      star = p;
      from = v;
      p += 1;
    } else if (pattern[p] === '?' || pattern[p] === value[v]) {
      p += 1;
      v += 1;
    } else if (star >= 0) {
      from += 1;
      v = from;
      p = star + 1;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

function spell({ kind, schedule, duration, timeZone = 'UTC' }: SyncWindow): string {
  return `${kind} ${schedule} (${timeZone}) for ${duration}`;
}
