import type { Change } from '../rollout/change.ts';
import { partsOf } from '../rollout/change.ts';
import type { Wave } from '../rollout/wave.ts';
import type { RepositoryName } from '../shared/ids.ts';
import { expectedFiles } from './expected-files.ts';
import { isExactly } from './part-content.ts';
import type { GitReads } from './ports/git-host.ts';

/**
 * Whether a commit changes, against its first parent or what it is told (`since`, before it on the branch), exactly the
 * wave's paths, to exactly the content its edits make of that.
 */
export async function changesExactly(
  github: GitReads,
  wave: Wave,
  change: Change,
  {
    repository,
    commit,
    since,
  }: { readonly repository: RepositoryName; readonly commit: string; readonly since?: string },
): Promise<boolean> {
  const { parent, files } =
    since === undefined
      ? await github.commitChanges(repository, commit)
      : { parent: since, files: (await github.compare(repository, since, commit)).files };
  const expected = await expectedFiles(github, {
    repository,
    commit: parent,
    edits: partsOf(change, wave).get(repository) ?? [],
    lenient: wave.recovery !== undefined,
  });
  return expected.kind === 'files' && isExactly(files, expected.files);
}
