import { isoOf } from '../../../shared/time.ts';
import { htmlUrl } from '../answers/repository-answers.ts';
import { latestStatuses, reviewDecision, reviewsAsked, runStateOf, runsOf } from '../checks.ts';
import { hasQueue, isQueued } from '../merge-queue.ts';
import { isProtected, mergeabilityOf } from '../pulls.ts';
import type { CheckRun, Repository, Status } from '../state.ts';
import { findRepository, fullName, type World } from '../world.ts';
import { type Connection, connection, connectionOf } from './connection.ts';
import { createCommitOnBranch } from './create-commit.ts';
import { type Args, GraphqlRefusal, type Schema } from './execute.ts';
import { type Context, field, type PullNode } from './field.ts';
import { mergeQueueMutations, mergeQueueTypes, queueEntryOf } from './merge-queue-fields.ts';

/** Objects travel between resolvers under their type's name: `{ __typename, … }`. */
type CommitNode = {
  readonly __typename: 'Commit';
  readonly repository: Repository;
  readonly sha: string;
};
type BlobNode = { readonly __typename: 'Blob'; readonly oid: string; readonly bytes: Buffer };
type ContextNode = { readonly repository: Repository } & (
  | { readonly __typename: 'CheckRun'; readonly run: CheckRun }
  | { readonly __typename: 'StatusContext'; readonly status: Status }
);

/** Text longer than this is cut. */
const maxText = 512_000;

