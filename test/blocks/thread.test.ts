import { describe, expect, test } from 'vitest';
import { renderThread } from '../../blocks/thread.ts';
import type { EventOf, RolloutEvent } from '../../src/rollout/events.ts';
import { partKey } from '../../src/rollout/part-key.ts';
import { asBlocks, mentionsIn } from '../../src/sandbox/slack/mentions.ts';
import { RepositoryName } from '../../src/shared/ids.ts';
import {
  after,
  ann,
  asked,
  bo,
  granted,
  noon,
  opened,
  pullRequest,
  repository,
} from '../rollout/story.ts';
import { hostileName, hostileStory, venom } from './hostile.ts';
import { expectFitForSlack } from './slack-check.ts';
import { cleanStory, names, stories } from './stories.ts';

function threadOf(
  events: readonly RolloutEvent[],
  clusters: readonly string[] = ['stg'],
  note?: string,
  pullRequests: ReadonlyMap<
    string,
    { readonly waitsFor: string; readonly passed: number; readonly total: number }
  > = new Map(),
) {
  const line = (cluster: string) =>
    ({
      cluster,
      wave: cluster === 'stg' ? 'staging/wave-1' : 'production/wave-2',
      replaced: 1,
      total: 3,
      draining: 1,
      launching: 1,
      at: noon,
      ...(note === undefined ? {} : { note }),
    }) as const;
  return renderThread({
    rollout: after(...events),
    history: events,
    sightings: {
      clusters: new Map(clusters.map((cluster) => [cluster, line(cluster)])),
      pullRequests,
      troubles: new Map(),
    },
    names,
  });
}

test('a clean rollout of two environments and three waves costs twelve replies and one for its gate, no broadcast and no mention', () => {
  const { replies, live, card } = threadOf(cleanStory);
  const posts = [
    card,
    ...replies.map(({ message }) => message),
    ...(live === undefined ? [] : [live]),
  ];
  const gates = replies.filter(({ message }) => message.text.includes('now needs'));
  expect(gates).toHaveLength(1);
  // The live message is a reply too, one for all waves.
  expect(replies.length + 1 - gates.length).toBeLessThanOrEqual(12);
  expect(replies.filter(({ broadcast }) => broadcast)).toEqual([]);
  expect(posts.flatMap(({ text, blocks }) => mentionsIn(text, asBlocks(blocks)))).toEqual([]);
});

describe('the end of a window under a wave that moves', () => {
  const ended = (next: 'ask' | 'brake') =>
    threadOf([
      opened,
      asked('staging'),
      granted('staging', ann),
      { type: 'WindowEnded', environment: 'staging', wave: 'wave-1', next, at: noon },
    ]).replies.find(({ message }) => message.text.includes('ended while'));
  const buttonsOf = (reply: ReturnType<typeof ended>) =>
    JSON.stringify(reply?.message.blocks).match(/rollout:[a-z-]+/g) ?? [];

  test('is a question with its answers where the policy asks', () => {
    const reply = ended('ask');
    expect(reply?.broadcast).toBe(true);
    expect(reply?.message.text).toContain('Shall it go on?');
    expect(buttonsOf(reply)).toEqual(['rollout:resume', 'rollout:rollback']);
    if (reply !== undefined) expectFitForSlack(reply.message);
  });
  test('is told, and nothing asked, where it brakes', () => {
    expect(buttonsOf(ended('brake'))).toEqual([]);
  });
});

test('the milestones of a clean rollout tell its story', async () => {
  const told = threadOf(cleanStory).replies.map(({ message }) => message.text);
  await expect(`${told.join('\n')}\n`).toMatchFileSnapshot('../golden/milestones.golden.txt');
});

describe.each(Object.entries(stories))('the thread of %s', (_, events) => {
  test('is taken by Slack with the worst data, and mentions nobody', () => {
    const worst = hostileStory(events);
    const { live, replies } = threadOf(
      worst,
      ['stg', 'prod-a', 'prod-b', 'prod-c'].map(hostileName),
      venom,
    );
    for (const { message } of replies) expectFitForSlack(message);
    if (live !== undefined) expectFitForSlack(live);
  });
});

