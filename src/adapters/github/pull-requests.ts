import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type { GitHost, PullRequestView } from '../../workflow/ports/git-host.ts';
import { type Client, parse, type Reply } from './client.ts';
import { GitHostError } from './git-host-error.ts';
import { PullRequest, viewOf } from './pull-request-view.ts';

const Issue = z.object({ closed_by: z.object({ login: z.string() }).nullable().optional() });
const Refused = z.object({
  message: z.string(),
  errors: z.array(z.object({ message: z.string().optional() })).optional(),
});

/** Pages of open pull requests read at most, 100 on each. */
const maxPages = 10;

type PullRequests = Pick<
  GitHost,
  | 'findPullRequest'
  | 'pullRequest'
  | 'openPullRequests'
  | 'openPullRequest'
  | 'updatePullRequest'
  | 'comment'
>;

export function createPullRequests(client: Client, botLogin?: string): PullRequests {
  const botOf = async (repository: RepositoryName) => botLogin ?? client.botLogin(repository);

  async function pullRequest(repository: RepositoryName, number: number): Promise<PullRequestView> {
    const doing = `reading pull request #${number} of ${repository}`;
    const { data } = await client.read(
      repository,
      'GET /repos/{owner}/{repo}/pulls/{pull_number}',
      { doing, params: { pull_number: number } },
    );
    const bot = await botOf(repository);
    const view = viewOf(parse(PullRequest, data, doing), bot);
    if (view.state === 'open' || view.merged) return view;
    const issue = await client.read(repository, 'GET /repos/{owner}/{repo}/issues/{issue_number}', {
      doing: `reading who closed #${number} of ${repository}`,
      params: { issue_number: number },
    });
    const { closed_by } = parse(Issue, issue.data, doing);
    if (!closed_by) return view;
    return { ...view, closedBy: closed_by.login === bot ? 'amiable' : closed_by.login };
  }

  async function list(
    repository: RepositoryName,
    branch: string,
    state: 'open' | 'all',
  ): Promise<readonly z.infer<typeof PullRequest>[]> {
    const doing = `looking for the pull request of ${branch} in ${repository}`;
    const [owner = ''] = repository.split('/');
    const { data } = await client.read(repository, 'GET /repos/{owner}/{repo}/pulls', {
      doing,
      params: {
        head: `${owner}:${branch}`,
        state,
        sort: 'created',
        direction: 'desc',
        per_page: 100,
      },
    });
    // The owner's forks answer to the same `head`; a fork of another name is not this repository.
    return parse(z.array(PullRequest), data, doing).filter(
      ({ head }) =>
        head.ref === branch && head.repo?.full_name.toLowerCase() === repository.toLowerCase(),
    );
  }

  async function findPullRequest(repository: RepositoryName, branch: string) {
    const bot = await botOf(repository);
    const pulls = (await list(repository, branch, 'all')).map((pull) => viewOf(pull, bot));
    const open = pulls.filter(({ state }) => state === 'open');
    // What somebody else opened from our branch and closed again says nothing, and can never be cleared away.
    const found = open.find(({ ours }) => ours) ?? open[0] ?? pulls.find(({ ours }) => ours);
    // Who merged or closed it is not in a list.
    return found?.state === 'closed' ? pullRequest(repository, found.number) : found;
  }

  return {
    findPullRequest,
    pullRequest,

    async openPullRequests(repository, base) {
      const doing = `listing the open pull requests of ${repository}`;
      const bot = await botOf(repository);
      const all: PullRequestView[] = [];
      for (let page = 1; page <= maxPages; page += 1) {
        const { data } = await client.read(repository, 'GET /repos/{owner}/{repo}/pulls', {
          doing,
          params: { state: 'open', base, sort: 'created', direction: 'desc', per_page: 100, page },
        });
        const listed = parse(z.array(PullRequest), data, doing);
        all.push(...listed.map((pull) => viewOf(pull, bot)));
        if (listed.length < 100) break;
      }
      return all;
    },

    async openPullRequest({ repository, branch, base, title, body }) {
      const doing = `opening a pull request for ${branch} in ${repository}`;
      const reply = await client.write(repository, 'POST /repos/{owner}/{repo}/pulls', {
        doing,
        params: { title, body, head: branch, base },
        expect: [422],
      });
      if (reply.status !== 422)
        return viewOf(parse(PullRequest, reply.data, doing), await botOf(repository));
      const reason = refusalOf(reply);
      // An earlier attempt went through and its answer was lost.
      if (/already exists/i.test(reason)) {
        const twin = (await list(repository, branch, 'open')).find(
          (pull) => pull.base.ref === base,
        );
        if (twin !== undefined) return viewOf(twin, await botOf(repository));
      }
      throw new GitHostError(doing, reason, { status: 422 });
    },

    async updatePullRequest(repository, number, change) {
      await client.write(repository, 'PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
        doing: `changing pull request #${number} of ${repository}`,
        params: { pull_number: number, ...change },
      });
    },

    async comment(repository, number, body) {
      await client.write(repository, 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
        doing: `commenting on #${number} of ${repository}`,
        params: { issue_number: number, body },
      });
    },
  };
}

/** GitHub's words for a refusal: the first particular one, else the general. */
export function refusalOf({ data, status }: Reply): string {
  const refused = Refused.safeParse(data).data;
  const particular = refused?.errors?.find(({ message }) => message !== undefined)?.message;
  return particular ?? refused?.message ?? `GitHub answered ${status}`;
}
