import { expect, test } from 'vitest';
import { tailOf } from '../../src/tracking/tail.ts';
import type { NodeClaimView } from '../../src/tracking/types.ts';
import { claim, unlaunched, wanted } from './node-claims.ts';

const done = (count: number, nodePool = 'general') =>
  Array.from({ length: count }, (_, i) => claim({ name: `new-${nodePool}-${i}`, nodePool }));
const old = (name: string, change: Partial<NodeClaimView> = {}) =>
  claim({ name, imageId: 'ami-old', drifted: true, ...change });
const tail = (claims: readonly NodeClaimView[], begun = false) =>
  tailOf(claims, wanted, { atLeast: (pool) => (pool === 'gpu' ? 0.25 : 0.75), begun });

test.each<[string, readonly NodeClaimView[], readonly string[] | undefined]>([
  ['enough run the new image', [...done(3), old('a')], ['a']],
  ['one drains for hours', [...done(3), old('a', { deleting: true })], ['a']],
  ['too few run the new image', [...done(2), old('a')], undefined],
  ['another pool is short', [...done(9), old('a', { nodePool: 'gpu' })], undefined],
  [
    'a pool needs less by its own rule',
    [...done(3), ...done(1, 'gpu'), old('a', { nodePool: 'gpu' })],
    ['a'],
  ],
  ['a new node is coming up', [...done(8), old('a'), unlaunched({ name: 'b' })], undefined],
  ['a new node is not Ready', [...done(8), claim({ name: 'b', ready: false })], undefined],
  ['all are done', done(3), []],
  ['there is no node', [], []],
])('when %s, the tail is told', (_, claims, expected) => {
  expect(tail(claims)).toEqual(expected);
});

test('once it was left, one that moves with its replacement stays a tail', () => {
  const moving = [...done(3), old('a', { deleting: true }), unlaunched({ name: 'b' })];
  expect(tail(moving)).toBeUndefined();
  expect(tail(moving, true)).toEqual(['a', 'b']);
  expect(tail([...done(3), unlaunched({ name: 'b' })], true)).toBeUndefined();
});
