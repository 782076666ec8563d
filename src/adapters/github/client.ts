import type { Octokit } from '@octokit/core';
import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type { Clock } from '../../shared/time.ts';
import { failedAnswer, GitHostError, toGitHostError } from './git-host-error.ts';
import { type AppOptions, createOctokitApp } from './octokit-app.ts';

export type Ask = {
  /** Such as `reading branch main of acme/gitops`; ends up in errors. */
  readonly doing: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Statuses that are an answer here, not an error. */
  readonly expect?: readonly number[];
};

export type Reply = {
  readonly status: number;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
};

/** Requests as our App's installation, one repository at a time. @throws GitHostError */
export type Client = {
  /** A GET; safe to repeat, and repeated by itself when GitHub fails. */
  read(repository: RepositoryName, route: `GET ${string}`, ask: Ask): Promise<Reply>;
  /** A write; sent once. Without an answer nobody knows whether it happened: look first. */
  write(
    repository: RepositoryName,
    route: `${'POST' | 'PATCH' | 'PUT' | 'DELETE'} ${string}`,
    ask: Ask,
  ): Promise<Reply>;
  /** GraphQL; `write` sends it once. Gives `data` and `errors` as they came. */
  graphql(
    repository: RepositoryName,
    query: string,
    ask: Ask & { readonly write: boolean },
  ): Promise<GraphqlReply>;
  /** A GET of something public, with any installation's token, else without one. */
  readPublic(repository: RepositoryName, route: `GET ${string}`, ask: Ask): Promise<Reply>;
  /** Login of our App's bot on this repository. */
  botLogin(repository: RepositoryName): Promise<string>;
};

const GraphqlReply = z.object({
  // Absent where GitHub refuses the whole query.
  data: z.unknown().optional(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
});
export type GraphqlReply = z.infer<typeof GraphqlReply>;

const Installation = z.object({ id: z.number(), app_slug: z.string() });
type Access = { readonly octokit: Octokit; readonly slug: string };

export function createClient(options: AppOptions & { readonly clock: Clock }): Client {
  const { clock, baseUrl = '' } = options;
  const { app, Client: Anonymous } = createOctokitApp(options);
  const found = new Map<RepositoryName, Promise<Access>>();
  let anyOctokit: Promise<Octokit> | undefined;
  // GitHub Enterprise Server has GraphQL beside, not below, its REST address.
  const graphqlUrl = baseUrl.endsWith('/api/v3') ? baseUrl.replace(/v3$/, 'graphql') : '/graphql';

  function accessTo(repository: RepositoryName): Promise<Access> {
    const known = found.get(repository);
    if (known !== undefined) return known;
    const access = findInstallation(repository);
    found.set(repository, access);
    access.catch(() => found.delete(repository)); // asked again next time; the caller sees the error
    return access;
  }

  async function findInstallation(repository: RepositoryName): Promise<Access> {
    const doing = `finding the GitHub App's installation on ${repository}`;
    const reply = await send(app.octokit, 'GET /repos/{owner}/{repo}/installation', {
      doing,
      params: ownerAndName(repository),
      expect: [404],
    });
    if (reply.status === 404) {
      throw new GitHostError(doing, 'the App is not installed there', { status: 404 });
    }
    const { id, app_slug } = parse(Installation, reply.data, doing);
    return { octokit: await app.getInstallationOctokit(id), slug: app_slug };
  }

  async function send(
    octokit: Octokit,
    route: string,
    { doing, params, expect = [] }: Ask,
    retries?: 0,
  ): Promise<Reply> {
    try {
      const once = retries === undefined ? {} : { request: { retries } };
      const { status, data, headers } = await octokit.request(route, { ...params, ...once });
      return { status, data, headers };
    } catch (error) {
      const answer = failedAnswer(error);
      if (answer !== undefined && expect.includes(answer.status)) return answer;
      throw toGitHostError(error, doing, clock);
    }
  }

  /** A token that was revoked (the App was installed anew) is exchanged once: 401 means that nothing happened. */
  async function sendTo(
    repository: RepositoryName,
    route: string,
    ask: Ask,
    retries?: 0,
  ): Promise<Reply> {
    // What a route does not name goes into the body, where GraphQL has no place for it.
    const params = { ...(route.includes('{owner}') && ownerAndName(repository)), ...ask.params };
    const { octokit } = await accessTo(repository);
    try {
      return await send(octokit, route, { ...ask, params }, retries);
    } catch (error) {
      if (!(error instanceof GitHostError) || error.status !== 401) throw error;
      found.delete(repository);
      const again = await accessTo(repository);
      await again.octokit.auth({ type: 'installation', refresh: true });
      return send(again.octokit, route, { ...ask, params }, retries);
    }
  }

  /** The first installation we know or find; without any, nobody. */
  function anyAccess(): Promise<Octokit> {
    const [known] = found.values();
    if (known !== undefined)
      return known.then(
        ({ octokit }) => octokit,
        () => new Anonymous(),
      );
    anyOctokit ??= (async () => {
      const doing = "finding any of the GitHub App's installations";
      const { data } = await send(app.octokit, 'GET /app/installations', {
        doing,
        params: { per_page: 1 },
      });
      const [first] = parse(z.array(Installation), data, doing);
      return first === undefined ? new Anonymous() : app.getInstallationOctokit(first.id);
    })();
    anyOctokit.catch(() => {
      anyOctokit = undefined;
    });
    return anyOctokit;
  }

  return {
    read: (repository, route, ask) => sendTo(repository, route, ask),
    write: (repository, route, ask) => sendTo(repository, route, ask, 0),
    async graphql(repository, query, { doing, params, write }) {
      const ask = { doing, params: { query, variables: params } };
      const reply = await sendTo(repository, `POST ${graphqlUrl}`, ask, write ? 0 : undefined);
      return parse(GraphqlReply, reply.data, doing);
    },
    async readPublic(repository, route, ask) {
      const params = { ...ownerAndName(repository), ...ask.params };
      return send(await anyAccess(), route, { ...ask, params });
    },
    botLogin: async (repository) => `${(await accessTo(repository)).slug}[bot]`,
  };
}

/** `owner` and `repo`, as routes name them. */
function ownerAndName(repository: RepositoryName): {
  readonly owner: string;
  readonly repo: string;
} {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}

/** @throws GitHostError when the answer is not as GitHub describes it. */
export function parse<T>(schema: z.ZodType<T>, data: unknown, doing: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new GitHostError(doing, `the answer is not understood: ${z.prettifyError(parsed.error)}`);
}
