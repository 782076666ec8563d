import { expect, test } from 'vitest';
import { hour, minute } from '../../src/shared/time.ts';
import { createControlPlanes } from '../../src/workflow/control-planes.ts';
import { manualClock } from '../fakes/manual-clock.ts';

const noon = Date.parse('2026-11-20T12:00:00Z');
const cluster = { name: 'one', environment: 'staging', region: 'eu-west-1', eks: 'one-abc123' };

function setUp() {
  const clock = manualClock(noon);
  const asked: string[] = [];
  let answer: () => { kubernetes: string; status?: string } = () => ({ kubernetes: '1.34' });
  const planes = createControlPlanes(async (region, name) => {
    asked.push(`${region} ${name}`);
    return { status: 'ACTIVE', ...answer() };
  }, clock);
  return { clock, asked, planes, says: (next: typeof answer) => (answer = next) };
}

test('what is configured is believed, and nobody is asked', async () => {
  const { planes, asked } = setUp();
  expect(await planes.minorOf({ ...cluster, kubernetes: '1.33' })).toBe('1.33');
  expect(asked).toEqual([]);
});

test('EKS is asked by the cluster’s own name there, and again after five minutes', async () => {
  const { planes, asked, clock, says } = setUp();
  expect(await planes.minorOf(cluster)).toBe('1.34');
  says(() => ({ kubernetes: '1.35' }));
  expect(await planes.minorOf(cluster)).toBe('1.34');
  clock.set(noon + 5 * minute);
  expect(await planes.minorOf(cluster)).toBe('1.35');
  expect(asked).toEqual(['eu-west-1 one-abc123', 'eu-west-1 one-abc123']);
});

test('while EKS does not answer, what it said stands for an hour and no longer', async () => {
  const { planes, clock, says } = setUp();
  await planes.minorOf(cluster);
  says(() => {
    throw new Error('throttled');
  });
  clock.set(noon + hour - 1);
  expect(await planes.minorOf(cluster)).toBe('1.34');
  clock.set(noon + hour);
  await expect(planes.minorOf(cluster)).rejects.toThrow('throttled');
});

test('an answer without a minor is no answer', async () => {
  const { planes, says } = setUp();
  says(() => ({ kubernetes: '' }));
  await expect(planes.minorOf(cluster)).rejects.toThrow('names no Kubernetes minor');
});

test('whether a control plane is changed is as of the last minute', async () => {
  const { planes, clock, says, asked } = setUp();
  const configured = { ...cluster, kubernetes: '1.33' };
  expect(await planes.isUpdating(configured)).toBe(false);
  says(() => ({ kubernetes: '1.34', status: 'UPDATING' }));
  clock.set(noon + minute - 1);
  expect(await planes.isUpdating(configured)).toBe(false);
  clock.set(noon + minute);
  expect(await planes.isUpdating(configured)).toBe(true);
  expect(asked).toHaveLength(2);
});

test('where EKS may not be asked nobody knows, and it is not asked with each look', async () => {
  const { planes, clock, says, asked } = setUp();
  says(() => {
    throw new Error('AccessDenied');
  });
  expect(await planes.isUpdating(cluster)).toBeUndefined();
  clock.set(noon + 10 * minute - 1);
  expect(await planes.isUpdating(cluster)).toBeUndefined();
  expect(asked).toHaveLength(1);
  clock.set(noon + 10 * minute);
  says(() => ({ kubernetes: '1.34' }));
  expect(await planes.isUpdating(cluster)).toBe(false);
});
