import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDynalite } from '../../src/adapters/dynamodb/load-dynalite.ts';
import { amiable } from './captured.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

removeFoldersAfterAll();

async function takenPort() {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((done) => server.close(done)),
  };
}

test('a port that another process has is named, and it exits 1', async () => {
  const taken = await takenPort();
  const sandbox = await amiable([
    'sandbox',
    '--port',
    `${taken.port}`,
    '--data',
    temporaryFolder(),
  ]);
  expect(sandbox).toEqual({
    code: 1,
    out: '',
    err: `Port ${taken.port} is in use on this machine: name another with --port N, or leave it out for a free one.`,
  });
  const demo = await startDemoDeployment();
  const file = demo.config([
    'server: { port: 0, host: 127.0.0.1 }',
    `server: { host: 127.0.0.1, port: ${taken.port} }`,
  ]);
  const service = await demo.run(['serve', '--config', file]);
  expect(service).toEqual({
    code: 1,
    out: '',
    err: `Port ${taken.port} is in use on this machine: set server.port to another in the configuration.`,
  });
  await demo.close();
  await taken.close();
});

test('a folder where a sandbox runs is left alone, and it exits 1', async () => {
  const folder = temporaryFolder({ '.amiable-sandbox': '' });
  const { Level } = loadDynalite();
  const running = new Level(join(folder, 'dynamodb'));
  await running.open();
  writeFileSync(join(folder, 'clock.json'), 'of the other');
  const second = await amiable(['sandbox', '--fresh', '--data', folder]);
  expect(second).toEqual({
    code: 1,
    out: '',
    err: `A sandbox is running in ${folder} already. Nothing was touched. End it first, or name another folder: --data DIR.`,
  });
  expect(readFileSync(join(folder, 'clock.json'), 'utf8')).toBe('of the other');
  await running.close();
});

test("a folder of somebody else's files is refused in one sentence", async () => {
  const { code, err } = await amiable(['sandbox', '--data', temporaryFolder({ 'mine.txt': '' })]);
  expect(code).toBe(1);
  expect(err).toMatch(/^[^\n]*holds files that the sandbox did not make \(mine\.txt\)[^\n]*$/);
});
