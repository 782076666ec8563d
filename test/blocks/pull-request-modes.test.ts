import { describe, expect, test } from 'vitest';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { renderThread } from '../../blocks/thread.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { partKey } from '../../src/rollout/part-key.ts';
import type { PullRequestRule } from '../../src/rollout/pull-request-rule.ts';
import {
  after,
  ann,
  asked,
  bo,
  granted,
  opened,
  pullRequest,
  repository,
  staging,
} from '../rollout/story.ts';

const names = new Map<string, string>([
  [ann, 'Ann Lee'],
  [bo, 'Bo Chen'],
]);
const askedUnder = (rule: PullRequestRule): RolloutEvent =>
  ({ ...asked('staging'), policy: { ...staging, pullRequest: rule } }) as RolloutEvent;
const drawn = (...events: readonly RolloutEvent[]) =>
  JSON.stringify(
    rolloutCard({ rollout: after(opened, ...events), names, troubles: [], waits: [] }),
  );

test('of somebody else’s pull request the card says whose it is, and that people merge it', () => {
  const theirs = {
    repository,
    number: 12,
    author: 'octocat',
    pins: [{ path: 'a.yaml', object: '#' }],
  };
  const rollout = after({ ...opened, theirs } as RolloutEvent, asked('staging'));
  const card = JSON.stringify(rolloutCard({ rollout, names, troubles: [], waits: [] }));
  expect(card).toContain('#12 of octocat moves staging');
  expect(card).toContain('people merge it on GitHub');
  expect(card).not.toContain('is opened and merged');
});

describe('the card', () => {
  test('leads to GitHub where merging there is the approval, and offers no other', () => {
    const card = drawn(askedUnder({ merge: 'in-github' }), pullRequest('staging'));
    expect(card).toContain('merging #1 there is the approval');
    expect(card).toContain('waits to be merged on GitHub');
    expect(card).not.toContain('Approve staging');
    expect(card).toContain('Reject staging...');
    expect(card).not.toMatch(/needs approval, \d/);
  });

  test('does not say that a pull request which is only shown early will be merged', () => {
    const card = drawn(askedUnder({ open: 'on-detection' }), pullRequest('staging'));
    expect(card).toContain('needs 1 more approval');
    expect(card).not.toContain('merged once all required checks pass');
  });

  test('has the button Merge once everything was seen to be green, and not before', () => {
    const story = [
      opened,
      askedUnder({ merge: 'by-button' }),
      granted('staging', ann),
      pullRequest('staging'),
    ];
    const cardWith = (seen?: { readonly waitsFor?: string }) =>
      JSON.stringify(
        renderThread({
          rollout: after(...story),
          history: story,
          names,
          sightings: {
            clusters: new Map(),
            troubles: new Map(),
            pullRequests: new Map(
              seen === undefined
                ? []
                : [[partKey({ repository, number: 1 }), { passed: 1, total: 1, ...seen }]],
            ),
          },
        }).card,
      );
    expect(cardWith()).not.toContain('rollout:merge');
    expect(cardWith({ waitsFor: 'waits for its checks' })).not.toContain('rollout:merge');
    const green = cardWith({});
    expect(green).toContain('rollout:merge');
    expect(green).toContain('somebody presses Merge');
    expect(green).toContain('Merge staging');
  });
});

test('the thread says who merged on GitHub, by both names, and that this approves it', () => {
  const history: RolloutEvent[] = [
    opened,
    askedUnder({ merge: 'in-github' }),
    pullRequest('staging'),
    {
      type: 'PullRequestMerged',
      environment: 'staging',
      wave: 'wave-1',
      repository,
      number: 1,
      mergeSha: 'abcdef0123',
      by: 'ann-lee',
      person: ann,
      approved: true,
      byHand: true,
      at: opened.at,
    },
  ];
  const sightings = { clusters: new Map(), troubles: new Map(), pullRequests: new Map() };
  const { replies } = renderThread({ rollout: after(...history), history, names, sightings });
  expect(replies.map(({ message }) => message.text).at(-1)).toContain(
    'by Ann Lee (ann-lee) on GitHub, which approves it',
  );
});
