import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type { ReleaseNote, ReleaseNotes } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';

const Release = z.object({
  tag_name: z.string(),
  name: z.string().nullable(),
  body: z.string().nullable().optional(),
  published_at: z.string().nullable(),
  html_url: z.string(),
});

type Page = Awaited<ReturnType<ReleaseNotes['releases']>>;

const perPage = 30;
/** Pages that are kept, by the text in them; a page of real notes has about 600,000 characters. */
const mostKept = 6;

/** Release notes of public repositories our App is not installed on. */
export function createReleaseNotes(client: Client): ReleaseNotes {
  const kept = new Map<string, { readonly etag: string; readonly page: Page }>();
  return {
    async notes(repository, tag) {
      const doing = `reading release ${tag} of ${repository}`;
      const { status, data } = await client.readPublic(
        repository,
        'GET /repos/{owner}/{repo}/releases/tags/{tag}',
        { doing, params: { tag }, expect: [404] },
      );
      return status === 404 ? undefined : noteOf(parse(Release, data, doing));
    },
    releases: (repository, page) => readPage(client, kept, repository, page),
  };
}

/** A page that has not changed costs a conditional request, which GitHub does not count. */
async function readPage(
  client: Client,
  kept: Map<string, { readonly etag: string; readonly page: Page }>,
  repository: RepositoryName,
  page: number,
): Promise<Page> {
  const doing = `reading the releases of ${repository}`;
  const key = `${repository} ${page}`;
  const before = kept.get(key);
  const { status, data, headers } = await client.readPublic(
    repository,
    'GET /repos/{owner}/{repo}/releases',
    {
      doing,
      expect: [304],
      params: {
        per_page: perPage,
        page,
        ...(before !== undefined && { headers: { 'if-none-match': before.etag } }),
      },
    },
  );
  if (status === 304 && before !== undefined) return before.page;
  const listed = parse(z.array(Release), data, doing);
  const fresh = {
    notes: listed.flatMap((one) => noteOf(one) ?? []),
    last: listed.length < perPage,
  };
  kept.delete(key);
  const { etag } = headers;
  if (typeof etag === 'string') kept.set(key, { etag, page: fresh });
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return fresh;
}

/** `undefined`: a draft. */
function noteOf({ tag_name, name, body, published_at, html_url }: z.infer<typeof Release>) {
  if (published_at === null) return undefined;
  const note: ReleaseNote = {
    tag: tag_name,
    title: name ?? tag_name,
    body: body ?? '',
    publishedAt: Date.parse(published_at),
    url: html_url,
  };
  return note;
}
