import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type { ChangedFile, GitFile } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';
import { GitHostError } from './git-host-error.ts';
import { createWeightedCache } from './weighted-cache.ts';

const Tree = z.object({
  truncated: z.boolean(),
  tree: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      type: z.string(),
      sha: z.string(),
      size: z.number().optional(),
    }),
  ),
});
type Tree = z.infer<typeof Tree>;

/** Files kept in memory over all remembered commits. */
const maxRemembered = 400_000;

/**
 * Lists the files of commits. GitHub cuts a recursive list at 100,000 entries or 7 MB; then it is walked folder by
 * folder instead.
 */
export function createCommitFiles(client: Client) {
  const cache = createWeightedCache<readonly GitFile[]>(maxRemembered, (files) => files.length + 1);

  async function tree(repository: RepositoryName, sha: string, recursive: boolean): Promise<Tree> {
    const doing = `listing the files of ${sha.slice(0, 7)} in ${repository}`;
    const { data } = await client.read(
      repository,
      'GET /repos/{owner}/{repo}/git/trees/{tree_sha}',
      { doing, params: { tree_sha: sha, ...(recursive && { recursive: '1' }) } },
    );
    const answer = parse(Tree, data, doing);
    if (answer.truncated && !recursive) {
      throw new GitHostError(doing, 'one folder has more files than GitHub lists');
    }
    return answer;
  }

  async function walk(repository: RepositoryName, sha: string, prefix: string): Promise<GitFile[]> {
    const whole = await tree(repository, sha, true);
    if (!whole.truncated) return filesIn(whole, prefix);
    const level = await tree(repository, sha, false);
    const below = await Promise.all(
      level.tree
        .filter(({ type }) => type === 'tree')
        .map((folder) => walk(repository, folder.sha, `${prefix}${folder.path}/`)),
    );
    return [...filesIn(level, prefix), ...below.flat()];
  }

  return async function files(
    repository: RepositoryName,
    commit: string,
  ): Promise<readonly GitFile[]> {
    const key = `${repository} ${commit}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const listed = await walk(repository, commit, '');
    cache.set(key, listed);
    return listed;
  };
}

function filesIn({ tree }: Tree, prefix: string): GitFile[] {
  return tree
    .filter(({ type }) => type !== 'tree')
    .map(({ path, mode, sha, size = 0 }) => ({ path: prefix + path, mode, blob: sha, size }));
}

/**
 * What turns one list of files into another: exact in blobs and modes and never cut, which GitHub's own comparison is
 * not (300 files, no modes). A renamed file is one removed and one added.
 */
export function changedFiles(
  before: readonly GitFile[],
  after: readonly GitFile[],
): readonly ChangedFile[] {
  const old = new Map(before.map((file) => [file.path, file]));
  const changes: ChangedFile[] = [];
  for (const { path, mode, blob } of after) {
    const was = old.get(path);
    old.delete(path);
    if (was?.blob === blob && was.mode === mode) continue;
    changes.push({ path, status: was === undefined ? 'added' : 'modified', mode, blob });
  }
  for (const path of old.keys()) changes.push({ path, status: 'removed' });
  return changes;
}
