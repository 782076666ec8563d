import type { Change, PinEdit } from '../rollout/change.ts';
import { partsOf } from '../rollout/change.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RepositoryName } from '../shared/ids.ts';
import type { Expected, ExpectedFile } from './expected-files.ts';
import { expectedFiles } from './expected-files.ts';
import type { ChangedFile, GitReads } from './ports/git-host.ts';

/** A wave's share in one repository, computed from the branch as it is now. */
export type PartContent = {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly base: string;
  readonly edits: readonly PinEdit[];
  readonly expected: Expected;
};

/** @throws Error when the base branch is gone. */
export async function partContent(
  github: GitReads,
  wave: Wave,
  repository: RepositoryName,
  change: Change,
): Promise<PartContent> {
  const edits = partsOf(change, wave).get(repository) ?? [];
  const branch = edits.at(0)?.branch;
  if (branch === undefined) throw new Error(`The change has nothing to do in ${repository}`);
  const base = await github.head(repository, branch);
  if (base === undefined) throw new Error(`${repository} has no branch ${branch}`);
  const lenient = wave.recovery !== undefined;
  const expected = await expectedFiles(github, { repository, commit: base, edits, lenient });
  return { repository, branch, base, edits, expected };
}

/** Whether what a branch changed is exactly the expected files, in exactly those modes, and nothing else. */
export function isExactly(
  changed: readonly ChangedFile[],
  expected: readonly ExpectedFile[],
): boolean {
  return (
    changed.length === expected.length &&
    expected.every(({ path, blob }) =>
      changed.some(
        (file) =>
          file.path === path &&
          file.status === 'modified' &&
          file.blob === blob &&
          (file.mode === undefined || file.mode === '100644'),
      ),
    )
  );
}
