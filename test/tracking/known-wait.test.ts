import { expect, test } from 'vitest';
import type { Blocker } from '../../src/tracking/blocker.ts';
import { knownWaitUntil } from '../../src/tracking/known-wait.ts';

const patient = 1_000;
const by = (cause: Blocker['cause'], more: Partial<Blocker> = {}): Blocker => ({
  cause,
  object: 'Kind/name',
  nodes: 1,
  ...more,
});
const until = (...blockers: Blocker[]) => knownWaitUntil(blockers, patient);

test('owners of pods are left alone until patience is over', () => {
  expect(until(by('pdb'), by('do-not-disrupt-pod', { opensAt: 900 }))).toBe(patient);
});

test('what opens later by itself is waited for', () => {
  expect(until(by('budget', { opensAt: 5_000 }), by('pdb'))).toBe(5_000);
});

test('a budget that no schedule opens needs somebody', () => {
  expect(until(by('budget'))).toBeUndefined();
});

test('trouble beside what is known needs somebody', () => {
  expect(until(by('pdb'), by('capacity'))).toBeUndefined();
  expect(until(by('pdb'), by('not-registering'))).toBeUndefined();
});

test('nothing known explains nothing', () => {
  expect(until()).toBeUndefined();
  // pods without a place come and go with every node that moves
  expect(until(by('unschedulable'))).toBeUndefined();
  expect(until(by('pdb'), by('unschedulable'))).toBe(patient);
  // a budget that long drains take is as known as what holds these
  expect(until(by('budget-draining'))).toBeUndefined();
  expect(until(by('pdb'), by('budget-draining'))).toBe(patient);
});
