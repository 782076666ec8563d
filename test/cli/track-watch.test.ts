import { expect, onTestFinished, test } from 'vitest';
import { track } from '../../src/cli/track.ts';
import type { ClusterSpec } from '../../src/sandbox/kubernetes/cluster.ts';
import { minute, second } from '../../src/shared/time.ts';
import type { TrackReport } from '../../src/tracking/track-report.ts';
import {
  cluster,
  manifests,
  newAlias,
  startForTest,
} from '../sandbox/kubernetes/start-for-test.ts';
import { kubeconfigFor } from './kubeconfig.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

/** `amiable track --watch` of a cluster in the sandbox, on its clock. */
async function watching({
  asJson,
  spec = {},
}: {
  readonly asJson: boolean;
  readonly spec?: Partial<ClusterSpec>;
}) {
  const world = await startForTest({ spec });
  onTestFinished(() => world.standIn.close());
  const { standIn, clock } = world;
  const kubeconfig = kubeconfigFor({
    prod: { server: standIn.serverUrl(cluster), token: standIn.token(cluster) },
  });
  const stop = new AbortController();
  const printed: string[] = [];
  const output = { out: (text: string) => void printed.push(text), err() {} };
  const asked = { kubeconfig, asJson, watch: stop.signal, timeZone: 'Asia/Kolkata' };
  const running = track(asked, output, clock);
  onTestFinished(async () => {
    stop.abort();
    await running.catch(() => undefined);
  });
  const until = async (done: () => boolean) => {
    for (let turn = 0; turn < 400 && !done(); turn += 1) await world.pass(5 * second, second);
    expect(done()).toBe(true);
  };
  const reports = () => printed.map((line) => JSON.parse(line) as TrackReport);
  await until(() => printed.length > 0);
  return { ...world, printed, reports, until, stop, running };
}

const stateOf = (report: TrackReport | undefined) => report?.nodeClasses[0]?.state;

test('each change is one line of JSON, from the first node to the last, and Ctrl-C ends it', async () => {
  const { reports, until, git, standIn, pass, stop, running } = await watching({ asJson: true });
  const before = reports();
  // step by step: answers take their real time
  for (let turn = 0; turn < 20; turn += 1) await pass(10 * second, second);
  expect(reports()).toEqual(before);
  git.push(manifests({ alias: newAlias }));
  standIn.notifyPush('acme/gitops');
  await until(() => reports().some((one) => stateOf(one) === 'rolling'));
  await until(() => stateOf(reports().at(-1)) === 'complete');
  const current = reports().map(({ nodeClasses }) => nodeClasses[0]?.nodes.current ?? 0);
  expect(new Set(current).size).toBeGreaterThan(2);
  stop.abort();
  await running;
  const { length: after } = reports();
  standIn.act(cluster, { do: 'add-node', nodePool: 'general' });
  await pass(minute, second);
  expect(reports()).toHaveLength(after);
});

test('a forecast that only moves on with the clock is no news', async () => {
  const pdbs = [{ namespace: 'default', name: 'web', app: 'web-general', minAvailable: '100%' }];
  const { reports, until, git, standIn, pass } = await watching({ asJson: true, spec: { pdbs } });
  git.push(manifests({ alias: newAlias }));
  standIn.notifyPush('acme/gitops');
  await until(() => reports().at(-1)?.forecast?.nodes === 4);
  for (let turn = 0; turn < 12; turn += 1) await pass(10 * second, second);
  const { length: before } = reports();
  for (let turn = 0; turn < 12; turn += 1) await pass(10 * second, second);
  expect(reports()).toHaveLength(before);
});

test('numbers that nobody confirms any more are told as old', async () => {
  const { printed, until, faults, standIn, pass, clock } = await watching({ asJson: false });
  const seen = printed.at(-1);
  expect(seen).not.toContain('not seen since');
  const away = { service: 'kubernetes', times: 10_000 } as const;
  faults.order({ ...away, kind: 'hang', match: 'WATCH' });
  faults.order({ ...away, kind: 'error-500', match: '/nodeclaims' });
  faults.order({ service: 'kubernetes', kind: 'cut-watch', match: 'WATCH', times: 8 });
  standIn.act(cluster, { do: 'add-node', nodePool: 'general' });
  await until(() => printed.at(-1)?.includes('not seen since') === true);
  const told = printed.length;
  await pass(10 * minute, 5 * second);
  expect(printed.slice(told).filter((one) => !one.includes('not seen since'))).toEqual([]);
  // in the reader's zone
  const since = /not seen since (\S+ \S+ GMT\+5:30)/.exec(printed.at(-1) ?? '')?.[1] ?? '';
  expect(clock.now() - Date.parse(since)).toBeGreaterThan(10 * minute);
});