export const githubSchema: Schema<Context> = {
  Query: {
    repository: field((_, { owner, name }, { world, caller }) => {
      const repository = findRepository(world, `${owner}/${name}`);
      const installation = world.state.installations.get(String(owner).toLowerCase());
      const ours =
        repository?.installed === true &&
        caller.kind === 'installation' &&
        caller.installation === installation;
      if (repository === undefined || (repository.private && !ours)) {
        throw new GraphqlRefusal(
          'NOT_FOUND',
          `Could not resolve to a Repository with the name '${owner}/${name}'.`,
        );
      }
      return repository;
    }, 'Repository'),
  },
  Mutation: {
    createCommitOnBranch: field((_, { input }, { world, caller }) => {
      const { repository, sha } = createCommitOnBranch(world, caller, input);
      return { commit: { __typename: 'Commit', repository, sha } };
    }, 'CreateCommitOnBranchPayload'),
    ...mergeQueueMutations,
  },
  CreateCommitOnBranchPayload: {
    commit: field((parent: { commit: CommitNode }) => parent.commit, 'Commit'),
  },
  ...mergeQueueTypes,
  Repository: {
    id: field(({ id }: Repository) => `R_${id}`),
    nameWithOwner: field(fullName),
    pullRequest: field((repository: Repository, { number }) => {
      const pull = repository.pulls.find((x) => x.number === number);
      if (pull === undefined)
        throw new GraphqlRefusal(
          'NOT_FOUND',
          `Could not resolve to a PullRequest with the number of ${number}.`,
        );
      return { repository, pull };
    }, 'PullRequest'),
    ref: field((repository: Repository, { qualifiedName }) => {
      const branch = String(qualifiedName).replace(/^refs\/heads\//, '');
      return repository.branches.has(branch) ? { repository, branch } : null;
    }, 'Ref'),
    mergeQueue: field(
      (repository: Repository, { branch = repository.defaultBranch }) =>
        hasQueue(repository, String(branch)) ? repository : null,
      'MergeQueue',
    ),
    object: field((repository: Repository, { oid }, { world }) => {
      const object = world.objects.get(String(oid));
      if (object === undefined) return null;
      if (object.type === 'commit') return { __typename: 'Commit', repository, sha: String(oid) };
      if (object.type === 'blob')
        return { __typename: 'Blob', oid: String(oid), bytes: object.bytes };
      return { __typename: 'Tree', oid: String(oid) };
    }, 'GitObject'),
  },
  GitObject: { oid: field((node: { oid?: string; sha?: string }) => node.oid ?? node.sha) },
  Tree: { oid: field(({ oid }: { oid: string }) => oid) },
  Blob: {
    oid: field(({ oid }: BlobNode) => oid),
    byteSize: field(({ bytes }: BlobNode) => bytes.length),
    isBinary: field(({ bytes }: BlobNode) => bytes.includes(0)),
    isTruncated: field(({ bytes }: BlobNode) => !bytes.includes(0) && bytes.length > maxText),
    // Bytes that are no UTF-8 become replacement characters, so the text alone does not give the bytes back.
    text: field(({ bytes }: BlobNode) =>
      bytes.includes(0) ? null : bytes.subarray(0, maxText).toString('utf8'),
    ),
  },
  PullRequest: {
    id: field(({ pull }: PullNode) => `PR_${pull.id}`),
    number: field(({ pull }: PullNode) => pull.number),
    headRefOid: field(({ pull }: PullNode) => pull.headSha),
    baseRefName: field(({ pull }: PullNode) => pull.baseBranch),
    state: field(({ pull }: PullNode) =>
      pull.merged !== undefined ? 'MERGED' : pull.state.toUpperCase(),
    ),
    merged: field(({ pull }: PullNode) => pull.merged !== undefined),
    isDraft: field(({ pull }: PullNode) => pull.draft),
    isMergeQueueEnabled: field(({ repository, pull }: PullNode) =>
      hasQueue(repository, pull.baseBranch),
    ),
    isInMergeQueue: field(({ repository, pull }: PullNode) => isQueued(repository, pull)),
    mergeQueueEntry: field(queueEntryOf, 'MergeQueueEntry'),
    mergeable: field(({ repository, pull }: PullNode, _args, { world }) => {
      const { mergeable } = mergeabilityOf(world, repository, pull);
      return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING';
    }),
    reviewDecision: field(({ repository, pull }: PullNode) =>
      isProtected(repository, pull.baseBranch)
        ? reviewDecision(pull.reviews, pull.by.login, reviewsAsked(repository))
        : null,
    ),
    baseRef: field(
      ({ repository, pull }: PullNode) =>
        repository.branches.has(pull.baseBranch) ? { repository, branch: pull.baseBranch } : null,
      'Ref',
    ),
  },
  Ref: {
    name: field(({ branch }: { branch: string }) => branch),
    refUpdateRule: field(
      ({ repository, branch }: { repository: Repository; branch: string }) =>
        isProtected(repository, branch) ? repository.protection : null,
      'RefUpdateRule',
    ),
  },
  RefUpdateRule: {
    requiredStatusCheckContexts: field(
      ({ requiredChecks }: Repository['protection']) => requiredChecks,
    ),
    requiredApprovingReviewCount: field(
      ({ requiredReviews }: Repository['protection']) => requiredReviews,
    ),
  },
  Commit: {
    oid: field(({ sha }: CommitNode) => sha),
    url: field(({ repository, sha }: CommitNode) => `${htmlUrl(repository)}/commit/${sha}`),
    committedDate: field(({ sha }: CommitNode, _args, { world }) =>
      isoOf(world.objects.commit(sha)?.committer.at ?? 0),
    ),
    statusCheckRollup: field(({ repository, sha }: CommitNode, _args, { world }) => {
      const nodes = contextsOf(world, repository, sha);
      return nodes.length === 0 ? null : { nodes };
    }, 'StatusCheckRollup'),
  },
  StatusCheckRollup: {
    contexts: field(
      ({ nodes }: { nodes: readonly ContextNode[] }, args) => connection('contexts', nodes, args),
      'StatusCheckRollupContextConnection',
    ),
  },
  StatusCheckRollupContextConnection: connectionOf('StatusCheckRollupContext'),
  PageInfo: {
    hasNextPage: field(({ hasNextPage }: Connection<unknown>['pageInfo']) => hasNextPage),
    endCursor: field(({ endCursor }: Connection<unknown>['pageInfo']) => endCursor),
  },
  StatusCheckRollupContext: {},
  CheckRun: {
    name: field(({ run }: { run: CheckRun }) => run.name),
    status: field(({ run }: { run: CheckRun }, _args, { world }) =>
      runStateOf(run, world.clock.now()).status.toUpperCase(),
    ),
    conclusion: field(
      ({ run }: { run: CheckRun }, _args, { world }) =>
        runStateOf(run, world.clock.now()).conclusion?.toUpperCase() ?? null,
    ),
    startedAt: field(({ run }: { run: CheckRun }) => isoOf(run.startedAt)),
    detailsUrl: field(
      ({ run, repository }: { run: CheckRun; repository: Repository }) =>
        `${htmlUrl(repository)}/actions/runs/${run.id}`,
    ),
    checkSuite: field(({ run }: { run: CheckRun }) => run, 'CheckSuite'),
    isRequired: field(({ run, repository }: { run: CheckRun; repository: Repository }, args) =>
      isRequired(repository, run.name, args),
    ),
  },
  CheckSuite: { workflowRun: field(({ name }: CheckRun) => ({ name }), 'WorkflowRun') },
  WorkflowRun: {
    event: field(() => 'pull_request'),
    workflow: field(({ name }: { name: string }) => ({ name }), 'Workflow'),
  },
  Workflow: { name: field(({ name }: { name: string }) => name) },
  StatusContext: {
    context: field(({ status }: { status: Status }) => status.context),
    state: field(({ status }: { status: Status }) => status.state.toUpperCase()),
    targetUrl: field(({ status }: { status: Status }) => status.targetUrl),
    createdAt: field(({ status }: { status: Status }) => isoOf(status.at)),
    isRequired: field(({ status, repository }: { status: Status; repository: Repository }, args) =>
      isRequired(repository, status.context, args),
    ),
  },
};

function contextsOf(world: World, repository: Repository, sha: string): readonly ContextNode[] {
  return [
    ...runsOf(repository, sha, world.clock.now()).map((run) => ({
      __typename: 'CheckRun' as const,
      repository,
      run,
    })),
    ...latestStatuses(repository, sha).map((status) => ({
      __typename: 'StatusContext' as const,
      repository,
      status,
    })),
  ];
}

function isRequired(repository: Repository, name: string, { pullRequestNumber }: Args): boolean {
  const pull = repository.pulls.find(({ number }) => number === pullRequestNumber);
  if (pull === undefined) {
    throw new GraphqlRefusal(
      'INVALID',
      'Either pullRequestId or pullRequestNumber must be supplied',
    );
  }
  return (
    isProtected(repository, pull.baseBranch) && repository.protection.requiredChecks.includes(name)
  );
}
