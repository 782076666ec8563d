import { dequeue, enqueue, stateOf } from '../merge-queue.ts';
import type { QueueEntry, Repository } from '../state.ts';
import { connection, connectionOf } from './connection.ts';
import { type Args, GraphqlRefusal, type Schema } from './execute.ts';
import { type Context, field, type PullNode } from './field.ts';

type QueueNode = { readonly repository: Repository; readonly entry: QueueEntry };

export function queueEntryOf({ repository, pull }: PullNode): QueueNode | null {
  const entry = repository.queue?.find(({ number }) => number === pull.number);
  return entry === undefined ? null : { repository, entry };
}

function pullById({ world, caller }: Context, id: unknown): PullNode {
  for (const repository of world.state.repositories.values()) {
    const pull = repository.pulls.find((one) => `PR_${one.id}` === id);
    const installation = world.state.installations.get(repository.owner.toLowerCase());
    const ours = caller.kind === 'installation' && caller.installation === installation;
    if (pull !== undefined && ours) return { repository, pull };
  }
  const shown = JSON.stringify(id);
  throw new GraphqlRefusal(
    'NOT_FOUND',
    `Could not resolve to a node with the global id of ${shown}`,
  );
}

function refusedBy(reason: string | undefined): void {
  if (reason !== undefined) throw new GraphqlRefusal('UNPROCESSABLE', reason);
}

/** The two mutations name the pull request differently: `pullRequestId` in, `id` out. */
export const mergeQueueMutations: Schema<Context>[string] = {
  enqueuePullRequest: field((_, { input }, context) => {
    const { pullRequestId, expectedHeadOid } = input as Args;
    const node = pullById(context, pullRequestId);
    const head = typeof expectedHeadOid === 'string' ? expectedHeadOid : undefined;
    refusedBy(enqueue(context.world, node.repository, node.pull, head));
    return node;
  }, 'EnqueuePullRequestPayload'),
  dequeuePullRequest: field((_, { input }, context) => {
    const node = pullById(context, (input as Args)['id']);
    refusedBy(dequeue(context.world, node.repository, node.pull));
    return node;
  }, 'DequeuePullRequestPayload'),
};

export const mergeQueueTypes: Schema<Context> = {
  EnqueuePullRequestPayload: { mergeQueueEntry: field(queueEntryOf, 'MergeQueueEntry') },
  DequeuePullRequestPayload: { clientMutationId: field(() => null) },
  MergeQueue: {
    entries: field((repository: Repository, args) => {
      const nodes = (repository.queue ?? []).map((entry) => ({ repository, entry }));
      return connection('entries', nodes, args);
    }, 'MergeQueueEntryConnection'),
  },
  MergeQueueEntryConnection: connectionOf('MergeQueueEntry'),
  MergeQueueEntry: {
    position: field(
      ({ repository, entry }: QueueNode) => (repository.queue ?? []).indexOf(entry) + 1,
    ),
    state: field(({ repository, entry }: QueueNode, _args, { world }) =>
      stateOf(world, repository, entry),
    ),
    headCommit: field(
      ({ repository, entry }: QueueNode) => ({
        __typename: 'Commit',
        repository,
        sha: entry.headSha,
      }),
      'Commit',
    ),
    baseCommit: field(
      ({ repository, entry }: QueueNode) => ({
        __typename: 'Commit',
        repository,
        sha: entry.baseSha,
      }),
      'Commit',
    ),
    pullRequest: field(({ repository, entry }: QueueNode) => {
      const pull = repository.pulls.find(({ number }) => number === entry.number);
      return pull === undefined ? null : { repository, pull };
    }, 'PullRequest'),
  },
};
