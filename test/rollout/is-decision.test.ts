import { expect, test } from 'vitest';
import { isDecision } from '../../src/rollout/is-decision.ts';
import { ann, noon } from './story.ts';

test('a press of Sync is a decision, which an audit finds; what was seen is none', () => {
  const inWave = { environment: 'staging', wave: 'wave-1', cluster: 'stg', at: noon };
  expect(isDecision({ type: 'SyncRequested', ...inWave, by: ann })).toBe(true);
  expect(isDecision({ type: 'SyncObserved', ...inWave })).toBe(false);
});
