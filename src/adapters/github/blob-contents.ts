import { z } from 'zod';
import { gitBlobSha } from '../../shared/git-blob.ts';
import type { RepositoryName } from '../../shared/ids.ts';
import { type Client, parse } from './client.ts';
import { GitHostError } from './git-host-error.ts';
import { createWeightedCache } from './weighted-cache.ts';

/** Contents kept in memory, in bytes. */
const maxRemembered = 64 * 1024 * 1024;
/** Larger files are nobody's node class. */
const maxBlob = 1024 * 1024;
/** GitHub cuts a blob's `text` there. */
const maxText = 512_000;
/**
 * Blobs and bytes asked for in one query, at first: GitHub ends a query after 10 s, and refuses one that looks up too many
 * objects without publishing how many that is. What was refused is asked for by halves, and so is all that comes after it.
 */
const batchBlobs = 500;
const batchBytes = 4 * 1024 * 1024;
/** What a blob of unknown size counts. */
const assumedBytes = 10_000;

const TextBlob = z.object({
  byteSize: z.number(),
  isTruncated: z.boolean(),
  text: z.string().nullable(),
});
const Texts = z.object({
  repository: z.record(z.string(), z.union([TextBlob, z.object({}), z.null()])),
});
const RawBlob = z.object({ content: z.string(), encoding: z.literal('base64') });

/** Reads blobs, many a query; what comes back is believed only when its id is the one asked for. */
export function createBlobContents(client: Client) {
  let accepted = batchBlobs;
  const cache = createWeightedCache<Uint8Array>(maxRemembered, ({ length }) => length + 100);

  async function raw(repository: RepositoryName, sha: string): Promise<void> {
    const doing = `reading blob ${sha.slice(0, 7)} of ${repository}`;
    const { data } = await client.read(
      repository,
      'GET /repos/{owner}/{repo}/git/blobs/{file_sha}',
      { doing, params: { file_sha: sha } },
    );
    const content = Buffer.from(parse(RawBlob, data, doing).content, 'base64');
    if (gitBlobSha(content) !== sha)
      throw new GitHostError(doing, 'the content is not what its id says');
    cache.set(sha, content);
  }

  /** Fills the cache; returns those that only the raw form can give. */
  async function batch(repository: RepositoryName, shas: readonly string[]): Promise<string[]> {
    const doing = `reading ${shas.length} files of ${repository}`;
    const { data, errors = [] } = await client.graphql(repository, queryOf(shas), {
      doing,
      params: { owner: repository.split('/')[0], name: repository.split('/')[1] },
      write: false,
    });
    const [error] = errors;
    if (error !== undefined) {
      if (error.type !== 'RESOURCE_LIMITS_EXCEEDED' || shas.length === 1) {
        throw new GitHostError(doing, error.message);
      }
      const half = Math.ceil(shas.length / 2);
      accepted = Math.min(accepted, half);
      const rest = await batch(repository, shas.slice(0, half));
      return [...rest, ...(await batch(repository, shas.slice(half)))];
    }
    const { repository: answers } = parse(Texts, data, doing);
    return shas.filter((sha, i) => {
      const blob = TextBlob.safeParse(answers[`b${i}`]).data;
      if (blob === undefined)
        throw new GitHostError(doing, `there is no blob ${sha}`, { status: 404 });
      if (blob.byteSize > maxBlob) return false;
      const content = Buffer.from(blob.text ?? '', 'utf8');
      // Binary, cut, or no UTF-8: its id differs, and the raw form is asked for.
      if (gitBlobSha(content) !== sha) return true;
      cache.set(sha, content);
      return false;
    });
  }

  /** `sizes` of blobs where known, in bytes. */
  return async function read(
    repository: RepositoryName,
    blobs: readonly string[],
    sizes: ReadonlyMap<string, number>,
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const missing = [...new Set(blobs)].filter(
      (sha) => cache.get(sha) === undefined && (sizes.get(sha) ?? 0) <= maxBlob,
    );
    const large = missing.filter((sha) => (sizes.get(sha) ?? 0) > maxText);
    const small = missing.filter((sha) => (sizes.get(sha) ?? 0) <= maxText);
    const found = new Map<string, Uint8Array>();
    const keep = (shas: readonly string[]) => {
      for (const sha of shas) {
        const content = cache.get(sha);
        if (content !== undefined) found.set(sha, content);
      }
    };
    keep(blobs);
    // Collected batch by batch: one request may be larger than the cache.
    for (const shas of batchesOf(small, sizes, accepted)) {
      const rest = await batch(repository, shas);
      keep(shas);
      for (const sha of rest) {
        await raw(repository, sha);
        keep([sha]);
      }
    }
    for (const sha of large) {
      await raw(repository, sha);
      keep([sha]);
    }
    return found;
  };
}

function queryOf(shas: readonly string[]): string {
  const parts = shas.map((sha, i) => {
    if (!/^[0-9a-f]{40}$/.test(sha)) throw new Error(`${sha} is no blob id`);
    return `b${i}: object(oid: "${sha}") { ... on Blob { byteSize isTruncated text } }`;
  });
  return `query FileContents($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    ${parts.join('\n    ')}
  }
}`;
}

function batchesOf(
  shas: readonly string[],
  sizes: ReadonlyMap<string, number>,
  most: number,
): string[][] {
  const batches: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const sha of shas) {
    const size = sizes.get(sha) ?? assumedBytes;
    const last = batches.at(-1);
    if (last === undefined || last.length >= most || bytes + size > batchBytes) {
      batches.push([sha]);
      bytes = size;
    } else {
      last.push(sha);
      bytes += size;
    }
  }
  return batches;
}
