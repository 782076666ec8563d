import { checkRunJson, statusJson } from '../answers/check-answers.ts';
import { repositoryJson, repositoryUrl } from '../answers/repository-answers.ts';
import { latestStatuses, runsOf } from '../checks.ts';
import { notFound, Refusal, unprocessable } from '../refusal.ts';
import { optionalText, paged, param, type RepositoryCall, text } from '../route.ts';
import type { Status } from '../state.ts';
import { fullName, nextId } from '../world.ts';
import { repositoryRoute, writerOf } from './repository-route.ts';

const states = ['error', 'failure', 'pending', 'success'] as const;
/** GitHub takes 1,000 statuses for one commit and context. */
const maxStatuses = 1000;
const maxDescription = 140;

function commitAsked(call: RepositoryCall, name: string): string {
  const asked = param(call, name);
  const sha = call.repository.branches.get(asked) ?? asked;
  if (call.world.objects.commit(sha) === undefined) throw notFound();
  return sha;
}

function stateAsked(call: RepositoryCall): Status['state'] {
  const state = states.find((known) => known === text(call, 'state'));
  if (state === undefined) {
    throw new Refusal(422, 'Validation Failed', [
      {
        resource: 'Status',
        field: 'state',
        code: 'custom',
        message: 'state is not included in the list',
      },
    ]);
  }
  return state;
}

export const checkRoutes = [
  repositoryRoute('POST', '/statuses/{sha}', (call) => {
    const { world, repository } = call;
    const sha = param(call, 'sha');
    if (world.objects.commit(sha) === undefined) {
      throw new Refusal(422, `No commit found for SHA: ${sha}`);
    }
    const state = stateAsked(call);
    const description = optionalText(call, 'description') ?? null;
    if ((description ?? '').length > maxDescription) {
      throw unprocessable(
        'Status',
        `description is too long (maximum is ${maxDescription} characters)`,
      );
    }
    const context = optionalText(call, 'context') ?? 'default';
    const before = repository.statuses.get(sha) ?? [];
    if (before.filter((status) => status.context === context).length >= maxStatuses) {
      throw unprocessable(
        'Status',
        'This SHA and context has reached the maximum number of statuses.',
      );
    }
    const status: Status = {
      id: nextId(world),
      context,
      state,
      description,
      targetUrl: optionalText(call, 'target_url') ?? null,
      creator: writerOf(call),
      at: world.clock.now(),
    };
    repository.statuses.set(sha, [...before, status]);
    world.emit({ event: 'status', repository, payload: { sha, status } });
    return { status: 201, body: statusJson(world, repository, sha, status) };
  }),
  repositoryRoute('GET', '/commits/{ref}/statuses', (call) => {
    const sha = commitAsked(call, 'ref');
    const all = (call.repository.statuses.get(sha) ?? []).toReversed();
    return paged(call, `/repos/${fullName(call.repository)}/commits/${sha}/statuses`, all, (page) =>
      page.map((status) => statusJson(call.world, call.repository, sha, status)),
    );
  }),
  repositoryRoute('GET', '/commits/{ref}/status', (call) => {
    const sha = commitAsked(call, 'ref');
    const statuses = latestStatuses(call.repository, sha);
    return {
      status: 200,
      body: {
        state: combined(statuses),
        statuses: statuses.map((status) => statusJson(call.world, call.repository, sha, status)),
        sha,
        total_count: statuses.length,
        repository: repositoryJson(call.world, call.repository),
        commit_url: `${repositoryUrl(call.world, call.repository)}/commits/${sha}`,
        url: `${repositoryUrl(call.world, call.repository)}/commits/${sha}/status`,
      },
    };
  }),
  repositoryRoute('GET', '/commits/{ref}/check-runs', (call) => {
    const sha = commitAsked(call, 'ref');
    const runs = runsOf(call.repository, sha, call.world.clock.now());
    return paged(
      call,
      `/repos/${fullName(call.repository)}/commits/${sha}/check-runs`,
      runs,
      (page) => ({
        total_count: runs.length,
        check_runs: page.map((run) => checkRunJson(call.world, call.repository, sha, run)),
      }),
    );
  }),
];

/** `pending` also when there is none: GitHub's word for "nothing said yet". */
function combined(statuses: readonly Status[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure';
  const green = statuses.length > 0 && statuses.every(({ state }) => state === 'success');
  return green ? 'success' : 'pending';
}
