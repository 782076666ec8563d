import { expect, test } from 'vitest';
import { liveProgress } from '../../blocks/live-progress.ts';
import { after, ann, asked, bo, granted, noon, opened, rolledOut } from '../rollout/story.ts';

const staged = [opened, asked('staging'), granted('staging', ann), ...rolledOut('staging')];
const done = after(
  ...staged,
  asked('production'),
  granted('production', ann),
  granted('production', bo),
  ...rolledOut('production', 'wave-1', 2),
  ...rolledOut('production', 'wave-2', 3),
);

test('a process that begins after the end tells the numbers on record, not that nothing moved', () => {
  const { text, blocks } = liveProgress(done, []) ?? {};
  expect(text).toBe('production: 3 of 3 nodes on the new image.');
  expect(JSON.stringify(blocks)).not.toContain('is bringing the change');
});

test('who saw the last wave tells what was seen', () => {
  const line = (cluster: string, nodes: number) => ({
    cluster,
    replaced: nodes,
    total: nodes,
    draining: 0,
    launching: 0,
    at: noon,
  });
  const told = liveProgress(done, [line('prod-b', 1), line('prod-c', 2)]);
  expect(told?.text).toBe('production: 3 of 3 nodes on the new image.');
  expect(JSON.stringify(told?.blocks)).toContain('*prod-c*: 2 of 2');
});
