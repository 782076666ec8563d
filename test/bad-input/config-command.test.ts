import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('amiable config validate names every wrong key, its value and what is allowed, at once', () => {
  const folder = mkdtempSync(join(tmpdir(), 'amiable-config-'));
  const file = join(folder, 'amiable.yaml');
  writeFileSync(
    file,
    'version: 1\nflet: acme\nslack: { mode: telepathy }\nserver: { port: many }\n',
  );
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'src/cli.ts', 'config', 'validate', file],
    { encoding: 'utf8', env: { PATH: process.env['PATH'] } },
  );
  rmSync(folder, { recursive: true });
  expect(status).not.toBe(0);
  for (const words of ['flet', 'telepathy', 'socket', 'server.port'])
    expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^\s+at /m);
});
