import { expect, test } from 'vitest';
import { deliveryOf } from '../../src/tracking/delivery.ts';
import type { Resolution } from '../../src/tracking/resolution.ts';
import type { ApplicationView } from '../../src/tracking/types.ts';

function application(changes: Partial<ApplicationView> = {}): ApplicationView {
  return {
    name: 'karpenter-config',
    namespace: 'argocd',
    sync: 'Synced',
    revision: 'merge',
    health: 'Healthy',
    autoSync: true,
    operation: { phase: 'Succeeded', message: 'successfully synced', revision: 'before' },
    conditions: [],
    ...changes,
  };
}

const pending: Resolution = { kind: 'pending', because: 'not resolved yet' };
const lost: Resolution = { kind: 'unresolvable', because: 'no image found' };
const failedOnce = {
  phase: 'Failed',
  message: 'one or more objects failed to apply',
  revision: 'merge',
} as const;

test.each([
  { kind: 'waiting', when: 'Argo CD has not compared the merge yet', contains: false },
  {
    kind: 'syncing',
    when: 'auto-sync is about to start',
    app: application({ sync: 'OutOfSync' }),
  },
  {
    kind: 'syncing',
    when: 'the operation runs',
    app: application({
      sync: 'OutOfSync',
      operation: { phase: 'Running', message: 'waiting', revision: 'merge' },
    }),
  },
  { kind: 'syncing', when: 'it is Synced and the class has not followed yet' },
  {
    kind: 'failed',
    when: 'the sync of this revision failed',
    app: application({ sync: 'OutOfSync', operation: failedOnce }),
  },
  {
    kind: 'syncing',
    when: 'only an older revision failed',
    app: application({ sync: 'OutOfSync', operation: { ...failedOnce, revision: 'before' } }),
  },
  {
    kind: 'out-of-sync-manual',
    when: 'there is no auto-sync',
    app: application({ sync: 'OutOfSync', autoSync: false }),
  },
  {
    kind: 'comparison-error',
    when: 'the manifests do not render, whatever revision stands beside it',
    contains: false,
    app: application({
      sync: 'Unknown',
      conditions: [{ type: 'ComparisonError', message: 'kustomize build failed' }],
    }),
  },
  { kind: 'degraded', when: 'the alias resolves to nothing', resolution: lost },
  {
    kind: 'degraded',
    when: 'the pools are not well after the sync',
    app: application({ health: 'Degraded' }),
  },
])(
  'is $kind when $when',
  ({ kind, app = application(), contains = true, resolution = pending }) => {
    expect(deliveryOf(app, contains, resolution).kind).toBe(kind);
  },
);

test('the live class proves delivery whatever Argo CD says, or without it', () => {
  const resolved: Resolution = { kind: 'resolved' };
  const behind = application({ sync: 'Unknown', health: 'Degraded' });
  expect(deliveryOf(behind, false, resolved)).toEqual({ kind: 'synced' });
  expect(deliveryOf(undefined, false, resolved)).toEqual({ kind: 'synced' });
});

test('Healthy and Synced are no proof', () => {
  expect(deliveryOf(application(), true, pending).kind).not.toBe('synced');
  expect(deliveryOf(undefined, true, pending)).toEqual({ kind: 'waiting' });
});

test('carries the words of Argo CD', () => {
  const app = application({ sync: 'OutOfSync', operation: failedOnce });
  expect(deliveryOf(app, true, pending)).toMatchObject({ words: failedOnce.message });
});
