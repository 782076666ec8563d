import { expect, test } from 'vitest';
import { phaseOf } from '../../src/tracking/phase.ts';
import { claim, unlaunched, wanted } from './node-claims.ts';

const old = { imageId: 'ami-old' };
const starting = { initialized: false, ready: false };

test.each([
  { phase: 'terminating', nodeClaim: claim({ ...old, deleting: true, terminating: true }) },
  { phase: 'draining', nodeClaim: claim({ ...old, deleting: true, drifted: true }) },
  { phase: 'replacing', nodeClaim: claim({ ...old, disrupting: true, drifted: true }) },
  { phase: 'drifted', nodeClaim: claim({ ...old, drifted: true }) },
  { phase: 'unseen', nodeClaim: claim(old) },
  { phase: 'launching', nodeClaim: unlaunched() },
  { phase: 'registering', nodeClaim: claim({ ...starting, registered: false }) },
  { phase: 'initializing', nodeClaim: claim(starting) },
  { phase: 'not-ready', nodeClaim: claim({ ready: false }) },
  { phase: 'done', nodeClaim: claim() },
])('tells $phase', ({ phase, nodeClaim }) => {
  expect(phaseOf(nodeClaim, wanted)).toBe(phase);
});

test('a node that runs a wanted image is done even when it drifts for another reason', () => {
  expect(phaseOf(claim({ drifted: true }), wanted)).toBe('done');
});
