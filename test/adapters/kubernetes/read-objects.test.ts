import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clusterViewOf } from '../../../src/adapters/kubernetes/cluster-view.ts';
import { nameOf } from '../../../src/adapters/kubernetes/list-all.ts';
import { readNodeClaim } from '../../../src/adapters/kubernetes/node-claim-record.ts';
import { readNodeClass } from '../../../src/adapters/kubernetes/node-class-view.ts';
import { readNodePool } from '../../../src/adapters/kubernetes/node-pool-view.ts';
import { readNode } from '../../../src/adapters/kubernetes/node-record.ts';
import { readPodBudget } from '../../../src/adapters/kubernetes/pod-budget-view.ts';
import { phaseOf } from '../../../src/tracking/phase.ts';
import { progressOf } from '../../../src/tracking/progress.ts';
import { resolutionOf } from '../../../src/tracking/resolution.ts';

const folder = '../shared/reference/data/karpenter';
const samples = test.skipIf(!existsSync(folder)); // on a development machine only

function objects(file: string): readonly unknown[] {
  const content = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { items?: unknown[] };
  return content.items ?? [content];
}

const wanted = new Set([1, 2, 3, 4, 5].map((last) => `ami-0b22d1ef6b2f6200${last}`));

samples('every NodeClaim of a rollout under way is in the phase it was made for', () => {
  const view = clusterViewOf(
    {
      nodeClasses: [],
      nodePools: [],
      nodeClaims: objects('nodeclaims-mid-rollout.json').map(
        (object) => readNodeClaim(object).value,
      ),
      readyNodes: new Map(
        objects('nodes-mid-rollout.json').map((object) => [nameOf(object), readNode(object).value]),
      ),
    },
    0,
  );
  const phases = view.nodeClaims.map((claim) => `${claim.name} ${phaseOf(claim, wanted)}`);
  expect(phases).toEqual([
    'general-7k2qp unseen',
    'general-9xw4d drifted',
    'general-b5t8n replacing',
    'general-d4h6m registering',
    'general-f8r2s initializing',
    'general-h3v9z done',
    'general-j6c1w draining',
    'general-m2p7x terminating',
    'gpu-q1a5k drifted',
  ]);
  expect(progressOf(view.nodeClaims, wanted).counts).toEqual({
    total: 9,
    replaced: 1,
    drifted: 4,
    draining: 2,
    launching: 2,
    notReady: 0,
  });
});

samples('the classes of the reference are resolved, stalled and without a match', () => {
  const kindOf = (file: string) =>
    objects(file).map((object) => resolutionOf(readNodeClass(object).value, wanted).kind);
  expect(kindOf('ec2nodeclass-ready.json')).toEqual(['resolved']);
  expect(kindOf('ec2nodeclass-unknown-alias-version.json')).toEqual(['unresolvable']);
  expect(kindOf('ec2nodeclass-ami-not-found.json')).toEqual(['unresolvable']);
});

samples('a class names the subnets its nodes get their addresses from', () => {
  const [ready] = objects('ec2nodeclass-ready.json').map((object) => readNodeClass(object).value);
  expect(ready?.subnets?.every((id) => id.startsWith('subnet-'))).toBe(true);
});

test('subnets that cannot be read are as if they were not there', () => {
  const { value, trouble } = readNodeClass({
    metadata: { name: 'default' },
    spec: {},
    status: { subnets: 'none', capacityReservations: [{ id: 'cr-0bb' }] },
  });
  expect(trouble).toBeUndefined();
  expect(value).not.toHaveProperty('subnets');
  expect(value.reservations).toEqual(['cr-0bb']);
});

samples('pools name their class and what they may run on', () => {
  const pools = objects('nodepools.json').map((object) => readNodePool(object));
  expect(pools.every(({ trouble }) => trouble === undefined)).toBe(true);
  expect(pools[0]?.value).toMatchObject({
    name: 'general',
    nodeClass: 'default',
    managedHere: true,
  });
});

