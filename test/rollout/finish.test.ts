import { expect, test } from 'vitest';
import { asksFor, finishRuleOf, jointFinish, sharesAfter } from '../../src/rollout/finish.ts';
import { hour } from '../../src/shared/time.ts';

const general = { atLeast: 0.95, patienceMs: 12 * hour };
const gpu = { atLeast: 0.5, patienceMs: hour, asks: true as const };
const finish = { ...general, pools: { gpu } };

test('a NodePool has its own rule, and all others the general one', () => {
  expect(finishRuleOf(finish, 'gpu')).toEqual(gpu);
  expect(finishRuleOf(finish, 'web')).toEqual(general);
  // a pool may have any name, that of an object's own property too
  expect(finishRuleOf(finish, 'constructor')).toEqual(general);
});

test('a pool that is still waited for needs every node, and so do all before the first patience is over', () => {
  expect(sharesAfter(finish, hour - 1)).toBeUndefined();
  const early = sharesAfter(finish, hour);
  expect([early?.('gpu'), early?.('web')]).toEqual([0.5, 1]);
  const late = sharesAfter(finish, 12 * hour);
  expect([late?.('gpu'), late?.('web')]).toEqual([0.5, 0.95]);
});

test('people are asked where a pool of the tail says so', () => {
  expect(asksFor(finish, ['web'])).toBe(false);
  expect(asksFor(finish, ['web', 'gpu'])).toBe(true);
  expect(asksFor(finish, [])).toBe(false);
});

test('of several the strictest holds, for each pool that any of them names', () => {
  expect(jointFinish([finish, { atLeast: 0.9, patienceMs: 20 * hour, asks: true }])).toEqual({
    atLeast: 0.95,
    patienceMs: 20 * hour,
    asks: true,
    pools: { gpu: { atLeast: 0.9, patienceMs: 20 * hour, asks: true } },
  });
  expect(jointFinish([general, general])).toEqual(general);
});
