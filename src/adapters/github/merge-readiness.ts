import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import type { CheckView, MergeReadiness } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';
import { GitHostError } from './git-host-error.ts';
import { placeOf, QueueEntry, queueFields } from './merge-queue.ts';

const CheckRun = z.object({
  __typename: z.literal('CheckRun'),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  startedAt: z.string().nullable(),
  detailsUrl: z.string().nullable(),
  isRequired: z.boolean(),
  checkSuite: z
    .object({
      workflowRun: z
        .object({ event: z.string(), workflow: z.object({ name: z.string() }) })
        .nullable(),
    })
    .nullable(),
});
const StatusContext = z.object({
  __typename: z.literal('StatusContext'),
  context: z.string(),
  state: z.string(),
  targetUrl: z.string().nullable(),
  isRequired: z.boolean(),
});
const Context = z.discriminatedUnion('__typename', [CheckRun, StatusContext]);
type Context = z.infer<typeof Context>;

const Answer = z.object({
  repository: z.object({
    pullRequest: z.object({
      mergeable: z.enum(['MERGEABLE', 'CONFLICTING', 'UNKNOWN']),
      reviewDecision: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'REVIEW_REQUIRED']).nullable(),
      isMergeQueueEnabled: z.boolean(),
      mergeQueueEntry: QueueEntry.nullable(),
      baseRef: z
        .object({
          refUpdateRule: z
            .object({ requiredStatusCheckContexts: z.array(z.string().nullable()).nullable() })
            .nullable(),
        })
        .nullable(),
    }),
    object: z
      .object({
        committedDate: z.string(),
        statusCheckRollup: z
          .object({
            contexts: z.object({
              pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
              nodes: z.array(Context),
            }),
          })
          .nullable(),
      })
      .nullable(),
  }),
});

const query = `query MergeReadiness($owner: String!, $name: String!, $number: Int!, $sha: GitObjectID!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      mergeable
      reviewDecision
      isMergeQueueEnabled
      mergeQueueEntry { ${queueFields} }
      baseRef { refUpdateRule { requiredStatusCheckContexts } }
    }
    object(oid: $sha) {
      ... on Commit {
        committedDate
        statusCheckRollup {
          contexts(first: 100, after: $after) {
            pageInfo { hasNextPage endCursor }
            nodes {
              __typename
              ... on CheckRun {
                name
                status
                conclusion
                startedAt
                detailsUrl
                isRequired(pullRequestNumber: $number)
                checkSuite { workflowRun { event workflow { name } } }
              }
              ... on StatusContext {
                context
                state
                targetUrl
                isRequired(pullRequestNumber: $number)
              }
            }
          }
        }
      }
    }
  }
}`;

/** Pages of checks read at most: 1,000 checks. */
const maxPages = 10;

/**
 * Checks, reviews and conflicts of a head. A required check that never reported is not in GitHub's roll-up, so it is
 * added from the base branch's rule (which shows classic protection; a ruleset's shows when merging is refused).
 * `conflicting` is false while GitHub has not computed it. `pushedAt` is the head's committer date: GitHub keeps no
 * time of the push, and for commits made through its API, as ours are, it is the same.
 */
export async function readReadiness(
  client: Client,
  repository: RepositoryName,
  number: number,
  sha: string,
): Promise<MergeReadiness> {
  const doing = `reading the checks of #${number} in ${repository}`;
  const [owner, name] = repository.split('/');
  const contexts: Context[] = [];
  let after: string | null = null;
  for (let page = 1; ; page += 1) {
    const reply = await client.graphql(repository, query, {
      doing,
      params: { owner, name, number, sha, after },
      write: false,
    });
    const [error] = reply.errors ?? [];
    if (error !== undefined) throw new GitHostError(doing, error.message, { status: 200 });
    const { pullRequest, object } = parse(Answer, reply.data, doing).repository;
    if (object === null)
      throw new GitHostError(doing, `there is no commit ${sha}`, { status: 404 });
    const listed = object.statusCheckRollup?.contexts;
    contexts.push(...(listed?.nodes ?? []));
    if (listed?.pageInfo.hasNextPage === true) {
      if (page === maxPages) throw new GitHostError(doing, 'there are more than 1,000 checks');
      after = listed.pageInfo.endCursor;
      continue;
    }
    const { reviewDecision, mergeable, baseRef, isMergeQueueEnabled, mergeQueueEntry } =
      pullRequest;
    const place = mergeQueueEntry === null ? {} : { place: placeOf(mergeQueueEntry) };
    const required = baseRef?.refUpdateRule?.requiredStatusCheckContexts ?? [];
    return {
      checks: withExpected(checksOf(contexts), required),
      ...(reviewDecision !== null && { reviewDecision }),
      conflicting: mergeable === 'CONFLICTING',
      pushedAt: Date.parse(object.committedDate),
      ...((isMergeQueueEnabled || mergeQueueEntry !== null) && { mergeQueue: place }),
    };
  }
}

/** One view a check: of several runs of the same job of the same workflow the last one counts, as on GitHub's page. */
function checksOf(contexts: readonly Context[]): readonly CheckView[] {
  const latest = new Map<string, Context>();
  for (const context of contexts) {
    const key = keyOf(context);
    const other = latest.get(key);
    if (other === undefined || startOf(other) <= startOf(context)) latest.set(key, context);
  }
  return [...latest.values()].map(viewOf);
}

function keyOf(context: Context): string {
  if (context.__typename === 'StatusContext') return `status ${context.context}`;
  const run = context.checkSuite?.workflowRun;
  return `run ${context.name} / ${run?.workflow.name ?? ''} / ${run?.event ?? ''}`;
}

function startOf(context: Context): number {
  const at = context.__typename === 'CheckRun' ? context.startedAt : null;
  return at === null ? 0 : Date.parse(at);
}

function viewOf(context: Context): CheckView {
  if (context.__typename === 'StatusContext') {
    const { context: name, state, isRequired, targetUrl } = context;
    const is = state === 'SUCCESS' ? 'success' : isOpen(state) ? 'pending' : 'failure';
    return { name, state: is, required: isRequired, ...(targetUrl !== null && { url: targetUrl }) };
  }
  const { name, status, conclusion, isRequired, detailsUrl } = context;
  const green = conclusion === 'SUCCESS' || conclusion === 'NEUTRAL' || conclusion === 'SKIPPED';
  const state = status !== 'COMPLETED' ? 'pending' : green ? 'success' : 'failure';
  return { name, state, required: isRequired, ...(detailsUrl !== null && { url: detailsUrl }) };
}

function isOpen(state: string): boolean {
  return state === 'PENDING' || state === 'EXPECTED';
}

function withExpected(
  checks: readonly CheckView[],
  required: readonly (string | null)[],
): readonly CheckView[] {
  const reported = new Set(checks.map(({ name }) => name));
  const silent = required.filter((name) => name !== null && !reported.has(name));
  return [
    ...checks,
    ...silent.map((name) => ({ name: name ?? '', state: 'pending' as const, required: true })),
  ];
}
