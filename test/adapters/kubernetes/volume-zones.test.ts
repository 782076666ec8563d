import { expect, test } from 'vitest';
import type { ApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { volumeZones } from '../../../src/adapters/kubernetes/volume-zones.ts';
import { silentLog } from '../../../src/workflow/log.ts';

const inZones = (key: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator: 'In', values }],
});
const zone = 'topology.kubernetes.io/zone';

function volume(name: string, terms: readonly object[] | undefined, bound = true) {
  return {
    metadata: { name: `pv-${name}` },
    spec: {
      csi: { driver: 'ebs.csi.aws.com' },
      ...(bound ? { claimRef: { kind: 'PersistentVolumeClaim', namespace: 'shop', name } } : {}),
      ...(terms === undefined ? {} : { nodeAffinity: { required: { nodeSelectorTerms: terms } } }),
    },
    status: { phase: bound ? 'Bound' : 'Available' },
  };
}

const items = [
  volume('ebs', [inZones(zone, 'eu-west-1a')]),
  volume('older-driver', [inZones('topology.ebs.csi.aws.com/zone', 'eu-west-1b')]),
  volume('regional', [inZones(zone, 'eu-west-1a'), inZones(zone, 'eu-west-1b')]),
  volume('efs', undefined),
  volume('one-node', [inZones('kubernetes.io/hostname', 'ip-1')]),
  volume('or-anywhere', [inZones(zone, 'eu-west-1a'), {}]),
  volume('free', [inZones(zone, 'eu-west-1a')], false),
  { metadata: { name: 'pv-strange' }, spec: 'nothing that can be read' },
];

test('a claim is of the zones that its volume names, and of every zone where one term names none', async () => {
  const asked: string[] = [];
  const api = {
    async get(path: string) {
      asked.push(path);
      return { metadata: { resourceVersion: '1' }, items };
    },
  } as unknown as ApiClient;
  const zones = await volumeZones(api, { cluster: 'prod', log: silentLog });
  expect([...zones]).toEqual([
    ['shop/ebs', ['eu-west-1a']],
    ['shop/older-driver', ['eu-west-1b']],
    ['shop/regional', ['eu-west-1a', 'eu-west-1b']],
  ]);
  expect(asked).toEqual(['/api/v1/persistentvolumes']);
});
