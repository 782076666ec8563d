import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type { GitHost, RequiredReviews } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';
import { refusalOf } from './pull-requests.ts';

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

const Rules = z.array(
  z.looseObject({
    type: z.string(),
    parameters: z
      .looseObject({ required_approving_review_count: z.number().optional() })
      .optional(),
  }),
);

/** Pages of rules read at most, 100 on each. */
const maxPages = 5;

/** Reviews that are asked for, or GitHub's words for not telling. */
type Asked = number | { readonly why: string };

/**
 * What classic branch protection and rulesets ask of a merge, as the App may read it without administration rights. Each
 * is told apart where GitHub does not tell it: rulesets of a private repository need a paid plan, and a server older than
 * 3.11 does not know them.
 */
export function createBranchRule(client: Client): Pick<GitHost, 'requiredReviews'> {
  async function byProtection(repository: RepositoryName, branch: string): Promise<Asked> {
    const doing = `reading the rule of ${branch} in ${repository}`;
    const [owner, name] = repository.split('/');
    const reply = await client.graphql(repository, query, {
      doing,
      params: { owner, name, ref: `refs/heads/${branch}` },
      write: false,
    });
    const [error] = reply.errors ?? [];
    if (error !== undefined) return { why: error.message };
    const { ref } = parse(Answer, reply.data, doing).repository;
    return ref?.refUpdateRule?.requiredApprovingReviewCount ?? 0;
  }

  async function byRulesets(repository: RepositoryName, branch: string): Promise<Asked> {
    const doing = `reading the rulesets of ${branch} in ${repository}`;
    let most = 0;
    for (let page = 1; page <= maxPages; page += 1) {
      const reply = await client.read(
        repository,
        'GET /repos/{owner}/{repo}/rules/branches/{branch}',
        {
          doing,
          params: { branch, per_page: 100, page },
          expect: [403, 404],
        },
      );
      if (reply.status !== 200) return { why: refusalOf(reply) };
      const rules = parse(Rules, reply.data, doing);
      const counts = rules
        .filter(({ type }) => type === 'pull_request')
        .map(({ parameters }) => parameters?.required_approving_review_count ?? 0);
      most = Math.max(most, ...counts);
      if (rules.length < 100) break;
    }
    return most;
  }

  return {
    async requiredReviews(repository, branch): Promise<RequiredReviews> {
      const asked = [
        { what: 'branch protection', count: await byProtection(repository, branch) },
        { what: 'a ruleset', count: await byRulesets(repository, branch) },
      ] as const;
      const known = asked.flatMap(({ what, count }) =>
        typeof count === 'number' ? [{ what, count }] : [],
      );
      return {
        count: Math.max(0, ...known.map(({ count }) => count)),
        by: known.flatMap(({ what, count }) => (count > 0 ? [what] : [])),
        notChecked: asked.flatMap(({ what, count }) =>
          typeof count === 'number'
            ? []
            : [{ what: what === 'a ruleset' ? 'rulesets' : what, why: count.why }],
        ),
      };
    },
  };
}
