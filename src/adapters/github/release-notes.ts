import { z } from 'zod';
import type { ReleaseNotes } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';

const Release = z.object({
  tag_name: z.string(),
  name: z.string().nullable(),
  body: z.string().nullable().optional(),
  published_at: z.string().nullable(),
  html_url: z.string(),
});

/** Release notes of public repositories our App is not installed on. */
export function createReleaseNotes(client: Client): ReleaseNotes {
  return {
    async notes(repository, tag) {
      const doing = `reading release ${tag} of ${repository}`;
      const { status, data } = await client.readPublic(
        repository,
        'GET /repos/{owner}/{repo}/releases/tags/{tag}',
        { doing, params: { tag }, expect: [404] },
      );
      if (status === 404) return undefined;
      const { tag_name, name, body, published_at, html_url } = parse(Release, data, doing);
      if (published_at === null) return undefined; // a draft
      return {
        title: name ?? tag_name,
        body: body ?? '',
        publishedAt: Date.parse(published_at),
        url: html_url,
      };
    },
  };
}
