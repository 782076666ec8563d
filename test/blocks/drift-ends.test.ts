import { expect, test } from 'vitest';
import { driftEndsText } from '../../blocks/drift-ends.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import {
  after,
  ann,
  asked,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  pullRequest,
  rolledOut,
} from '../rollout/story.ts';

const inStaging = { environment: 'staging', wave: 'wave-1', at: noon } as const;
const approved = [opened, asked('staging'), granted('staging', ann)];
const begun: RolloutEvent[] = [
  ...approved,
  pullRequest('staging'),
  mergeStarted('staging'),
  merged('staging'),
  { type: 'MergeVerified', ...inStaging },
];
const replaced = (count: number): RolloutEvent[] => [
  ...begun,
  { type: 'SyncObserved', ...inStaging, cluster: 'stg' },
  { type: 'ReplacementObserved', ...inStaging, replaced: count, total: 10 },
];

test('a way back while few nodes moved says that the others stay as they are', () => {
  expect(driftEndsText(after(...replaced(4)))).toBe(
    'Fewer than half of the nodes moved (4 of 10 on record): moving the pin back takes the drift away from the others, which stay as they are.',
  );
  expect(driftEndsText(after(...begun))).toContain('No node is on record as replaced yet');
});

test('from half of them on there is nothing to spare', () => {
  expect(driftEndsText(after(...replaced(5)))).toBe('');
  expect(driftEndsText(after(...approved, ...rolledOut('staging')))).toBe('');
});
