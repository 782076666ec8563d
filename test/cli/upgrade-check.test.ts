import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
beforeAll(async () => {
  demo = await startDemoDeployment({ table: false });
}, 60_000);
afterAll(() => demo.close());

const check = (...words: readonly string[]) =>
  demo.run(['upgrade-check', ...words, '--config', demo.config()]);

test('says of a pin whose minor has no images that nothing would launch', async () => {
  const { code, out, err } = await check('staging-eu-1', '1.39');
  expect({ code, err }).toEqual({ code: 1, err: 'Not every pin is known to resolve there.' });
  expect(out).toContain('staging-eu-1 from 1.35 to 1.39: not yet.');
  expect(out).toMatch(/nodeclass\.yaml:8 “al2023@v20261021”: does NOT resolve/);
});

test('prints the same as JSON, and refuses what it cannot answer', async () => {
  const { out } = await check('staging-eu-1', '1.39', '--json');
  expect(JSON.parse(out)).toMatchObject({
    cluster: 'staging-eu-1',
    from: '1.35',
    to: '1.39',
    pins: [{ repository: 'acme/gitops', line: 8, verdict: 'unresolved' }],
    problems: [],
  });
  expect(await check('staging-eu-1')).toMatchObject({ code: 2 });
  expect(await check('nowhere', '1.36')).toMatchObject({
    code: 2,
    err: 'There is no cluster nowhere in the configuration.',
  });
});
