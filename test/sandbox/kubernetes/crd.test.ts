import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { NodeClaim, Plural } from '../../../src/sandbox/kubernetes/objects.ts';
import { second } from '../../../src/shared/time.ts';
import { crdChecker } from './crd-schema.ts';
import { cluster, manifests, newAlias, startForTest } from './start-for-test.ts';

const folder = '../shared/reference/data/crds';

const served: readonly { plural: Plural; file: string; version: string }[] = [
  { plural: 'nodeclaims', file: 'karpenter.sh_nodeclaims.yaml', version: 'v1' },
  { plural: 'nodepools', file: 'karpenter.sh_nodepools.yaml', version: 'v1' },
  { plural: 'ec2nodeclasses', file: 'karpenter.k8s.aws_ec2nodeclasses.yaml', version: 'v1' },
  { plural: 'applications', file: 'argoproj.io_applications.yaml', version: 'v1alpha1' },
];

// needs the public CRDs, which only a development machine has
test.skipIf(!existsSync(folder))(
  'every object, at every moment of a troubled rollout, is one the CRDs allow',
  async () => {
    const checks = served.map(({ plural, file, version }) => ({
      plural,
      check: crdChecker(`${folder}/${file}`, version),
    }));
    const { git, standIn, pass } = await startForTest();
    const seen = new Set<string>();
    const broken = new Set<string>();
    const push = (content: string) => () => {
      git.push(content);
      standIn.notifyPush('acme/gitops');
    };
    const story: Readonly<Record<number, () => void>> = {
      1: push(manifests({ alias: newAlias })),
      100: push(manifests({ alias: 'al2023@v19990101' })),
      110: push('nonsense: ['),
      120: push(manifests({ alias: 'al2023 without a version' })),
      170: push(manifests()),
      175: () => standIn.act(cluster, { do: 'launch-failures', how: 'never-registers' }),
      180: () => standIn.act(cluster, { do: 'kill-node' }),
      185: () => standIn.act(cluster, { do: 'interrupt-node' }),
      290: () => standIn.act(cluster, { do: 'launch-failures', how: 'none' }),
    };
    const conditions = new Set<string>();
    for (let turn = 0; turn < 400; turn += 1) {
      story[turn]?.();
      await pass(10 * second);
      for (const { plural, check } of checks)
        for (const object of standIn.objects(cluster, plural)) {
          const key = `${plural}/${object.metadata.name}/${object.metadata.resourceVersion}`;
          if (seen.has(key)) continue;
          seen.add(key);
          for (const fault of check(object)) broken.add(`${plural}: ${fault}`);
          if (plural !== 'nodeclaims') continue;
          for (const { type } of (object as NodeClaim).status?.conditions ?? [])
            conditions.add(type);
        }
    }
    await standIn.close();
    expect([...broken]).toEqual([]);
    expect([...conditions].sort()).toEqual([
      'DisruptionReason',
      'Drained',
      'Drifted',
      'Initialized',
      'InstanceTerminating',
      'Launched',
      'Ready',
      'Registered',
      'VolumesDetached',
    ]);
    expect(seen.size).toBeGreaterThan(120);
  },
);

test.skipIf(!existsSync(folder))('the check itself finds what does not belong', () => {
  const check = crdChecker(`${folder}/karpenter.sh_nodeclaims.yaml`, 'v1');
  expect(check({ spec: { nodeClassRef: { name: 1 }, colour: 'red' } })).toEqual(
    expect.arrayContaining(['/spec/colour is not in the schema']),
  );
});
