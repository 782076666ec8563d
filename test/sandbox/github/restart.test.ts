import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Faults } from '../../../src/sandbox/faults.ts';
import { startGitHubStandIn } from '../../../src/sandbox/github/start-github-stand-in.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'github-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const options = () => ({
  clock: manualClock(Date.parse('2026-07-15T18:30:00Z')),
  faults: new Faults('github'),
  app: { id: 4711 },
  dataDir,
});
const seed = { name: 'acme/gitops', files: { 'a.yaml': 'a: 1\n' } };

test('everything is there again after a restart, the App’s key included', async () => {
  const first = await startGitHubStandIn(options());
  const repository = first.seedRepository(seed);
  repository.createBranch('ann-lee', 'topic', repository.headOf('main') ?? '');
  const head = repository.push('ann-lee', 'topic', 'a.yaml', 'a: 2\n');
  await first.close();

  const second = await startGitHubStandIn(options());
  expect(second.privateKey).toBe(first.privateKey);
  expect(second.headOf('acme/gitops', 'topic')).toBe(head);
  expect(second.filesAt('acme/gitops', head).get('a.yaml')).toBe('a: 2\n');
  const again = second.seedRepository({ ...seed, files: { 'a.yaml': 'other\n' } });
  expect(again.filesAt(again.headOf('main') ?? '').get('a.yaml')).toBe('a: 1\n');
  await second.close();
});
