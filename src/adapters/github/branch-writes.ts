import { z } from 'zod';
import type { GitHost } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';
import { GitHostError } from './git-host-error.ts';
import { refusalOf } from './pull-requests.ts';

const Ref = z.object({ object: z.object({ sha: z.string() }) });
const Created = z.object({
  createCommitOnBranch: z.object({ commit: z.object({ oid: z.string() }) }),
});

/** Contents of one commit, in bytes. */
const maxCommit = 20 * 1024 * 1024;

const createCommit = `mutation CreateCommit($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

type Writes = Pick<GitHost, 'createBranch' | 'resetBranch' | 'deleteBranch' | 'commit'>;

export function createBranchWrites(client: Client): Writes {
  return {
    async createBranch(repository, branch, commit) {
      const doing = `creating branch ${branch} in ${repository}`;
      const reply = await client.write(repository, 'POST /repos/{owner}/{repo}/git/refs', {
        doing,
        params: { ref: `refs/heads/${branch}`, sha: commit },
        expect: [422],
      });
      if (reply.status !== 422) return true;
      const reason = refusalOf(reply);
      if (!/already exists/i.test(reason)) throw new GitHostError(doing, reason, { status: 422 });
      const { data } = await client.read(repository, 'GET /repos/{owner}/{repo}/git/ref/{ref}', {
        doing,
        params: { ref: `heads/${branch}` },
      });
      return parse(Ref, data, doing).object.sha === commit;
    },

    async resetBranch(repository, branch, commit) {
      await client.write(repository, 'PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
        doing: `moving branch ${branch} of ${repository} to ${commit.slice(0, 7)}`,
        params: { ref: `heads/${branch}`, sha: commit, force: true },
      });
    },

    async deleteBranch(repository, branch) {
      const doing = `deleting branch ${branch} of ${repository}`;
      const reply = await client.write(repository, 'DELETE /repos/{owner}/{repo}/git/refs/{ref}', {
        doing,
        params: { ref: `heads/${branch}` },
        expect: [422],
      });
      if (reply.status !== 422) return;
      const reason = refusalOf(reply);
      // Gone already, by us or by the repository's own tidying after a merge.
      if (!/does not exist/i.test(reason)) throw new GitHostError(doing, reason, { status: 422 });
    },

    async commit({ repository, branch, expectedHead, headline, body, files }) {
      const doing = `committing to ${branch} of ${repository}`;
      if (files.reduce((bytes, { content }) => bytes + content.length, 0) > maxCommit) {
        throw new GitHostError(doing, 'the files are larger than 20 MB');
      }
      const input = {
        branch: { repositoryNameWithOwner: repository, branchName: branch },
        expectedHeadOid: expectedHead,
        message: { headline, body },
        fileChanges: {
          additions: files.map(({ path, content }) => ({
            path,
            contents: Buffer.from(content).toString('base64'),
          })),
        },
      };
      const { data, errors = [] } = await client.graphql(repository, createCommit, {
        doing,
        params: { input },
        write: true,
      });
      if (errors.some(({ type }) => type === 'STALE_DATA')) return { kind: 'moved' };
      const [error] = errors;
      if (error !== undefined) throw new GitHostError(doing, error.message, { status: 200 });
      return {
        kind: 'committed',
        sha: parse(Created, data, doing).createCommitOnBranch.commit.oid,
      };
    },
  };
}
