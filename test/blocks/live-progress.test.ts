import { expect, test } from 'vitest';
import { type ClusterLine, liveProgress } from '../../blocks/live-progress.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { evolve } from '../../src/rollout/evolve.ts';
import { minute } from '../../src/shared/time.ts';
import {
  after,
  ann,
  asked,
  bo,
  granted,
  noon,
  opened,
  rollback,
  rolledOut,
} from '../rollout/story.ts';

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

test('before anything was seen nothing but who brings it is told, and no number', () => {
  const { text, blocks } = liveProgress(syncing, []) ?? {};
  expect(text).toBe('production: no node is counted yet.');
  expect(JSON.stringify(blocks)).toContain('*prod-b*: Argo CD is bringing the change');
  expect(blocks).toHaveLength(1);
});

test.each([
  ['nodes move', () => replacing],
  ['a wave soaks', () => soaking],
])('a process that begins while %s leaves what was told until it has looked', (_, rollout) => {
  expect(liveProgress(rollout(), [])).toBeUndefined();
});

test('a cluster that was not looked at yet is told as such beside one that was', () => {
  const { text, blocks } = liveProgress(replacing, [seen('prod-b')]) ?? {};
  expect(JSON.stringify(blocks)).toContain('*prod-c*: not counted yet');
  expect(text).toBe('production: 1 of 3 nodes on the new image, others not counted yet.');
});

test('where the change has arrived, nobody is said to be bringing it while others wait', () => {
  const waits = seen('prod-b', { note: 'karpenter-prod-b waits for its sync' });
  const { blocks } = liveProgress(halfSynced, [waits]) ?? {};
  expect(JSON.stringify(blocks)).toContain('*prod-b*: the change has arrived');
  expect(JSON.stringify(blocks)).toContain('*prod-c*: Argo CD is bringing the change');
});

test('what the way forward counted in a cluster is not told as how far its way back is', () => {
  const forward = seen('stg', { wave: 'staging/wave-1', replaced: 3 });
  const { text } = liveProgress(goingBack, [forward]) ?? {};
  expect(text).toBe('staging: no node is counted yet.');
});

test('who saw the last wave tells what was seen', () => {
  const line = (cluster: string, nodes: number) => ({
    cluster,
    wave: 'production/wave-2',
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

const upTo = (last: -1 | -2 | -3 | -4) =>
  after(
    ...staged,
    asked('production'),
    granted('production', ann),
    granted('production', bo),
    ...rolledOut('production', 'wave-1', 2),
    ...rolledOut('production', 'wave-2', 3).slice(0, last),
  );
/** The last wave, each time one event less far: its two clusters say the change before it is counted. */
const [soaking, replacing, halfSynced, syncing] = [upTo(-1), upTo(-2), upTo(-3), upTo(-4)];
const goingBack = after(
  ...staged,
  rollback({ staging: ['stg'] }),
  ...rolledOut('staging', 'rollback-1', 2).slice(0, -3),
);

function seen(cluster: string, changes: Partial<ClusterLine> = {}): ClusterLine {
  const wave = 'production/wave-2';
  return { cluster, wave, replaced: 1, total: 3, draining: 0, launching: 0, at: noon, ...changes };
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

test('an end that is known to the quarter of an hour is told once', () => {
  const endsAt = { p50: noon + 31 * minute, p80: noon + 44 * minute };
  const { blocks } = liveProgress(replacing, [seen('prod-b', { endsAt })]) ?? {};
  expect(JSON.stringify(blocks)).toMatch(/1 of 3, done about <[^>]*>[^>]*prod-c/);
});

test('a stall is worth an edit: the numbers are those it was told with', () => {
  const lines = [seen('prod-b'), seen('prod-c')];
  const stuck: RolloutEvent = {
    type: 'ReplacementStalled',
    environment: 'production',
    wave: 'wave-2',
    blockers: [],
    at: noon + minute,
  };
  const worth = liveProgress(replacing, lines)?.worth;
  expect(liveProgress(evolve(replacing, stuck), lines)?.worth).not.toBe(worth);
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
