import { expect, test } from 'vitest';
import { nodesPicture } from '../../blocks/nodes-picture.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { nodesOverTime } from '../../src/rollout/nodes-over-time.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { after, ann, asked, granted, id, noon, opened, rolledOut } from './story.ts';

const staging = { environment: 'staging', wave: 'wave-1' } as const;
const [before = opened, begun = opened, merged = opened] = rolledOut('staging');
const history: RolloutEvent[] = [
  opened,
  asked('staging'),
  granted('staging', ann),
  before,
  begun,
  { ...merged, at: noon + minute } as RolloutEvent,
  { type: 'MergeVerified', ...staging, at: noon + minute },
  { type: 'SyncObserved', ...staging, cluster: 'stg', at: noon + 2 * minute },
  { type: 'ReplacementObserved', ...staging, replaced: 0, total: 4, at: noon + 3 * minute },
  { type: 'ReplacementObserved', ...staging, replaced: 3, total: 5, at: noon + 9 * minute },
  { type: 'SoakStarted', ...staging, total: 4, until: noon + hour, at: noon + 21 * minute },
];
const rollout = after(...history);

test('follows the nodes from the first merge on, wave by wave', () => {
  expect(nodesOverTime(rollout, history)).toEqual({
    release: rollout.release,
    before: ['al2023@v20261021'],
    total: 5,
    points: [
      { at: noon + minute, moved: 0 },
      { at: noon + 3 * minute, moved: 0 },
      { at: noon + 9 * minute, moved: 3 },
      { at: noon + 21 * minute, moved: 4 },
    ],
    merges: [{ environment: 'staging', at: noon + minute }],
  });
});

test('shows nothing where no node was counted', () => {
  expect(nodesOverTime(after(...history.slice(0, 8)), history.slice(0, 8))).toBeUndefined();
});

test('the words for who does not see it state what it shows', () => {
  const nodes = nodesOverTime(rollout, history);
  if (nodes === undefined) throw new Error('nothing to show');
  const { altText, svg } = nodesPicture(id, nodes);
  expect(altText).toBe(
    'Line chart: 4 of 5 nodes moved from al2023@v20261021 to al2023@v20261118 in 20 min, from 2026-11-20 12:01 UTC to 2026-11-20 12:21 UTC. Half of them had moved by 2026-11-20 12:09 UTC. 1 node had yet to follow.',
  );
  expect(svg()).toContain('1 node, dashed, squares');
});

test('no name breaks out of the picture', () => {
  const venom = '"/><script>&</text>'.repeat(20);
  const drawn = nodesPicture(id, {
    release: venom,
    before: [venom, venom],
    total: 1,
    points: [{ at: noon, moved: 1 }],
    merges: [{ environment: venom, at: noon }],
  }).svg();
  expect(drawn).not.toContain('<script');
  expect(drawn.match(/<\/text>/g)?.length).toBe(drawn.match(/<text /g)?.length);
  expect(drawn).not.toContain('NaN');
});
