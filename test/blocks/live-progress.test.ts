import { expect, test } from 'vitest';
import { type ClusterLine, liveProgress } from '../../blocks/live-progress.ts';
import { minute } from '../../src/shared/time.ts';
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

test('before anything was seen nothing but who brings it is told', () => {
  const { blocks } = liveProgress(replacing, []) ?? {};
  expect(JSON.stringify(blocks)).toContain('*prod-b*: Argo CD is bringing the change');
  expect(blocks).toHaveLength(1);
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

const upTo = (last: -1 | -2) =>
  after(
    ...staged,
    asked('production'),
    granted('production', ann),
    granted('production', bo),
    ...rolledOut('production', 'wave-1', 2),
    ...rolledOut('production', 'wave-2', 3).slice(0, last),
  );
const [soaking, replacing] = [upTo(-1), upTo(-2)];

function seen(cluster: string, changes: Partial<ClusterLine> = {}): ClusterLine {
  return { cluster, replaced: 1, total: 3, draining: 0, launching: 0, at: noon, ...changes };
}

function below(rollout: typeof replacing, lines: readonly ClusterLine[]): string {
  const { blocks = [] } = liveProgress(rollout, lines) ?? {};
  return JSON.stringify(blocks.filter(({ type }) => type === 'context'));
}

test('what health was checked by, and what was not, stands below while nodes move and soak', () => {
  const health = 'Health of new nodes checked by Argo CD. Not checked: metrics and alarms.';
  const lines = ['prod-b', 'prod-c'].map((cluster) => seen(cluster, { health }));
  const moving = below(replacing, lines);
  expect(moving).toContain('As seen');
  expect(moving.match(/Not checked: metrics and alarms\./g)).toHaveLength(1);
  expect(moving).not.toContain('*prod-b');
  const resting = below(soaking, lines);
  expect(resting).toContain('Not checked: metrics and alarms.');
  expect(resting).not.toContain('As seen');
  expect(below(done, lines)).toBe('[]');
});

test('where clusters differ, each is named with what was not checked there', () => {
  const lines = ['prod-b', 'prod-c'].map((cluster) =>
    seen(cluster, { health: `Not checked: ${cluster}'s <pods>.` }),
  );
  expect(below(replacing, lines)).toContain(
    "*prod-b*: Not checked: prod-b's &lt;pods&gt;. *prod-c*: Not checked: prod-c's &lt;pods&gt;.",
  );
});

test.each([
  { perHour: 6.4, said: ', about 6 an hour, done' },
  { perHour: 0.2, said: ', about 5 a day, done' },
  { perHour: undefined, said: '1 of 3, done' },
])('the rate so far stands beside the expected end: $said', ({ perHour, said }) => {
  const endsAt = { p50: noon + 30 * minute, p80: noon + 50 * minute };
  const line = seen('prod-b', { endsAt, ...(perHour === undefined ? {} : { perHour }) });
  expect(JSON.stringify(liveProgress(replacing, [line])?.blocks)).toContain(said);
});
