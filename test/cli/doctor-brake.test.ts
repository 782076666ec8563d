import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createAttempts } from '../../src/cli/attempts.ts';
import { paceText, rehearsalNote, tryBrake } from '../../src/cli/doctor-brake.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { minute, second } from '../../src/shared/time.ts';
import { silentLog } from '../../src/workflow/log.ts';
import { configOf } from '../config/minimal-config.ts';
import { cluster, startForTest } from '../sandbox/kubernetes/start-for-test.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

removeFoldersAfterAll();

test('each cluster says how long it takes to hold its nodes, and the record how long a way back took', async () => {
  const other = 'prod-us-1';
  const { standIn } = await startForTest({
    spec: { denied: [] },
    clusters: [{ name: other, region: 'us-east-1', kubernetes: '1.35', nodes: [] }],
  });
  try {
    const entry = (name: string) =>
      `{ name: ${name}, environment: production, region: eu-west-1, kubernetes: '1.35', api: { server: '${standIn.serverUrl(name)}', token: '${standIn.token(name)}' } }`;
    const config = configOf(`version: 1
slack: { mode: socket, botToken: xoxb-1, appToken: xapp-1, channel: C0123ABC }
github: { appId: 42, privateKey: '\${GITHUB_PRIVATE_KEY}' }
aws: { region: eu-west-1 }
store: { embedded: '${join(temporaryFolder(), 'data')}' }
repositories: [{ repository: acme/gitops, files: ['clusters/{environment}/{cluster}/*.yaml'] }]
clusters: [${entry(cluster)}, ${entry(other)}]
environments: [{ name: production, mode: merge, approval: { from: [U0ANN] } }]
`);
    const { attempt, findings } = createAttempts();
    await tryBrake(config, attempt, { clock: systemClock, log: silentLog });
    const told = new Map(findings().map((one) => [one.what, one.missing ?? one.note ?? '']));
    expect(told.get(`brake: ${cluster}`)).toMatch(
      /^permitted; 4 nodes would be held within \d+\.\d s of the service's next look, which comes every \d+ s$/,
    );
    expect(told.get(`brake: ${other}`)).toContain('there is no node of Karpenter to rehearse with');
    expect(told.get('roll back: as on record')).toBe(
      'production: nothing moved there in 90 days, so nothing is known',
    );
    const marked = standIn
      .objects(cluster, 'nodes')
      .filter(({ metadata }) => metadata.annotations?.['amiable.dev/brake'] !== undefined);
    expect(marked).toEqual([]);
  } finally {
    await standIn.close();
  }
}, 60_000);

test('a cluster that does not permit it says what to apply', () => {
  expect(rehearsalNote({ nodes: 4, wouldTakeMs: 0, refused: 'cannot patch nodes' })).toBe(
    'it does not permit it: cannot patch nodes; apply infra/kubernetes/brake.yaml there, or go without the brake',
  );
});

test('the slowest way on record is told, ways back before others', () => {
  const pace = (back: boolean, replaceMs: number) => ({
    environment: 'production',
    back,
    mergeMs: 40 * second,
    deliverMs: 3 * minute,
    replaceMs,
  });
  const forward = [pace(false, 30 * minute), pace(false, 50 * minute)];
  expect(paceText('production', forward)).toBe(
    'production: at most 40 s to the merge, 3 min until the clusters said it, 50 min until the last node (2 waves forward on record)',
  );
  expect(paceText('production', [...forward, pace(true, 20 * minute)])).toBe(
    'production: at most 40 s to the merge, 3 min until the clusters said it, 20 min until the last node (1 way back on record)',
  );
  expect(paceText('staging', forward)).toContain('nothing is known');
});
