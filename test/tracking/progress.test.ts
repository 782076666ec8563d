import fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressOf } from '../../src/tracking/progress.ts';
import type { NodeClaimView } from '../../src/tracking/types.ts';
import { claim, unlaunched, wanted } from './node-claims.ts';

const old = { imageId: 'ami-old' };

test('nothing to replace is no success', () => {
  expect(progressOf([], wanted)).toMatchObject({ kind: 'no-nodes', counts: { total: 0 } });
});

test('counts a fleet in the middle of a rollout, and names who is left', () => {
  const progress = progressOf(
    [
      claim({ name: 'new' }),
      claim({ name: 'unseen', ...old }),
      claim({ name: 'drifted', ...old, drifted: true }),
      claim({ name: 'replacing', ...old, drifted: true, disrupting: true }),
      claim({ name: 'draining', ...old, deleting: true }),
      unlaunched({ name: 'launching' }),
      claim({ name: 'initializing', initialized: false, ready: false }),
      claim({ name: 'broken', ready: false }),
    ],
    wanted,
  );
  expect(progress).toEqual({
    kind: 'replacing',
    counts: { total: 8, replaced: 1, drifted: 3, draining: 1, launching: 2, notReady: 1 },
    remaining: [
      'unseen',
      'drifted',
      'replacing',
      'draining',
      'launching',
      'initializing',
      'broken',
    ],
  });
});

test('a launch that failed and is deleted drains nothing', () => {
  const failed = unlaunched({ name: 'no-capacity', deleting: true });
  const { nodeName: _, ...lost } = claim({ registered: false, initialized: false, ready: false });
  const { counts } = progressOf([failed, { ...lost, deleting: true }], wanted);
  expect(counts).toMatchObject({ draining: 0, launching: 2 });
});

test('two architectures are each on their own image of the release', () => {
  const fleet = [claim(), claim({ imageId: 'ami-new-arm' })];
  expect(progressOf(fleet, wanted).kind).toBe('replaced');
});

test('a new node that consolidation takes away is not work left to do', () => {
  expect(progressOf([claim(), claim({ deleting: true })], wanted).kind).toBe('replaced');
});

test('without a wanted image nothing counts as replaced', () => {
  expect(progressOf([claim()], new Set()).counts.replaced).toBe(0);
});

const anyClaim: fc.Arbitrary<NodeClaimView> = fc
  .record({
    // weighted so that a fleet that is all well does come up
    image: fc.constantFrom('ami-new', 'ami-new', 'ami-new-arm', 'ami-old', undefined),
    name: fc.string(),
    launched: fc.boolean(),
    registered: fc.boolean(),
    initialized: mostly(true),
    ready: mostly(true),
    drifted: fc.boolean(),
    deleting: mostly(false),
    disrupting: mostly(false),
    terminating: mostly(false),
  })
  .map(({ image, ...flags }) => {
    const { imageId: _, ...bare } = claim(flags);
    return image === undefined ? bare : { ...bare, imageId: image };
  });

function mostly(value: boolean): fc.Arbitrary<boolean> {
  return fc.constantFrom(value, value, value, !value);
}

const anyFleet = fc.array(anyClaim, { maxLength: 8 });

test('everyone is counted exactly once, and is either replaced or named as remaining', () => {
  fc.assert(
    fc.property(anyFleet, (fleet) => {
      const { counts, remaining } = progressOf(fleet, wanted);
      const { total, replaced, drifted, draining, launching, notReady } = counts;
      expect(total).toBe(fleet.length);
      expect(replaced + drifted + draining + launching + notReady).toBe(total);
      expect(replaced + remaining.length).toBe(total);
    }),
    { numRuns: 2_000 },
  );
});

test('a fleet is replaced only when there is one and all of it is Ready on wanted images', () => {
  let successes = 0;
  fc.assert(
    fc.property(anyFleet, (fleet) => {
      const well = ({ imageId, ready, initialized }: NodeClaimView) =>
        imageId !== undefined && wanted.has(imageId) && ready && initialized;
      const { kind } = progressOf(fleet, wanted);
      expect(kind === 'replaced').toBe(fleet.length > 0 && fleet.every(well));
      if (kind === 'replaced') successes += 1;
    }),
    { numRuns: 2_000, seed: 7 },
  );
  expect(successes).toBeGreaterThan(50);
});
