import { z } from 'zod';
import type { GitHost } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';
import { GitHostError } from './git-host-error.ts';

const Answer = z.object({
  repository: z.object({
    ref: z
      .object({
        refUpdateRule: z.object({ requiredApprovingReviewCount: z.number().nullable() }).nullable(),
      })
      .nullable(),
  }),
});

const query = `query BranchRule($owner: String!, $name: String!, $ref: String!) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) { refUpdateRule { requiredApprovingReviewCount } }
  }
}`;

/** What classic branch protection asks of a merge, as the App may read it without administration rights. */
export function createBranchRule(client: Client): Pick<GitHost, 'requiredReviews'> {
  return {
    async requiredReviews(repository, branch) {
      const doing = `reading the rule of ${branch} in ${repository}`;
      const [owner, name] = repository.split('/');
      const reply = await client.graphql(repository, query, {
        doing,
        params: { owner, name, ref: `refs/heads/${branch}` },
        write: false,
      });
      const [error] = reply.errors ?? [];
      if (error !== undefined) throw new GitHostError(doing, error.message, { status: 200 });
      const { ref } = parse(Answer, reply.data, doing).repository;
      return ref?.refUpdateRule?.requiredApprovingReviewCount ?? 0;
    },
  };
}
