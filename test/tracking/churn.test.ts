import { expect, test } from 'vitest';
import { hour } from '../../src/shared/time.ts';
import { churnOf, churnText } from '../../src/tracking/churn.ts';
import type { EventView, NodeClaimDetail, NodeClaimView } from '../../src/tracking/types.ts';
import { claim, unlaunched, wanted } from './node-claims.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

function detail(reason?: string, more: Partial<NodeClaimDetail> = {}): NodeClaimDetail {
  const disruption = { type: 'DisruptionReason', status: 'True', message: '' } as const;
  return {
    conditions: reason === undefined ? [] : [{ ...disruption, reason }],
    doNotDisrupt: false,
    ...more,
  };
}

const old = { imageId: 'ami-old', drifted: true };
const event = (
  reason: string,
  message = '',
  kind = 'NodeClaim',
  name = 'general-a',
): EventView => ({
  kind,
  name,
  reason,
  message,
});
const causes = (change: Partial<NodeClaimView>, events: readonly EventView[] = []) => [
  ...churnOf([claim(change)], { wanted, outdated: new Set(['ami-134']), events, now }),
];

test.each<[string, Partial<NodeClaimView>, (readonly EventView[])?]>([
  ['drift', { ...old, disrupting: true, detail: detail('Drifted') }],
  ['drift', { ...old, deleting: true, detail: detail('Drifted') }],
  ['upgrade', { imageId: 'ami-134', disrupting: true, detail: detail('Drifted') }],
  ['other-drift', { disrupting: true, detail: detail('Drifted') }],
  ['consolidation', { ...old, deleting: true, detail: detail('Underutilized') }],
  ['consolidation', { deleting: true, detail: detail('Empty') }],
  [
    'consolidation',
    { deleting: true },
    [event('DisruptionTerminating', 'Disrupting NodeClaim: Underutilized')],
  ],
  ['interruption', { deleting: true, detail: detail() }, [event('SpotInterrupted')]],
  ['interruption', { deleting: true }, [event('SpotInterrupted', '', 'Node', 'ip-10-0-0-1')]],
  // what EC2 announces of an instance, which Karpenter takes for an interruption
  ['interruption', { deleting: true, detail: detail() }, [event('InstanceUnhealthy')]],
  // no event tells of a repair
  [
    'repair',
    { deleting: true, detail: detail(undefined, { deletedAt: now, forcedEndAt: now - 1000 }) },
  ],
  [
    'repair',
    {
      deleting: true,
      detail: detail(undefined, { deletedAt: now, forcedEndAt: now, graceMs: hour }),
    },
  ],
  [
    'unknown',
    {
      deleting: true,
      detail: detail(undefined, { deletedAt: now, forcedEndAt: now + hour, graceMs: hour }),
    },
  ],
  [
    'expiry',
    {
      deleting: true,
      detail: detail(undefined, {
        createdAt: now - 720 * hour,
        expireMs: 720 * hour,
        deletedAt: now,
      }),
    },
  ],
  [
    'unknown',
    {
      ...old,
      deleting: true,
      detail: detail(undefined, { createdAt: now - hour, expireMs: 720 * hour }),
    },
  ],
  ['unknown', { deleting: true }, [event('SpotInterrupted', '', 'NodeClaim', 'another')]],
])('a node that leaves by %s is counted as that', (cause, change, events) => {
  expect(causes(change, events)).toEqual([[cause, 1]]);
});

test('a node that stays is none', () => {
  expect(causes({ ...old })).toEqual([]);
});

test('only what is not the rollout is told', () => {
  expect(churnText(new Map([['drift', 7]]))).toBeUndefined();
  expect(
    churnText(
      new Map([
        ['drift', 7],
        ['consolidation', 2],
        ['interruption', 1],
        ['upgrade', 3],
      ]),
    ),
  ).toBe('2 leave by consolidation, 1 by interruption, 3 by a control-plane upgrade');
  expect(churnText(new Map([['unknown', 1]]))).toBe('1 leaves by causes that nothing tells');
});

test('a launch that failed is no node that leaves', () => {
  const failed = unlaunched({ deleting: true });
  expect(churnOf([failed], { wanted, outdated: new Set(), events: [], now }).size).toBe(0);
});
