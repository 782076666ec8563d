import { expect, test } from 'vitest';
import { blockerLine } from '../../blocks/blockers.ts';
import type { ClusterLine } from '../../blocks/live-progress.ts';
import { liveProgress } from '../../blocks/live-progress.ts';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { statusMessage } from '../../blocks/status.ts';
import { after, noon } from '../rollout/story.ts';
import { venom } from './hostile.ts';
import { expectFitForSlack } from './slack-check.ts';
import { stories } from './stories.ts';

const budget =
  'The disruption budget of NodePool general (nodes 0) allows no replacement now; it opens 2026-07-27T17:00:00Z. 4 nodes wait.';
const line: ClusterLine = {
  cluster: 'stg',
  wave: 'staging/wave-1',
  replaced: 1,
  total: 5,
  draining: 0,
  launching: 0,
  at: noon,
  blockers: [budget],
};
const moving = after(...(stories['stalled'] ?? []));

test('a time in a blocker is the reader’s own, with UTC for clients that cannot', () => {
  expect(blockerLine(budget)).toContain(
    'it opens <!date^1785171600^{date_short_pretty} at {time}|2026-07-27 17:00 UTC>. 4 nodes',
  );
});

test('so is a time in what the card says stands in the way', () => {
  const card = rolloutCard({ rollout: moving, names: new Map(), waits: [], troubles: [budget] });
  expect(JSON.stringify(card.blocks)).toContain('it opens <!date^1785171600^');
  const stalled = after(
    ...(stories['stalled'] ?? []),
    {
      type: 'ReplacementResumed',
      environment: 'staging',
      wave: 'wave-1',
      at: noon,
    },
    {
      type: 'ReplacementStalled',
      environment: 'staging',
      wave: 'wave-1',
      blockers: [budget],
      at: noon,
    },
  );
  const banner = rolloutCard({ rollout: stalled, names: new Map(), waits: [], troubles: [] });
  expect(JSON.stringify(banner.blocks)).toContain('it opens <!date^1785171600^');
});

test('the live message says under the cluster what its nodes wait for', () => {
  const live = liveProgress(moving, [line]);
  expect(JSON.stringify(live?.blocks)).toContain('• The disruption budget of NodePool general');
});

test('another count behind the same blocker is no edit, another blocker is', () => {
  const worth = (blockers: readonly string[]) =>
    liveProgress(moving, [{ ...line, blockers }])?.worth;
  expect(worth([budget.replace('4 nodes', '3 nodes')])).toBe(worth([budget]));
  expect(worth([])).not.toBe(worth([budget]));
});

test('old numbers are shown with their age', () => {
  expect(JSON.stringify(liveProgress(moving, [{ ...line, stale: true }])?.blocks)).toContain(
    '1 of 5, as seen <!date^',
  );
});

test('status tells the first blocker, show tells all of them', () => {
  const clusters = () => [{ ...line, blockers: [budget, 'ip-1 keeps pod a/b.'] }];
  const cardUrls = new Map<string, string>();
  const listed = JSON.stringify(statusMessage([moving], { cardUrls, clusters }));
  expect(listed).toContain('allows no replacement now');
  expect(listed).not.toContain('ip-1 keeps pod');
  const shown = JSON.stringify(statusMessage([moving], { cardUrls, clusters, detailed: true }));
  expect(shown).toContain('ip-1 keeps pod a/b');
  expect(shown).toContain('1 of 5 nodes, as seen');
});

test('the worst names and words are taken by Slack', () => {
  const worst = Array.from({ length: 9 }, () => `${venom} ${budget.repeat(9)}`);
  const live = liveProgress(moving, [{ ...line, blockers: worst }]);
  if (live === undefined) throw new Error('nothing moves');
  expectFitForSlack(live);
  const clusters = () => [{ ...line, blockers: worst }];
  for (const detailed of [true, false])
    expectFitForSlack(statusMessage([moving, moving], { cardUrls: new Map(), clusters, detailed }));
});
