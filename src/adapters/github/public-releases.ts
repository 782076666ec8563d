import { Octokit } from '@octokit/core';
import { z } from 'zod';
import { boundedFetch } from './bounded-fetch.ts';
import { parse } from './client.ts';
import { GitHostError } from './git-host-error.ts';

/** One of GitHub's list of releases. */
export const Release = z.object({
  tag_name: z.string(),
  name: z.string().nullable(),
  body: z.string().nullable().optional(),
});
export type Release = z.infer<typeof Release>;

/** A release's own words. */
export type PublicRelease = {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
};

/** What anybody may read of a public repository. @throws GitHostError */
export type PublicReleases = {
  /** `undefined`: there is no such release. */
  release(repository: string, tag: string): Promise<PublicRelease | undefined>;
  /** The newest hundred, newest first. */
  newest(repository: string): Promise<readonly PublicRelease[]>;
};

/**
 * Reads public repositories without any token, each request once: GitHub allows sixty an hour from one address.
 * @param options.baseUrl absent: github.com's.
 * @param options.timeoutMs limit of one request in real time; default 10 s.
 */
export function createPublicReleases({
  baseUrl,
  timeoutMs = 10_000,
}: {
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
} = {}): PublicReleases {
  const octokit = new Octokit({
    userAgent: 'amiable',
    request: { fetch: boundedFetch(timeoutMs) },
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
  const read = async (doing: string, route: string): Promise<unknown> => {
    try {
      return (await octokit.request(route)).data;
    } catch (cause) {
      if (cause instanceof Error && 'status' in cause && cause.status === 404) return undefined;
      throw unread(doing, cause);
    }
  };
  return {
    async release(repository, tag) {
      const doing = `reading release ${tag} of ${repository}`;
      const data = await read(doing, `GET /repos/${repository}/releases/tags/${tag}`);
      return data === undefined ? undefined : viewOf(parse(Release, data, doing));
    },
    async newest(repository) {
      const doing = `reading the releases of ${repository}`;
      const data = await read(doing, `GET /repos/${repository}/releases?per_page=100`);
      return parse(z.array(Release), data ?? [], doing).map(viewOf);
    },
  };
}

/** Title and text as GitHub shows them, which of a release may be absent. */
export function viewOf({ tag_name: tag, name, body }: Release): PublicRelease {
  return { tag, title: name ?? tag, body: body ?? '' };
}

/** `fetch` itself says no more than that it failed. */
function unread(doing: string, cause: unknown): GitHostError {
  if (!(cause instanceof Error)) return new GitHostError(doing, String(cause), { cause });
  const inner = cause.cause instanceof Error ? cause.cause.message : '';
  const said = cause.message.includes(inner) ? cause.message : `${cause.message}: ${inner}`;
  return new GitHostError(doing, said, { cause });
}
