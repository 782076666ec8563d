import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Application } from '../../src/sandbox/kubernetes/argocd/objects.ts';
import { maySync } from '../../src/sandbox/kubernetes/argocd/sync-windows.ts';
import { hour, isoOf, minute } from '../../src/shared/time.ts';
import { type SyncWindow, syncHeldBy } from '../../src/tracking/sync-windows.ts';

// a Monday
const noon = Date.parse('2026-07-27T12:00:00Z');
const target = { name: 'karpenter-prod', destination: { name: 'prod', namespace: 'karpenter' } };

function window(of: Partial<SyncWindow>): SyncWindow {
  return {
    kind: 'deny',
    schedule: '0 8 * * 1-5',
    duration: '9h',
    applications: ['*'],
    namespaces: [],
    clusters: [],
    manualSync: false,
    andOperator: false,
    ...of,
  };
}

const opens = (...windows: readonly SyncWindow[]) => {
  const held = syncHeldBy(windows, target, noon);
  if (held === undefined) return 'open';
  return `${held.opensAt === undefined ? 'never' : isoOf(held.opensAt)}${held.manual ? ' by hand' : ''}`;
};

test.each<[string, readonly SyncWindow[], string]>([
  ['no window', [], 'open'],
  ['a denial that runs', [window({})], '2026-07-27T17:00:00Z'],
  ['a denial that lets people', [window({ manualSync: true })], '2026-07-27T17:00:00Z by hand'],
  ['a denial at night', [window({ schedule: '0 22 * * *' })], 'open'],
  ['an allowance that runs', [window({ kind: 'allow' })], 'open'],
  [
    'an allowance at night',
    [window({ kind: 'allow', schedule: '0 22 * * *', duration: '1h' })],
    '2026-07-27T22:00:00Z',
  ],
  [
    'an allowance and a denial at once: the denial counts',
    [window({ kind: 'allow' }), window({ duration: '5h' })],
    '2026-07-27T13:00:00Z',
  ],
  ['a zone of its own', [window({ timeZone: 'America/New_York' })], '2026-07-27T21:00:00Z'],
  [
    'a zone nobody knows, which is UTC',
    [window({ timeZone: 'Mars/Olympus' })],
    '2026-07-27T17:00:00Z',
  ],
  ['a schedule that cannot be read', [window({ schedule: '@daily' })], 'never'],
  ['a denial that never ends', [window({ schedule: '* * * * *' })], 'never'],
  ['another Application', [window({ applications: ['other-*'] })], 'open'],
  ['its cluster', [window({ applications: [], clusters: ['pr?d'] })], '2026-07-27T17:00:00Z'],
  [
    'all of it together, which does not fit',
    [window({ andOperator: true, clusters: ['stg'] })],
    'open',
  ],
])('%s', (_, windows, said) => {
  expect(opens(...windows)).toBe(said);
});

test('agrees with the stand-in’s Argo CD on any windows, at any time', () => {
  const arbitrary = fc.record({
    kind: fc.constantFrom('allow' as const, 'deny' as const),
    schedule: fc
      .tuple(fc.constantFrom('0', '30', '*/20'), fc.constantFrom('*', '3', '8-17', '22'))
      .map(([minutes, hours]) => `${minutes} ${hours} * * *`),
    duration: fc.constantFrom('10m', '1h', '9h', '1h30m'),
    applications: fc.constantFrom([], ['*'], ['karpenter-*'], ['other']),
    namespaces: fc.constantFrom([], ['karpenter']),
    clusters: fc.constantFrom([], ['prod'], ['stg']),
    manualSync: fc.boolean(),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
    andOperator: fc.boolean(),
  });
  let held = 0;
  fc.assert(
    fc.property(
      fc.array(arbitrary, { maxLength: 3 }),
      fc.integer({ min: 0, max: 7 * 24 * 60 }),
      (windows, minutes) => {
        // at a window's very last instant Argo CD itself wavers
        const now = noon + minutes * minute + 1;
        const application = {
          metadata: { name: target.name },
          spec: { project: 'platform', destination: target.destination },
        } as Application;
        const mine = syncHeldBy(windows, target, now);
        if (mine !== undefined) held += 1;
        expect(mine === undefined).toBe(maySync(windows, application, { manual: false, now }));
        expect(mine?.manual ?? true).toBe(maySync(windows, application, { manual: true, now }));
        if (mine?.opensAt === undefined) return;
        const then = { manual: false, now: mine.opensAt + 1 };
        // the offset of a zone is that of now: beyond a change of the clocks both differ from what will be
        if (mine.opensAt - now < 24 * hour) expect(maySync(windows, application, then)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
  expect(held).toBeGreaterThan(50);
});
