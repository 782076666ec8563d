import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CardView, rolloutCard } from '../../blocks/rollout-card.ts';
import { stateOf } from '../../blocks/state.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { Closed } from '../../src/rollout/merge-hours.ts';
import { ann, bo, cy, noon, after as rolloutAfter } from '../rollout/story.ts';
import { drawn } from './drawn.ts';
import { hostileStory, venom } from './hostile.ts';
import { expectFitForSlack } from './slack-check.ts';
import { names, stories } from './stories.ts';

const waits = ['Pull request #1 waits for its checks (5 of 7 checks passed)'];

function cardOf(events: readonly RolloutEvent[]) {
  const rollout = rolloutAfter(...events);
  return rolloutCard({
    rollout,
    names,
    deciders: new Map(rollout.environments.map(({ policy }) => [policy.name, [ann, bo]])),
    troubles: [],
    waits: rollout.environments.some(({ waves }) =>
      waves.some(({ phase }) => phase.name === 'pull-request'),
    )
      ? waits
      : [],
  });
}

describe.each(Object.entries(stories))('%s', (name, events) => {
  test('reads as people reviewed it', async () => {
    await expect(drawn(cardOf(events))).toMatchFileSnapshot(`../golden/cards/${name}.golden.txt`);
  });

  test('is taken by Slack with the worst data, and mentions nobody', () => {
    const rollout = rolloutAfter(...hostileStory(events));
    const worst = rolloutCard({
      rollout,
      names: new Map([
        [ann, venom],
        [bo, venom],
        [cy, venom],
      ]),
      deciders: new Map(
        rollout.environments.map(({ policy }) => [policy.name, [ann, bo, cy, 'U0MORE']]),
      ),
      troubles: [venom, venom],
      waits: [venom, venom, venom, venom, venom],
      frozen: { by: ann, reason: venom },
    });
    expectFitForSlack(worst);
  });

  test('begins with its state word, also where only the text is shown', () => {
    const { text, blocks } = cardOf(events);
    const { word } = stateOf(rolloutAfter(...events));
    expect(text.startsWith(`${word}: EKS nodes al2023@v20261118`)).toBe(true);
    expect(JSON.stringify(blocks[0])).toContain(`${word}: EKS nodes`);
    // A sentence says what is so or comes next; nothing is left open.
    expect(text).toMatch(/[^ ]\.$/);
    expect(text).not.toMatch(/undefined|NaN|somebody asked|\.\.|“”|: \./);
  });
});

describe('the first line of an open pull request', () => {
  const open = rolloutAfter(...(stories['approved'] ?? []));
  const leadWith = (view: Pick<CardView, 'frozen' | 'hours'>) =>
    rolloutCard({ rollout: open, names, troubles: [], waits: [], ...view }).text;
  const closedBy = (because: Closed['because']) => ({
    hours: new Map([['staging', { because, opensAt: noon }]]),
  });

  test.each([
    ['nothing', {}, 'is open; merged once all required checks pass.'],
    [
      'the stop of all merges',
      { frozen: { by: ann, reason: 'incident' } },
      'is open; merged once merges are unfrozen and all required checks pass.',
    ],
    [
      'a freeze',
      closedBy('freeze'),
      'is open; merged after the freeze, once all required checks pass.',
    ],
    [
      'its window',
      closedBy('window'),
      'is open; merged when its window is open, once all required checks pass.',
    ],
    [
      'the end of its window',
      closedBy('forecast'),
      'is open; merged when it fits its window, once all required checks pass.',
    ],
    [
      'no forecast, which holds nothing back',
      { hours: new Map([['staging', 'forecast-unknown' as const]]) },
      'is open; merged once all required checks pass.',
    ],
    [
      'the window of another environment',
      { hours: new Map([['production', { because: 'window' as const }]]) },
      'is open; merged once all required checks pass.',
    ],
  ])('held back by %s', (_, view, said) => {
    expect(leadWith(view)).toContain(said);
  });
});

const notHandled = { managedNodeGroup: 18, autoMode: 6, fargate: 0, other: 0 };
const counted = new Map([['stg', { at: 0, notHandled }]]);

test.each(['rolling-out', 'soaking', 'complete'])(
  'nodes that are not handled are counted on a card that is %s too',
  (name) => {
    const rollout = rolloutAfter(...(stories[name as keyof typeof stories] ?? []));
    const of = (forecasts: typeof counted) =>
      JSON.stringify(rolloutCard({ rollout, names, troubles: [], waits: [], forecasts }));
    expect(of(counted)).toContain('And 18 managed-node-group, 6 Auto Mode nodes not handled.');
    expect(of(new Map())).not.toContain('not handled');
  },
);

test('no text of a person reaches Slack as markup', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string(),
    fc.constant(venom),
  );
  fc.assert(
    fc.property(anything, anything, (reason, detail) => {
      for (const name of [
        'paused',
        'rolling-back',
        'rejected',
        'merge-differs',
        'overtaken',
        'stalled',
      ]) {
        const events = (stories[name] ?? []).map((event) => ({
          ...event,
          ...('reason' in event ? { reason } : {}),
          ...('detail' in event ? { detail } : {}),
          ...('blockers' in event ? { blockers: [reason, detail] } : {}),
        }));
        expectFitForSlack(cardOf(events as readonly RolloutEvent[]));
      }
    }),
    { numRuns: 60 },
  );
});

test('a stop of all merges does not stop the way back, and says so on its card', () => {
  const rollout = rolloutAfter(...(stories['rolling-back'] ?? []));
  const frozen = { by: ann, reason: 'incident' };
  const told = JSON.stringify(rolloutCard({ rollout, names, troubles: [], waits: [], frozen }));
  expect(told).toContain('“incident”. The way back is merged all the same.');
  expect(told).not.toContain('Nothing is merged');
});

test('a pause before anything was merged speaks of no nodes', () => {
  const paused: RolloutEvent = { type: 'RolloutPaused', by: ann, at: noon };
  const { text } = cardOf([...(stories['approved'] ?? []), paused]);
  expect(text).toContain('Paused by Ann Lee. Nothing is merged until somebody resumes it.');
  expect(text).not.toContain('nodes that are due');
});
