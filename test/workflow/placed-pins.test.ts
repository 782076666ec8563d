import { expect, test } from 'vitest';
import { createImages } from '../../src/adapters/aws/images.ts';
import { findPins } from '../../src/pins/find-pins.ts';
import { madeUpImageId } from '../../src/sandbox/aws/publication.ts';
import { ReleaseId, RepositoryName } from '../../src/shared/ids.ts';
import { hour } from '../../src/shared/time.ts';
import { silentLog } from '../../src/workflow/log.ts';
import { placedPins } from '../../src/workflow/placed-pins.ts';
import type { WatchedPin } from '../../src/workflow/watched-pins.ts';
import { july, noon, startForTest } from '../sandbox/aws/start-for-test.ts';

const name = (of: string) => `amazon-eks-node-al2023-arm64-nvidia-1.35-${of}`;
const [old, announced, now] = ['v20260616', 'v20260707', 'v20260714'] as const;

/** A pin by id, in one cluster of eu-west-1. */
function pinned(id: string): WatchedPin {
  const text = `apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: { name: a }\nspec:\n  amiFamily: AL2023\n  amiSelectorTerms:\n    - id: ${id}\n`;
  const found = findPins('a.yaml', new TextEncoder().encode(text));
  const pin = found.kind === 'pins' ? found.pins[0] : undefined;
  if (pin === undefined) throw new Error(`${id} is no pin`);
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

/** Places pins while EC2 throttles every call. */
async function placeThrottled(ids: readonly string[]) {
  const { aws, clock, faults } = await startForTest();
  for (const release of [old, announced, now]) aws.publish({ ...july, release, at: noon - hour });
  faults.order({ service: 'aws', kind: 'rate-limited', match: 'EC2', times: 9 });
  const { endpoint, credentials } = aws;
  const cluster = { name: 'one', environment: 'staging', region: 'eu-west-1', kubernetes: '1.35' };
  const release = ReleaseId.parse(`al2023@${announced}`);
  const world = {
    fleet: { clusters: [cluster], customLines: [] },
    images: createImages({ endpoint, credentials, clock }, silentLog),
    controlPlanes: { minorOf: async () => '1.35' },
    releases: {
      newest: async (family: string) =>
        family === 'al2023' ? [{ release, title: '', publishedAt: noon }] : [],
    },
    log: silentLog,
  } as unknown as Parameters<typeof placedPins>[0];
  const found = await placedPins(world, { pins: ids.map(pinned) });
  return { found, requests: aws.requestCount('SSM') };
}

test('an id that EC2 does not describe is the image of the public parameter that holds it', async () => {
  const ids = [now, announced].map((release) => madeUpImageId('eu-west-1', name(release)));
  const { found, requests } = await placeThrottled(ids);
  expect(found.leftAlone).toEqual([]);
  expect(
    found.placed.map(({ release, slot }) => [release, slot?.architecture, slot?.variant]),
  ).toEqual([now, announced].map((release) => [`al2023@${release}`, 'arm64', 'nvidia']));
  expect(requests).toBeLessThanOrEqual(5);
});

test('an id that nobody knows is left alone with both reasons, and fails nothing else', async () => {
  const known = madeUpImageId('eu-west-1', name(now));
  const { found } = await placeThrottled([madeUpImageId('eu-west-1', name(old)), known]);
  expect(found.placed.map(({ at }) => at.pin.value)).toEqual([known]);
  expect(found.leftAlone.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(
      /^EC2 does not say what it is \(EC2 DescribeImages failed: .*, and it is in no public parameter/,
    ),
  ]);
});
