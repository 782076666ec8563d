import { expect, test } from 'vitest';
import { demoManifest } from '../../src/sandbox/demo-world.ts';
import { expectedFiles } from '../../src/workflow/expected-files.ts';
import { manualClock } from '../fakes/manual-clock.ts';
import { memoryGitHost } from '../fakes/memory-git-host.ts';
import { newRelease, oldRelease } from '../fakes/memory-world.ts';
import { noon } from '../rollout/story.ts';

test('a fleet of files moved by somebody else is told by a few of them: it goes on record', async () => {
  const paths = Array.from({ length: 400 }, (_, i) => `clusters/${'x'.repeat(200)}-${i}.yaml`);
  const files = Object.fromEntries(
    paths.map((path) => [path, demoManifest('stg', { alias: newRelease })]),
  );
  const git = memoryGitHost(manualClock(noon), files);
  const expected = await expectedFiles(git.host, {
    repository: git.repository,
    commit: git.by.headOf('main'),
    edits: paths.map((path) => ({
      repository: git.repository,
      branch: 'main',
      path,
      object: 'EC2NodeClass/default#spec.amiSelectorTerms[0].alias',
      rest: 'a',
      kind: 'alias',
      from: oldRelease,
      to: newRelease,
      clusters: ['stg'],
    })),
    lenient: false,
  });
  if (expected.kind !== 'overtaken') throw new Error(`it is ${expected.kind}`);
  expect(expected.detail).toContain('clusters/xxx');
  expect(expected.detail.endsWith('; and 395 more')).toBe(true);
  expect(expected.detail.length).toBeLessThan(1100);
});
