import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import { type Client, parse } from './client.ts';

const Ref = z.object({ object: z.object({ sha: z.string() }) });

/** Reads branch heads; an unchanged one costs one conditional request, which GitHub does not count. */
export function createBranchHead(client: Client) {
  const known = new Map<string, { readonly etag: string; readonly sha: string }>();

  return async function head(
    repository: RepositoryName,
    branch: string,
  ): Promise<string | undefined> {
    const doing = `reading branch ${branch} of ${repository}`;
    const key = `${repository} ${branch}`;
    const last = known.get(key);
    const { status, data, headers } = await client.read(
      repository,
      'GET /repos/{owner}/{repo}/git/ref/{ref}',
      {
        doing,
        expect: [304, 404],
        params: {
          ref: `heads/${branch}`,
          ...(last !== undefined && { headers: { 'if-none-match': last.etag } }),
        },
      },
    );
    if (status === 304 && last !== undefined) return last.sha;
    known.delete(key);
    if (status === 404) {
      // "Not found" is also what GitHub says to whom it does not let in: an error then, not a missing branch.
      await client.read(repository, 'GET /repos/{owner}/{repo}', { doing });
      return undefined;
    }
    const { sha } = parse(Ref, data, doing).object;
    if (typeof headers['etag'] === 'string') known.set(key, { etag: headers['etag'], sha });
    return sha;
  };
}
