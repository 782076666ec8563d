import type { Change } from '../rollout/change.ts';
import { partsOf } from '../rollout/change.ts';
import type { Wave } from '../rollout/rollout.ts';
import type { RepositoryName } from '../shared/ids.ts';
import { expectedFiles } from './expected-files.ts';
import { isExactly } from './part-content.ts';
import type { GitReads } from './ports/git-host.ts';

/**
 * Whether a commit changes, against its first parent, exactly the wave's paths, to exactly the content its edits make of
 * that parent.
 */
export async function changesExactly(
  github: GitReads,
  wave: Wave,
  change: Change,
  { repository, commit }: { readonly repository: RepositoryName; readonly commit: string },
): Promise<boolean> {
  const { parent, files } = await github.commitChanges(repository, commit);
  const expected = await expectedFiles(github, {
    repository,
    commit: parent,
    edits: partsOf(change, wave).get(repository) ?? [],
    lenient: wave.recovery !== undefined,
  });
  return expected.kind === 'files' && isExactly(files, expected.files);
}
