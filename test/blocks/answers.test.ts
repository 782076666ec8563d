import { describe, expect, test } from 'vitest';
import { detectionMessage } from '../../blocks/detection.ts';
import { digestMessage } from '../../blocks/digest.ts';
import { helpMessage, unknownCommand } from '../../blocks/help.ts';
import { approveModal, detailsModal, rejectModal, snoozeModal } from '../../blocks/modals.ts';
import { recallAlert, recallLifted } from '../../blocks/recall-alert.ts';
import { recoveryModal } from '../../blocks/recovery-modal.ts';
import { refusalMessage } from '../../blocks/refusal.ts';
import { rollBackModal } from '../../blocks/roll-back-modal.ts';
import { statusMessage, whichRollout } from '../../blocks/status.ts';
import { RefusalCode } from '../../src/rollout/refusal.ts';
import { view as checkView } from '../../src/sandbox/slack/blocks/payload.ts';
import { tailSentences } from '../../src/tracking/tail-text.ts';
import { after, ann, bo, id, noon } from '../rollout/story.ts';
import { claim } from '../tracking/node-claims.ts';
import { hostileName, hostileStory, venom } from './hostile.ts';
import { expectFitForSlack, foreignMarkup, markupIn } from './slack-check.ts';
import { names, stories } from './stories.ts';

const venomous = new Map([
  [ann, venom],
  [bo, venom],
]);
const worst = Object.values(stories).map((events) => after(...hostileStory(events)));

test('the alert of a recall promises a way back to nobody who has none', () => {
  const at = (cluster: string) => ({ cluster, environment: 'production' });
  const facts = {
    ...{ release: 'al2023@v20261118', detail: 'it hangs', running: [at('a'), at('b')] },
    ...{ unpinned: [at('c')], notSeen: [], withdrawn: [] },
  };
  const some = recallAlert({ ...facts, waysBack: [{ rollout: id, clusters: ['a'] }] }).text;
  expect(some).toContain('with a proven way back: a.');
  expect(some).toContain('no recorded way back for b (production), c (production): move the pins');
  const none = recallAlert({ ...facts, waysBack: [] }).text;
  expect(none).toContain('There is no recorded way back: move the pins by hand');
  expect(none).not.toContain('No rollout brought it');
});

describe.each(RefusalCode.options)('the refusal %s', (code) => {
  const environment = 'production';
  test('says why in plain words', () => {
    const { text } = refusalMessage({ code, environment }, { names, who: [bo, ann] });
    expect(text).toMatch(/^[A-Z].*[.]$/s);
    expect(text).not.toMatch(/undefined|!|U0/);
  });
  test('is taken by Slack with the worst data', () => {
    expectFitForSlack(
      refusalMessage(
        { code, environment: venom, by: ann, at: noon, detail: venom, missing: 1 },
        {
          names: venomous,
          who: [ann, bo, 'U1', 'U2', 'U3'],
          cardUrl: 'https://acme.slack.com/archives/C1/p1',
        },
      ),
    );
  });
});

test('a refusal names at most three people, in the order of the alphabet', () => {
  const many = new Map([
    ['U1', 'Dana'],
    ['U2', 'Ann'],
    ['U3', 'Cy'],
    ['U4', 'Bo'],
  ]);
  const { text } = refusalMessage(
    { code: 'not-an-approver' },
    { names: many, who: [...many.keys()] },
  );
  expect(text).toContain('Who can: Ann, Bo, Cy and 1 more.');
});

