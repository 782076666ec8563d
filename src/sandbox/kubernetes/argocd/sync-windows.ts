import { Cron } from 'croner';
import { type Instant, minute } from '../../../shared/time.ts';
import { durationMs } from '../duration.ts';
import type { Application, SyncWindow } from './objects.ts';

/** Whether the project's windows let an Application be synced now, as Argo CD 3 decides it. */
export function maySync(
  windows: readonly SyncWindow[],
  application: Application,
  { manual, now }: { readonly manual: boolean; readonly now: Instant },
): boolean {
  const its = windows.filter((window) => matches(window, application));
  if (its.length === 0) return true;
  const states = its.map((window) => ({ window, active: isActive(window, now) }));
  // a schedule or duration that nobody can read blocks everything
  if (states.some(({ active }) => active === 'invalid')) return false;
  const denies = states.filter(({ window, active }) => window.kind === 'deny' && active);
  if (denies.length > 0) return manual && denies.every(({ window }) => window.manualSync === true);
  const allows = states.filter(({ window }) => window.kind === 'allow');
  if (allows.length === 0 || allows.some(({ active }) => active)) return true;
  return manual && allows.every(({ window }) => window.manualSync === true);
}

function matches(window: SyncWindow, { metadata, spec }: Application): boolean {
  const { applications = [], namespaces = [], clusters = [], andOperator = false } = window;
  const { server = '', name = '', namespace = '' } = spec.destination;
  const asked = [
    [applications, [metadata.name]],
    [namespaces, [namespace]],
    [clusters, [server, name]],
  ] as const;
  const hits = asked
    .filter(([patterns]) => patterns.length > 0)
    .map(([patterns, values]) =>
      patterns.some((pattern) => values.some((value) => value !== '' && glob(pattern, value))),
    );
  return hits.length > 0 && (andOperator ? hits.every(Boolean) : hits.some(Boolean));
}

function glob(pattern: string, value: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`).test(value);
}

/** As Argo CD does, the hit is looked for in UTC with the zone's offset of now added. */
function isActive(
  { schedule, duration, timeZone = 'UTC' }: SyncWindow,
  now: Instant,
): boolean | 'invalid' {
  const lengthMs = durationMs(duration);
  if (lengthMs === undefined || schedule.startsWith('@')) return 'invalid';
  try {
    const cron = new Cron(schedule, { timezone: 'UTC', paused: true, mode: '5-part' });
    const local = now + offsetOf(timeZone, now);
    const hit = cron.nextRun(new Date(local - lengthMs));
    return hit !== null && hit.getTime() < local;
  } catch {
    return 'invalid';
  }
}

/** A zone that nobody knows is UTC to Argo CD. */
function offsetOf(timeZone: string, now: Instant): number {
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
      .formatToParts(now)
      .find(({ type }) => type === 'timeZoneName')?.value;
    const [, sign = '+', hours = '0', minutes = '0'] =
      /GMT(?:([+-])(\d+):(\d+))?/.exec(parts ?? '') ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minute;
  } catch {
    return 0;
  }
}
