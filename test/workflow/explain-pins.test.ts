import { expect, test } from 'vitest';
import type { Offer } from '../../src/images/offer.ts';
import { findPins } from '../../src/pins/find-pins.ts';
import { ReleaseId, RepositoryName, RolloutId } from '../../src/shared/ids.ts';
import type { TrainDetection } from '../../src/workflow/detect.ts';
import { explainPins } from '../../src/workflow/explain-pins.ts';
import type { Placed } from '../../src/workflow/placed-pins.ts';
import type { WatchedPin } from '../../src/workflow/watched-pins.ts';

const [v1, v2, v3] = ['v20261021', 'v20261103', 'v20261118'].map((tag) =>
  ReleaseId.parse(`al2023@${tag}`),
) as [ReleaseId, ReleaseId, ReleaseId];
const slot = {
  family: 'al2023',
  region: 'eu-west-1',
  kubernetes: '1.35',
  architecture: 'arm64',
  variant: 'nvidia',
} as const;
const cluster = { name: 'one', environment: 'staging', region: 'eu-west-1', kubernetes: '1.35' };
const offer: Offer = {
  kind: 'offer',
  release: v2,
  skips: 0,
  images: [],
  matrix: [],
  passedOver: [],
};
const rollout = RolloutId.parse('ro_0123456789');

function pinned(term: string): WatchedPin {
  const text = `apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: { name: a }\nspec:\n  amiSelectorTerms:\n    - ${term}\n`;
  const found = findPins('a.yaml', new TextEncoder().encode(text));
  const pin = found.kind === 'pins' ? found.pins[0] : undefined;
  if (pin === undefined) throw new Error(`${term} is no pin`);
  return {
    repository: RepositoryName.parse('acme/gitops'),
    branch: 'main',
    path: 'a.yaml',
    mode: '100644',
    environment: 'staging',
    clusters: ['one'],
    pin,
  };
}

function verdict(
  term: string,
  release: ReleaseId | undefined,
  found: Omit<TrainDetection, 'train' | 'family' | 'behind'>,
  alone?: string,
) {
  const at = pinned(term);
  const placed: Placed[] = release === undefined ? [] : [{ at, cluster, release }];
  const leftAlone = alone === undefined ? [] : [{ at, reason: alone }];
  const trains = [{ train: 'al2023', family: 'al2023', behind: 1, ...found } as const];
  const families = ['al2023'] as const;
  const [one] = explainPins(
    { families },
    { pins: [at], problems: [] },
    { placed, leftAlone },
    { trains },
  );
  return [one?.verdict, one?.reason];
}

const opened = { offer, opened: true, rollout };

test('a pin that is behind is offered the release, and says where', () => {
  expect(verdict(`alias: ${v1}`, v1, opened)).toEqual([
    'behind',
    `${v2}: rollout ${rollout} is open`,
  ]);
  expect(verdict(`alias: ${v1}`, v1, { offer, opened: false, rollout })).toEqual([
    'behind',
    `${v2}: offered already as ${rollout}`,
  ]);
});

test('a pin that is behind waits while another rollout is under way', () => {
  const waits = 'al2023@v20261021 is under way (x)';
  expect(verdict(`alias: ${v1}`, v1, { offer, opened: false, waits })).toEqual([
    'waits',
    `${v2}: ${waits}`,
  ]);
});

test('a pin that names the offered release or a newer one is up to date', () => {
  for (const now of [v2, v3]) expect(verdict(`alias: ${now}`, now, opened)[0]).toBe('up-to-date');
});

test.for([
  [
    { because: 'too-young', eligibleAt: Date.parse('2026-11-25T06:00:00Z') },
    'too young until 2026-11-25T06:00:00Z',
  ],
  [{ because: 'denied', reason: 'breaks our CNI' }, 'denied, breaks our CNI'],
  [{ because: 'recalled', reason: 'SSM went back' }, 'withdrawn, SSM went back'],
  [
    { because: 'incomplete', missing: [slot] },
    'not published yet: arm64 nvidia for Kubernetes 1.35 in eu-west-1',
  ],
  [{ because: 'incomplete', missing: Array.from({ length: 9 }, () => slot) }, 'and 6 more'],
] as const)('a newer release that is %j is what a pin waits for', ([passed, words]) => {
  const none: Offer = {
    kind: 'none',
    reason: 'nothing-eligible',
    passedOver: [{ release: v3, matrix: [], ...passed }],
  };
  const [name, reason] = verdict(`alias: ${v2}`, v2, { offer: none, opened: false });
  expect(name).toBe('waits');
  expect(reason).toContain(`${v3}: `);
  expect(reason).toContain(words);
  // who has it already waits for nothing
  expect(verdict(`alias: ${v3}`, v3, { offer: none, opened: false })[0]).toBe('up-to-date');
});

test.for([
  ['alias: al2023@latest', 'floating', 'it follows every publication by itself'],
  ['name: my-image-*', 'not-editable', ''],
] as const)('%s is %s', ([term, name, words]) => {
  const [verdictName, reason] = verdict(term, undefined, opened);
  expect(verdictName).toBe(name);
  expect(reason).toContain(words);
  expect(reason).not.toBe('');
});

test('an AMI id that EC2 cannot explain is an unknown id', () => {
  expect(verdict('id: ami-0123456789abcdef0', undefined, opened, 'its owner is 999')).toEqual([
    'unknown-id',
    'its owner is 999',
  ]);
  expect(verdict('alias: al2023@v20261021', undefined, opened, 'EKS is silent')[0]).toBe(
    'left-alone',
  );
});

test.for([
  ['bottlerocket@1.50.0', 'releases of bottlerocket are not looked for (detection.families)'],
  ['al2@v20250829', 'Amazon Linux 2 gets no new node images since 2025-11-26'],
])('%s is only reported, with the reason', ([release, words]) => {
  const [name, reason] = verdict(`alias: ${release}`, ReleaseId.parse(release), opened);
  expect(name).toBe('not-moved');
  expect(reason).toContain(words);
});