test('lists are taken by Slack with the worst data', () => {
  const cardUrls = new Map([[id, 'https://acme.slack.com/archives/C1/p1']]);
  const many = [...worst, ...worst, ...worst];
  expectFitForSlack(statusMessage(many, { cardUrls, frozen: { by: ann, reason: venom } }));
  expectFitForSlack(statusMessage([], { cardUrls }));
  expectFitForSlack(whichRollout(many, { verb: 'show', named: false }));
  expectFitForSlack(helpMessage());
  expectFitForSlack(unknownCommand(venom, 'show'));
  const clusters = Array.from({ length: 60 }, (_, i) => ({
    cluster: hostileName(`c${i}`),
    environment: venom,
    releases: [venom, venom],
    current: false,
  }));
  expectFitForSlack(
    digestMessage({
      clusters,
      newest: venom,
      rollouts: many,
      problems: 3,
      tails: clusters.map(({ cluster }) => ({
        ...{ cluster, environment: venom, release: venom, nodes: 3 },
        why: [venom, venom, venom],
      })),
      retiredModels: [venom],
      at: noon,
    }),
  );
  expectFitForSlack(
    recallAlert({
      release: venom,
      detail: venom,
      running: clusters,
      unpinned: clusters,
      notSeen: clusters.map(({ cluster }) => cluster),
      withdrawn: Array.from({ length: 60 }, () => id),
      waysBack: Array.from({ length: 60 }, () => ({ rollout: id, clusters: [venom, venom] })),
    }),
  );
  expectFitForSlack(
    recallAlert({
      ...{ release: venom, detail: venom, running: [], unpinned: [], notSeen: [] },
      ...{ withdrawn: [], waysBack: [] },
    }),
  );
  expectFitForSlack(recallLifted({ release: venom, detail: venom }));
  const problem = { repository: 'acme/gitops', path: venom, reason: venom };
  expectFitForSlack(
    detectionMessage({
      trains: Array.from({ length: 60 }, (_, i) =>
        i % 2 === 0
          ? {
              train: venom,
              offer: { kind: 'offer', release: venom },
              opened: false,
              waits: venom,
              behind: 1,
            }
          : {
              train: venom,
              offer: {
                kind: 'none',
                reason: 'nothing-eligible',
                passedOver: [{ release: venom, because: 'denied', reason: venom, link: venom }],
              },
              opened: false,
              behind: 1,
            },
      ),
      recalled: Array.from({ length: 9 }, () => ({ release: venom, detail: venom })),
      pins: 1,
      problems: Array.from({ length: 60 }, () => problem),
    }),
  );
});

test('modals are taken by Slack with the worst data', () => {
  const key = { rolloutId: id, environment: 'production', ask: 1 };
  const clusters = Array.from({ length: 60 }, (_, i) => ({
    cluster: hostileName(`c${i}`),
    to: venom,
  }));
  for (const rollout of worst) {
    const choice = {
      clusters,
      leftOut: clusters.map(({ cluster }) => ({ cluster, why: venom })),
      environments: [{ name: 'production', clusters: clusters.map(({ cluster }) => cluster) }],
    };
    const views = [
      rejectModal(key, rollout, 'production'),
      approveModal(key, rollout, 'production'),
      snoozeModal(key, rollout, noon),
      rollBackModal(key, rollout, choice),
      rollBackModal(key, rollout, { ...choice, clusters: clusters.slice(0, 1) }),
      detailsModal(rollout, venomous),
      recoveryModal('a key', {
        clusters: choice.clusters.map((one) => ({ ...one, rollout: rollout.id, from: venom })),
        leftOut: choice.leftOut,
      }),
      recoveryModal('a key', {
        clusters: choice.clusters
          .slice(0, 3)
          .map((one) => ({ ...one, rollout: rollout.id, from: venom })),
        leftOut: [],
      }),
    ];
    for (const view of views) {
      expect(checkView(view, '')).toEqual([]);
      for (const text of markupIn(view)) expect(foreignMarkup(text)).toBe('');
    }
  }
});

test('the digest tells of a tail up to its age and release, however long the names of its nodes are', () => {
  const tail = ['10-0-12-22', '10-0-12-23', '10-0-12-24', '10-0-12-25'].map((name) =>
    claim({ name, nodeName: `ip-${name}.eu-west-1.compute.internal`, imageId: 'ami-old' }),
  );
  const why = tailSentences(
    tail,
    tail.map(({ nodeName = '' }) => ({
      cause: 'pdb',
      node: nodeName,
      object: 'PodDisruptionBudget/payments/ledger-budget',
      owner: 'StatefulSet payments/ledger',
      since: noon,
      words: '3 healthy, 3 needed',
      nodes: 1,
    })),
  );
  const others = Array.from({ length: 3 }, (_, i) => `another reason ${i}`);
  const { blocks } = digestMessage({
    clusters: [],
    rollouts: [],
    problems: 0,
    tails: Array.from({ length: 5 }, (_, i) => ({
      environment: 'production',
      cluster: `prod-${i}`,
      release: 'al2023@v20261118',
      nodes: 4,
      why: [...why, ...others],
    })),
    retiredModels: [],
    at: noon,
  });
  const text = JSON.stringify(blocks);
  expect(text.match(/since <!date[^>]*>; nobody can say when it lets go/g)).toHaveLength(5);
  expect(text).toContain('another reason 0\\n• and 2 more reasons');
});
