import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
beforeAll(async () => {
  demo = await startDemoDeployment();
}, 60_000);
afterAll(() => demo.close());

const where = (...words: readonly string[]) =>
  demo.run(['where', ...words, '--config', demo.config()]);

test('tells which nodes run a release, by their images', async () => {
  const { code, out, err } = await where('al2023@v20261021');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('15 nodes in 3 clusters run al2023@v20261021.');
  expect(out).toContain('staging-eu-1 (staging): 4 nodes on al2023@v20261021');
  expect(out).toContain('there is no recorded way back from it');
});

test('tells which nodes booted a kernel, and what the notes say of it agrees', async () => {
  const { out } = await where('kernel', '6.12.110', '--json');
  const { runs, unknownNodes } = JSON.parse(out);
  expect(unknownNodes).toBe(0);
  expect(runs).toHaveLength(3);
  expect(runs[0]).toEqual({
    cluster: 'staging-eu-1',
    environment: 'staging',
    release: 'al2023@v20261021',
    kernel: '6.12.110-140.180.amzn2023.x86_64',
    driver: null,
    nodes: 4,
  });
  expect((await where('kernel', '6.12.11')).out).toContain('No node that was seen runs kernel');
});

test('a cluster that does not answer is named, and ends with exit code 1', async () => {
  const url = demo.standIns.kubernetes.serverUrl('prod-us-1');
  const config = demo.config([url, 'http://127.0.0.1:9']);
  const { code, out, err } = await demo.run(['where', 'al2023@', '--config', config]);
  expect(out).toContain('9 nodes in 2 clusters');
  expect({ code, err }).toEqual({ code: 1, err: 'Not seen: prod-us-1.' });
});

test('has to be told what, and takes back nothing without a reason', async () => {
  expect(await where()).toMatchObject({ code: 2 });
  expect(await where('al2023@', '--rollback')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--reason'),
  });
  expect(await where('al2023@', '--clusters', 'prod-eu-1')).toMatchObject({
    code: 2,
    err: '--reason and --clusters are for --rollback, which takes back.',
  });
  const why = ['--reason', 'the kernel hangs under load'];
  expect(await where('al2023@', '--rollback', ...why)).toMatchObject({
    code: 1,
    err: 'There is nothing to take back.',
  });
});