const claim = {
  metadata: { name: 'a', labels: { 'karpenter.sh/nodepool': 'p', 'kubernetes.io/arch': 'arm64' } },
  spec: { nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: 'default' } },
};

test('a claim without a status is there and launching, not broken', () => {
  const { value, trouble } = readNodeClaim(claim);
  expect(trouble).toBeUndefined();
  expect(value).toMatchObject({ launched: false, ready: false });
  expect(value).not.toHaveProperty('imageId');
});

test('a claim that makes no sense is counted in its class, and never as well', () => {
  const odd = {
    metadata: {
      name: 'odd',
      labels: { 'karpenter.k8s.aws/ec2nodeclass': 'default', 'karpenter.sh/nodepool': 'p' },
    },
    spec: { nodeClassRef: 'default' },
    status: { imageID: 'ami-new', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const { value, trouble } = readNodeClaim(odd);
  expect(trouble).toContain('spec.nodeClassRef');
  expect(value).toMatchObject({ name: 'odd', nodeClass: 'default' });
  expect(progressOf([value], new Set(['ami-new'])).kind).toBe('replacing');
});

test('a class that makes no sense is never resolved', () => {
  const odd = { metadata: { name: 'default', generation: 3 }, spec: { amiSelectorTerms: 'all' } };
  const { value, trouble } = readNodeClass(odd);
  expect(trouble).toBeDefined();
  expect(resolutionOf(value, new Set(['ami-new'])).kind).toBe('pending');
});

test('an object without a name is no object of Kubernetes', () => {
  expect(() => readNode({ metadata: {} })).toThrow('without a name');
});

test('claims of EKS Auto Mode are counted apart, since nobody moves their image', () => {
  const auto = {
    ...claim,
    spec: { nodeClassRef: { group: 'eks.amazonaws.com', kind: 'NodeClass', name: 'default' } },
  };
  const nodeClaims = [claim, auto].map((object) => readNodeClaim(object).value);
  const view = clusterViewOf(
    { nodeClasses: [], nodePools: [], nodeClaims, readyNodes: new Map() },
    0,
  );
  expect(view).toMatchObject({ notHandled: 1, nodeClaims: [{ name: 'a' }] });
});

test('terms keep what cannot be compared as other', () => {
  const { value } = readNodeClass({
    metadata: { name: 'default' },
    spec: { amiSelectorTerms: [{ alias: 'al2023@v1' }, { name: 'x*', owner: 'self' }] },
  });
  expect(value.terms).toEqual([
    { alias: 'al2023@v1', other: false },
    { name: 'x*', other: true },
  ]);
});

test('a pool is open to both architectures until its requirements say otherwise', () => {
  const pool = (requirements: unknown) =>
    readNodePool({
      metadata: { name: 'p' },
      spec: {
        template: {
          spec: { nodeClassRef: { group: 'karpenter.k8s.aws', name: 'default' }, requirements },
        },
      },
    }).value.architectures;
  const key = 'kubernetes.io/arch';
  expect(pool([])).toEqual(['x86_64', 'arm64']);
  expect(pool([{ key, operator: 'In', values: ['arm64'] }])).toEqual(['arm64']);
  expect(pool([{ key, operator: 'NotIn', values: ['arm64'] }])).toEqual(['x86_64']);
});

test.each([
  ['AlwaysAllow', true],
  ['IfHealthyBudget', undefined],
  [undefined, undefined],
])('a PodDisruptionBudget with the policy %s for unhealthy pods', (policy, letsUnreadyGo) => {
  const { value } = readPodBudget({
    metadata: { namespace: 'shop', name: 'web' },
    spec: { selector: {}, ...(policy && { unhealthyPodEvictionPolicy: policy }) },
  });
  expect(value.letsUnreadyGo).toBe(letsUnreadyGo);
});
