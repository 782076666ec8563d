import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type { GitHost } from '../../workflow/ports/git-host.ts';
import { createBlobContents } from './blob-contents.ts';
import { createBranchHead } from './branch-head.ts';
import { type Client, parse } from './client.ts';
import { changedFiles, createCommitFiles } from './commit-files.ts';
import { GitHostError } from './git-host-error.ts';

const Comparison = z.object({
  status: z.enum(['identical', 'ahead', 'behind', 'diverged']),
  ahead_by: z.number(),
  merge_base_commit: z.object({ sha: z.string() }),
});
const Commit = z.object({ parents: z.array(z.object({ sha: z.string() })) });

/** Sizes remembered from file lists, so that large blobs are never asked for. */
const maxSizes = 500_000;

type Reads = Pick<GitHost, 'head' | 'files' | 'read' | 'compare' | 'commitChanges'>;

export function createGitReads(client: Client): Reads {
  const listFiles = createCommitFiles(client);
  const readBlobs = createBlobContents(client);
  const sizes = new Map<string, number>();

  async function files(repository: RepositoryName, commit: string) {
    const listed = await listFiles(repository, commit);
    if (sizes.size > maxSizes) sizes.clear();
    for (const { blob, size } of listed) sizes.set(blob, size);
    return listed;
  }

  return {
    head: createBranchHead(client),
    files,
    read: (repository, blobs) => readBlobs(repository, blobs, sizes),

    async compare(repository, base, head) {
      const doing = `comparing ${base.slice(0, 7)} with ${head.slice(0, 7)} in ${repository}`;
      // GitHub's own list of files is cut at 300 and has no modes: only the rest is taken.
      const { data } = await client.read(
        repository,
        'GET /repos/{owner}/{repo}/compare/{basehead}',
        { doing, params: { basehead: `${base}...${head}`, per_page: 1 } },
      );
      const { status, ahead_by, merge_base_commit } = parse(Comparison, data, doing);
      const mergeBase = merge_base_commit.sha;
      const [before, after] = await Promise.all([
        files(repository, mergeBase),
        files(repository, head),
      ]);
      return { mergeBase, status, ahead: ahead_by, files: changedFiles(before, after) };
    },

    async commitChanges(repository, commit) {
      const doing = `reading commit ${commit.slice(0, 7)} of ${repository}`;
      const { data } = await client.read(
        repository,
        'GET /repos/{owner}/{repo}/git/commits/{commit_sha}',
        { doing, params: { commit_sha: commit } },
      );
      const [parent] = parse(Commit, data, doing).parents;
      if (parent === undefined) throw new GitHostError(doing, 'it has no parent');
      const [before, after] = await Promise.all([
        files(repository, parent.sha),
        files(repository, commit),
      ]);
      return { parent: parent.sha, files: changedFiles(before, after) };
    },
  };
}
