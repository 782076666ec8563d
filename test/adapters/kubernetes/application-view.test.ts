import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readApplication } from '../../../src/adapters/kubernetes/application-view.ts';
import { deliveryOf } from '../../../src/tracking/delivery.ts';
import { isSameRepository } from '../../../src/tracking/same-repository.ts';

const path = '../shared/reference/data/argocd/applications.json';
const merge = '9f2c1d7e8b4a3c5d6e7f8091a2b3c4d5e6f70812';
const later = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';

type Sample = { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } };

function sample(number: number): unknown {
  const { items } = JSON.parse(readFileSync(path, 'utf8')) as { items: readonly Sample[] };
  return items.find(({ metadata }) =>
    metadata.annotations['sample/scenario']?.startsWith(`${number}-`),
  );
}

const read = (number: number) => readApplication(sample(number), 'acme/gitops-clusters');

// the samples are on a development machine only
test.skipIf(!existsSync(path)).each([
  { number: 1, delivery: 'waiting' },
  { number: 2, delivery: 'waiting' },
  { number: 3, delivery: 'syncing' },
  { number: 4, delivery: 'syncing' },
  { number: 5, delivery: 'syncing' },
  { number: 6, delivery: 'syncing' },
  { number: 7, delivery: 'failed' },
  { number: 8, delivery: 'comparison-error' },
  { number: 9, delivery: 'degraded' },
  { number: 10, delivery: 'syncing' },
  { number: 11, delivery: 'out-of-sync-manual' },
  { number: 12, delivery: 'syncing' },
  { number: 13, delivery: 'syncing' },
  { number: 14, delivery: 'syncing' },
])('scenario $number is $delivery until the class itself is resolved', ({ number, delivery }) => {
  const view = read(number);
  const contains = view.revision === merge || view.revision === later;
  const pending = { kind: 'pending', because: 'not yet' } as const;
  expect(deliveryOf(view, contains, pending).kind).toBe(delivery);
  expect(deliveryOf(view, contains, { kind: 'resolved' }).kind).toBe('synced');
});

test.skipIf(!existsSync(path))('finds the revision of the asked repository', () => {
  expect(read(10).revision).toBe(merge);
  expect(read(10).operation?.revision).toBe(merge);
  expect(read(14).revision).toBe(merge);
  expect(readApplication(sample(10), 'acme/other').revision).toBeUndefined();
  expect(readApplication(sample(10)).revision).toBeUndefined();
  expect(readApplication(sample(5)).revision).toBe(merge);
});

test.skipIf(!existsSync(path))(
  'auto-sync is on only where it is there and not switched off',
  () => {
    expect(read(1).autoSync).toBe(true);
    expect(read(11).autoSync).toBe(false);
  },
);

test('an Application Argo CD has not looked at is Unknown, never Synced', () => {
  const fresh = { metadata: { name: 'new', namespace: 'argocd' }, spec: {} };
  expect(readApplication(fresh)).toEqual({
    name: 'new',
    namespace: 'argocd',
    sync: 'Unknown',
    health: 'Unknown',
    autoSync: false,
    conditions: [],
    sources: [],
    destination: {},
    nodeClasses: [],
    outOfSync: [],
  });
});

test.each([
  ['https://github.com/acme/gitops.git', 'acme/gitops', true],
  ['https://github.com/Acme/GitOps', 'acme/gitops', true],
  ['git@github.com:acme/gitops.git', 'acme/gitops', true],
  ['ssh://git@github.com:22/acme/gitops', 'https://github.com/acme/gitops.git/', true],
  ['https://bot@github.com/acme/gitops', 'git@github.com:acme/gitops', true],
  ['https://github.com/acme/gitops-clusters', 'acme/gitops', false],
  ['https://github.com/notacme/gitops', 'acme/gitops', false],
  ['https://git.example.com/acme/gitops', 'https://github.com/acme/gitops', false],
  ['', 'acme/gitops', false],
])('%s and %s are the same: %s', (url, repository, same) => {
  expect(isSameRepository(url, repository)).toBe(same);
});

test.each([
  { instance: 'root', parent: { kind: 'Application', name: 'root' } },
  { instance: 'team-a_root', parent: { kind: 'Application', name: 'root', namespace: 'team-a' } },
])('the tracking id of $instance says which Application is above', ({ instance, parent }) => {
  const child = {
    metadata: {
      name: 'child',
      namespace: 'argocd',
      annotations: {
        'argocd.argoproj.io/tracking-id': `${instance}:argoproj.io/Application:argocd/child`,
      },
    },
    spec: {},
  };
  expect(readApplication(child).parent).toEqual(parent);
});
