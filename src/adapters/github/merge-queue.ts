import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type {
  GitHost,
  MergeOutcome,
  QueuedPull,
  QueuePlace,
} from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';
import { GitHostError } from './git-host-error.ts';

/** A pull request's place as GitHub's GraphQL tells it. */
export const QueueEntry = z.object({
  state: z.string(),
  headCommit: z.object({ oid: z.string() }).nullable(),
  baseCommit: z.object({ oid: z.string() }).nullable(),
});
export const queueFields = 'state headCommit { oid } baseCommit { oid }';

export function placeOf({ headCommit, baseCommit }: z.infer<typeof QueueEntry>): QueuePlace {
  return {
    ...(headCommit !== null && { headSha: headCommit.oid }),
    ...(baseCommit !== null && { baseSha: baseCommit.oid }),
  };
}

const Answer = z.object({
  repository: z.object({
    pullRequest: z.object({
      id: z.string(),
      state: z.enum(['OPEN', 'CLOSED', 'MERGED']),
      headRefOid: z.string(),
      mergeQueueEntry: QueueEntry.nullable(),
    }),
  }),
});
type InQueue = z.infer<typeof Answer>['repository']['pullRequest'];

const List = z.object({
  repository: z.object({
    mergeQueue: z
      .object({
        entries: z.object({
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
          nodes: z.array(
            QueueEntry.extend({ pullRequest: z.object({ number: z.number() }).nullable() }),
          ),
        }),
      })
      .nullable(),
  }),
});

/** Pages of a queue read at most, 100 entries on each. */
const maxPages = 10;

const list = `query MergeQueue($owner: String!, $name: String!, $branch: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    mergeQueue(branch: $branch) {
      entries(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ${queueFields} pullRequest { number } }
      }
    }
  }
}`;
const read = `query PlaceInQueue($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) { id state headRefOid mergeQueueEntry { ${queueFields} } }
  }
}`;
// GitHub names the same id differently in the two.
const put = `mutation Enqueue($input: EnqueuePullRequestInput!) {
  enqueuePullRequest(input: $input) { mergeQueueEntry { position } }
}`;
const take = `mutation Dequeue($input: DequeuePullRequestInput!) {
  dequeuePullRequest(input: $input) { clientMutationId }
}`;

/** Merge queues are in GitHub's GraphQL only. */
export function createMergeQueue(client: Client): Pick<GitHost, 'dequeue' | 'mergeQueue'> & {
  enqueue(repository: RepositoryName, number: number, sha: string): Promise<MergeOutcome>;
} {
  async function look(repository: RepositoryName, number: number): Promise<InQueue> {
    const doing = `reading where #${number} of ${repository} is in the merge queue`;
    const [owner, name] = repository.split('/');
    const params = { owner, name, number };
    const reply = await client.graphql(repository, read, { doing, params, write: false });
    const [error] = reply.errors ?? [];
    if (error !== undefined) throw new GitHostError(doing, error.message, { status: 200 });
    return parse(Answer, reply.data, doing).repository.pullRequest;
  }

  return {
    async enqueue(repository, number, sha) {
      const doing = `putting #${number} of ${repository} into the merge queue`;
      const { id, headRefOid, mergeQueueEntry } = await look(repository, number);
      // An earlier attempt went through and its answer was lost.
      if (mergeQueueEntry !== null && headRefOid === sha) return { kind: 'enqueued' };
      const params = { input: { pullRequestId: id, expectedHeadOid: sha } };
      const { errors = [] } = await client.graphql(repository, put, { doing, params, write: true });
      const [error] = errors;
      return error === undefined
        ? { kind: 'enqueued' }
        : { kind: 'refused', reason: error.message };
    },

    async mergeQueue(repository, branch) {
      const doing = `reading the merge queue of ${branch} in ${repository}`;
      const [owner, name] = repository.split('/');
      const queued: QueuedPull[] = [];
      let after: string | null = null;
      for (let page = 1; page <= maxPages; page += 1) {
        const params = { owner, name, branch, after };
        const reply = await client.graphql(repository, list, { doing, params, write: false });
        const [error] = reply.errors ?? [];
        if (error !== undefined) throw new GitHostError(doing, error.message, { status: 200 });
        const entries = parse(List, reply.data, doing).repository.mergeQueue?.entries;
        for (const { pullRequest, ...entry } of entries?.nodes ?? []) {
          if (pullRequest === null) continue;
          queued.push({ number: pullRequest.number, place: placeOf(entry) });
        }
        if (entries?.pageInfo.hasNextPage !== true) break;
        after = entries.pageInfo.endCursor;
      }
      return queued;
    },

    async dequeue(repository, number) {
      const doing = `taking #${number} of ${repository} out of the merge queue`;
      const { id, mergeQueueEntry, state } = await look(repository, number);
      if (state === 'MERGED') return 'merged';
      if (mergeQueueEntry === null) return 'out';
      const params = { input: { id } };
      await client.graphql(repository, take, { doing, params, write: true });
      // GitHub reports failure also where it did what was asked; only a look tells.
      const after = await look(repository, number);
      if (after.state === 'MERGED') return 'merged';
      return after.mergeQueueEntry === null ? 'out' : 'in';
    },
  };
}
