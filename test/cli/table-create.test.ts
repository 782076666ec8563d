import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

removeFoldersAfterAll();

let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
beforeAll(async () => {
  demo = await startDemoDeployment({ table: false });
});
afterAll(() => demo.close());

test('the table is made once, with expiry and recovery, and doctor then finds it', async () => {
  const file = demo.config();
  expect((await demo.run(['doctor', '--config', file])).out).toContain(
    'missing  records: table amiable',
  );
  const first = await demo.run(['table', 'create', '--config', file]);
  expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '' });
  expect(first.out).toMatch(/^amiable was created; expiry (.+), point-in-time recovery (.+)\.$/);
  const again = await demo.run(['table', 'create', '--config', file]);
  expect(again.code).toBe(0);
  expect(again.out).toMatch(/^amiable was there already; /);
  expect((await demo.run(['doctor', '--config', file])).code).toBe(0);
});

test('the embedded store needs no table', async () => {
  const store = /store: .*/.exec(demo.text)?.[0] ?? '';
  const file = demo.config([store, `store: { embedded: ${temporaryFolder()} }`]);
  expect(await demo.run(['table', 'create', '--config', file])).toEqual({
    code: 2,
    out: '',
    err: 'The embedded store needs no table.',
  });
});
