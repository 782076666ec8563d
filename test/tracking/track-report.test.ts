import { expect, test } from 'vitest';
import { minute } from '../../src/shared/time.ts';
import { trackReport } from '../../src/tracking/track-report.ts';
import type { ConditionView, NodeClaimView } from '../../src/tracking/types.ts';
import { claim, unlaunched } from './node-claims.ts';

const now = Date.parse('2026-11-20T12:00:00Z');

function condition(type: string, more: Partial<ConditionView> = {}): ConditionView {
  return { type, status: 'True', reason: type, message: '', observedGeneration: 1, ...more };
}

const nodeClass = {
  name: 'default',
  generation: 1,
  terms: [{ alias: 'al2023@v20261118', other: false }],
  amis: ['ami-new'],
  conditions: [condition('AMIsReady'), condition('Ready')],
} as const;

function report(nodeClaims: readonly NodeClaimView[]) {
  return trackReport({
    view: { nodeClasses: [nodeClass], nodePools: [], nodeClaims, observedAt: now },
    surroundings: {},
    applications: [],
    notHandled: undefined,
    notChecked: [],
    now,
  });
}

const coming = (conditions: readonly ConditionView[], ageMs: number) => ({
  initialized: false,
  ready: false,
  detail: { conditions, createdAt: now - ageMs, doNotDisrupt: false },
});

test.each<[string, NodeClaimView]>([
  [
    'a launch that AWS refused',
    unlaunched(
      coming([condition('Launched', { status: 'Unknown', reason: 'LaunchFailed' })], minute),
    ),
  ],
  [
    'an instance that does not join',
    claim({
      registered: false,
      ...coming(
        [
          condition('Launched', { since: now - 8 * minute }),
          condition('Registered', { status: 'Unknown', reason: 'NodeNotFound' }),
        ],
        9 * minute,
      ),
    }),
  ],
])('%s counts as failed, and not as launching', (_, failing) => {
  const { nodeClasses, blockers } = report([claim(), failing]);
  expect(nodeClasses[0]?.nodes).toMatchObject({ total: 2, current: 1, launching: 0, failed: 1 });
  expect(blockers).toHaveLength(1);
});

test('what comes up in its time counts as launching', () => {
  const fresh = unlaunched(
    coming([condition('Launched', { status: 'Unknown', reason: 'AwaitingReconciliation' })], 1000),
  );
  const { nodeClasses, blockers } = report([claim(), fresh]);
  expect(nodeClasses[0]?.nodes).toMatchObject({ total: 2, current: 1, launching: 1, failed: 0 });
  expect(blockers).toEqual([]);
});
