import { z } from 'zod';
import type { RepositoryName } from '../../shared/ids.ts';
import { type Clock, type Instant, minute } from '../../shared/time.ts';
import type { GitHost, MergeOutcome } from '../../workflow/ports/git-host.ts';
import { type Client, parse } from './client.ts';
import { createMergeQueue } from './merge-queue.ts';
import { PullRequest } from './pull-request-view.ts';
import { refusalOf } from './pull-requests.ts';

export type MergeMethod = 'squash' | 'merge' | 'rebase';

const Settings = z.object({
  allow_squash_merge: z.boolean().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
});
const Merged = z.object({ sha: z.string(), merged: z.literal(true) });

/** How long a repository's allowed methods are believed; a refusal for the method forgets them at once. */
const settingsLifeMs = 10 * minute;

export function createMerging(
  client: Client,
  clock: Clock,
  configured?: MergeMethod,
): Pick<GitHost, 'merge' | 'dequeue' | 'mergeQueue'> {
  const mergeQueue = createMergeQueue(client);
  const methods = new Map<RepositoryName, { readonly method: MergeMethod; readonly at: Instant }>();

  async function methodOf(repository: RepositoryName): Promise<MergeMethod> {
    if (configured !== undefined) return configured;
    const known = methods.get(repository);
    if (known !== undefined && clock.now() - known.at < settingsLifeMs) return known.method;
    const doing = `reading how ${repository} merges`;
    const { data } = await client.read(repository, 'GET /repos/{owner}/{repo}', { doing });
    const method = firstAllowed(parse(Settings, data, doing));
    methods.set(repository, { method, at: clock.now() });
    return method;
  }

  return {
    async merge({ repository, number, sha, title, queue }): Promise<MergeOutcome> {
      // Asked directly, an App that may bypass the rule would pass the queue by.
      if (queue === true) return enqueued(repository, number, sha);
      const doing = `merging #${number} of ${repository}`;
      const merge_method = await methodOf(repository);
      const reply = await client.write(
        repository,
        'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
        {
          doing,
          params: { pull_number: number, sha, merge_method, commit_title: title },
          expect: [405, 409, 422],
        },
      );
      if (reply.status === 200)
        return { kind: 'merged', sha: parse(Merged, reply.data, doing).sha };
      const reason = refusalOf(reply);
      if (/not allowed/i.test(reason)) methods.delete(repository);
      if (/merge queue/i.test(reason)) return enqueued(repository, number, sha);
      return (await mergedBefore(repository, number, sha)) ?? { kind: 'refused', reason };
    },
    dequeue: (repository, number) => mergeQueue.dequeue(repository, number),
    mergeQueue: (repository, branch) => mergeQueue.mergeQueue(repository, branch),
  };

  async function enqueued(
    repository: RepositoryName,
    number: number,
    sha: string,
  ): Promise<MergeOutcome> {
    const outcome = await mergeQueue.enqueue(repository, number, sha);
    if (outcome.kind !== 'refused') return outcome;
    return (await mergedBefore(repository, number, sha)) ?? outcome;
  }

  /** GitHub refuses to merge twice: an earlier attempt may have gone through with its answer lost. */
  async function mergedBefore(
    repository: RepositoryName,
    number: number,
    sha: string,
  ): Promise<MergeOutcome | undefined> {
    const doing = `reading whether #${number} of ${repository} is merged`;
    const { data } = await client.read(
      repository,
      'GET /repos/{owner}/{repo}/pulls/{pull_number}',
      { doing, params: { pull_number: number } },
    );
    const { merged_at, merge_commit_sha, head } = parse(PullRequest, data, doing);
    if (merged_at === null || merge_commit_sha === null || head.sha !== sha) return undefined;
    return { kind: 'merged', sha: merge_commit_sha };
  }
}

/** GitHub shows these settings only to who may write; without them its own default stands. */
function firstAllowed(settings: z.infer<typeof Settings>): MergeMethod {
  if (settings.allow_squash_merge === true) return 'squash';
  if (settings.allow_merge_commit === true) return 'merge';
  if (settings.allow_rebase_merge === true) return 'rebase';
  return 'merge';
}
