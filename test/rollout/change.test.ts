import { expect, test } from 'vitest';
import type { ChangeImage, PinEdit } from '../../src/rollout/change.ts';
import {
  changeOf,
  digestOf,
  partsOf,
  restrictedTo,
  reverseOf,
  wantedImages,
} from '../../src/rollout/change.ts';
import { policyHash } from '../../src/rollout/policy.ts';
import { policy, repository } from './story.ts';

const pin = (cluster: string, changes: Partial<PinEdit> = {}): PinEdit => ({
  repository,
  branch: 'main',
  path: `${cluster}.yaml`,
  object: 'EC2NodeClass/default',
  rest: 'rest',
  kind: 'alias',
  from: 'al2023@v20261021',
  to: 'al2023@v20261118',
  clusters: [cluster],
  ...changes,
});
const image = (cluster: string, imageId: string): ChangeImage => ({
  cluster,
  region: 'eu-central-1',
  kubernetes: '1.33',
  architecture: 'x86_64',
  variant: 'standard',
  imageId,
});
const staging = policyHash(policy('staging'));
const change = changeOf({
  environment: 'staging',
  release: 'al2023@v20261118',
  policy: staging,
  images: [image('a', 'ami-1'), image('b', 'ami-2')],
  pins: [pin('a'), pin('b')],
});

test('the order in which a change was found does not change its digest', () => {
  const turned = changeOf({
    ...change,
    images: change.images.toReversed(),
    pins: change.pins.toReversed(),
  });
  expect(digestOf(turned)).toBe(digestOf(change));
});

test.each([
  ['environment', { environment: 'production' }],
  ['release', { release: 'al2023@v20261125' }],
  ['policy', { policy: policyHash(policy('staging', { soakMs: 1 })) }],
  ['image', { images: [image('a', 'ami-1'), image('b', 'ami-3')] }],
  ['missing pin', { pins: [pin('a')] }],
  ['path', { pins: [pin('a'), pin('b', { path: 'c.yaml' })] }],
  ['object', { pins: [pin('a'), pin('b', { object: 'EC2NodeClass/gpu' })] }],
  ['branch', { pins: [pin('a'), pin('b', { branch: 'release' })] }],
  ['repository', { pins: [pin('a'), pin('b', { repository: 'acme/more' as never })] }],
  ['what stands around the pin', { pins: [pin('a'), pin('b', { rest: 'else' })] }],
  ['value before', { pins: [pin('a'), pin('b', { from: 'al2023@v20261028' })] }],
  ['value after', { pins: [pin('a'), pin('b', { to: 'al2023@v20261125' })] }],
  ['clusters', { pins: [pin('a'), pin('b', { clusters: ['b', 'c'] })] }],
])('another %s is another digest', (_, other) => {
  expect(digestOf(changeOf({ ...change, ...other }))).not.toBe(digestOf(change));
});

test('a wave has a part in each repository its clusters have pins in', () => {
  const more = pin('b', { repository: 'acme/more' as never });
  const parts = partsOf(changeOf({ ...change, pins: [pin('a'), pin('b'), more] }), {
    clusters: ['b'],
  });
  expect([...parts].map(([name, pins]) => [name, pins.map(({ path }) => path)])).toEqual([
    [repository, ['b.yaml']],
    ['acme/more', ['b.yaml']],
  ]);
});

test('what is left of a change is what would be computed for the rest alone', () => {
  const alone = changeOf({ ...change, images: [image('b', 'ami-2')], pins: [pin('b')] });
  expect(digestOf(restrictedTo(change, [{ clusters: ['b'] }]))).toBe(digestOf(alone));
  expect(digestOf(restrictedTo(change, [{ clusters: ['a', 'b'] }]))).toBe(digestOf(change));
});

test('a file that two clusters read moves for either', () => {
  const shared = changeOf({ ...change, pins: [pin('a', { clusters: ['a', 'b'] })] });
  expect(partsOf(shared, { clusters: ['b'] }).get(repository)).toHaveLength(1);
  expect(restrictedTo(shared, [{ clusters: ['b'] }]).pins).toHaveLength(1);
  const back = reverseOf([shared], { clusters: ['b'], release: 'x', images: [] });
  expect(back.pins).toHaveLength(1);
});

test('a cluster’s nodes are to run its own images', () => {
  expect([...wantedImages(change, 'b')]).toEqual(['ami-2']);
});

test('the way back turns each pin around, for the chosen clusters', () => {
  const back = reverseOf([change], { clusters: ['b'], release: 'al2023@v20261021', images: [] });
  expect(back.pins).toEqual([{ ...pin('b'), from: 'al2023@v20261118', to: 'al2023@v20261021' }]);
  expect(back.release).toBe('al2023@v20261021');
});

test('a pin that two asks named goes back to what the later one replaced', () => {
  const later = changeOf({ ...change, pins: [pin('b', { from: 'al2023@v20261028' })] });
  const back = reverseOf([change, later], {
    clusters: ['a', 'b'],
    release: 'mixed',
    images: [image('a', 'ami-0'), image('z', 'ami-9')],
  });
  expect(back.pins.map(({ path, to }) => [path, to])).toEqual([
    ['a.yaml', 'al2023@v20261021'],
    ['b.yaml', 'al2023@v20261028'],
  ]);
  expect(back.images.map(({ cluster }) => cluster)).toEqual(['a']);
  expect(() => reverseOf([], { clusters: [], release: 'x', images: [] })).toThrow('no change');
});