test('only what people have to act on reaches the channel again', () => {
  const loud = Object.entries(stories)
    .filter(([, events]) => threadOf(events).replies.some(({ broadcast }) => broadcast))
    .map(([name]) => name);
  expect(loud).toEqual([
    'stalled',
    'merge-differs',
    'merged-without-approval',
    'rolling-back',
    'rolled-back',
  ]);
});

test('people are named in plain text', () => {
  const first = threadOf(stories['needs-approval-one-of-two'] ?? []).replies.at(-1);
  expect(first?.message.text).toContain('Ann Lee approved');
  expect(JSON.stringify(first)).not.toContain(ann);
  expect(JSON.stringify(first)).not.toContain(bo);
});

test('two pull requests of the same number, in two repositories, each tell what they wait for', () => {
  const other = RepositoryName.parse('acme/platform');
  const opens = [repository, other].map(
    (of): RolloutEvent => ({
      ...(pullRequest('staging', 'wave-1', 12) as EventOf<'PullRequestOpened'>),
      repository: of,
    }),
  );
  const waits = new Map([
    [
      partKey({ repository, number: 12 }),
      { waitsFor: 'waits for its checks', passed: 1, total: 2 },
    ],
    [
      partKey({ repository: other, number: 12 }),
      { waitsFor: 'has conflicts', passed: 3, total: 3 },
    ],
  ]);
  const { card } = threadOf(
    [opened, asked('staging'), granted('staging', ann), ...opens],
    [],
    undefined,
    waits,
  );
  const shown = JSON.stringify(card);
  expect(shown).toContain('#12 waits for its checks (1 of 2 checks passed)');
  expect(shown).toContain('#12 has conflicts (3 of 3 checks passed)');
});

test('what keeps a merge is told once, and again only when something else keeps it', () => {
  const held = (detail: string): RolloutEvent => ({
    type: 'MergeHeld',
    environment: 'staging',
    wave: 'wave-1',
    because: 'refused',
    detail,
    at: noon,
  });
  const told = threadOf([
    opened,
    asked('staging'),
    pullRequest('staging'),
    held('a rule'),
    held('a rule'),
    held('a conflict'),
    held('a conflict'),
    held('a rule'),
  ]).replies.map(({ message }) => message.text);
  expect(told).toHaveLength(3);
  expect(told[1]).toContain('a conflict');
});

test('a node that flaps reaches the channel once a wave', () => {
  const inWave = { environment: 'staging', wave: 'wave-1', at: noon } as const;
  const flaps = Array.from({ length: 3 }, (): RolloutEvent[] => [
    { type: 'SoakStarted', ...inWave, until: noon, total: 3 },
    { type: 'SoakBroken', ...inWave, because: 'one node is not Ready' },
    { type: 'ReplacementResumed', ...inWave },
  ]).flat();
  const underWay = [granted('staging', ann), pullRequest('staging')];
  const { replies } = threadOf([opened, asked('staging'), ...flaps]);
  expect(replies.filter(({ broadcast }) => broadcast)).toHaveLength(1);
  expect(replies.filter(({ message }) => message.text.includes('broke'))).toHaveLength(3);
  const broken = threadOf([opened, asked('staging'), ...underWay, ...flaps.slice(0, 2)]);
  expect(broken.card.text).toContain('The soak of stg broke');
});

test('a pause on the way back says in the thread that the way back goes on', () => {
  const back = stories['rolling-back'] ?? [];
  const paused: RolloutEvent = { type: 'RolloutPaused', by: ann, at: noon };
  const { replies } = threadOf([...back, paused]);
  expect(replies.at(-1)?.message.text).toBe('Ann Lee paused the rollout. The way back goes on.');
});
