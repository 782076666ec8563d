import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { load } from '../src/cli/load.ts';
import { createEndings } from '../src/compose/endings.ts';
import { startService } from '../src/main.ts';
import { systemClock } from '../src/shared/clock.ts';
import { silentLog } from '../src/workflow/log.ts';
import { removeFoldersAfterAll, temporaryFolder } from './cli/temporary-folder.ts';

removeFoldersAfterAll();

/** Slack knows our bot, and refuses the app-level token for good: the last thing that a start needs. */
const slack = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  const known = request.url?.endsWith('auth.test') === true;
  response.end(
    JSON.stringify(
      known
        ? { ok: true, bot_id: 'B0AMI', user_id: 'U0AMI', team_id: 'T0ACME' }
        : { ok: false, error: 'invalid_auth' },
    ),
  );
});

const portOf = (server: typeof slack) => (server.address() as AddressInfo).port;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(() => new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => slack.close(resolve)));

test('a start that fails lets go of its port and its folder, so that the process can end', async () => {
  const folder = temporaryFolder();
  const text = `version: 1
slack: { mode: socket, botToken: xoxb-1, appToken: xapp-1, channel: C0NODES, apiUrl: 'http://127.0.0.1:${portOf(slack)}/api/' }
github: { appId: 1, privateKey: '\${KEY}' }
aws: { region: eu-west-1 }
store: { embedded: '${join(folder, 'data')}' }
repositories: [{ repository: acme/gitops, files: ['clusters/{environment}/{cluster}/*.yaml'] }]
clusters: [{ name: stg, environment: staging, region: eu-west-1, kubernetes: '1.35' }]
environments: [{ name: staging, mode: observe }]
server: { host: 127.0.0.1, port: ${await freePort()} }
`;
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const path = join(temporaryFolder({ 'amiable.yaml': text }), 'amiable.yaml');
  const config = await load(path, systemClock, { KEY: privateKey });
  const start = () =>
    startService(config, { clock: systemClock, log: silentLog, onFatal: () => {} });
  await expect(start()).rejects.toThrow('invalid_auth');
  // The second gets as far as the first only where nothing of the first is left.
  await expect(start()).rejects.toThrow('invalid_auth');
}, 60_000);

test('what was begun last ends first, and a failure keeps nothing else from ending', async () => {
  const ended: string[] = [];
  const warned: string[] = [];
  const endings = createEndings({ warn: (_, message) => warned.push(message) });
  endings.add(() => ended.push('records'));
  endings.add(async () => {
    throw new Error('it is gone');
  });
  endings.add(async () => ended.push('slack'));
  await endings.endAll();
  await endings.endAll();
  expect(ended).toEqual(['slack', 'records']);
  expect(warned).toEqual(['not ended cleanly']);
});
