import { isoOf } from '../../../shared/time.ts';
import { fileJson } from '../answers/commit-answers.ts';
import { issueJson, pullJson, pullSimpleJson } from '../answers/pull-answers.ts';
import { repositoryUrl, userJson } from '../answers/repository-answers.ts';
import { mergePull } from '../merge-pull.ts';
import { changesOf, createPull, pullOf, updatePull } from '../pulls.ts';
import { invalidField, Refusal, unprocessable } from '../refusal.ts';
import { optionalText, paged, param, type RepositoryCall, text } from '../route.ts';
import type { MergeMethod, Pull } from '../state.ts';
import { fullName, nextId } from '../world.ts';
import { repositoryRoute, writerOf } from './repository-route.ts';

function asked(call: RepositoryCall): Pull {
  return pullOf(call.repository, Number(param(call, 'number')));
}

/** Filtered and ordered as asked; newest first unless told, as GitHub does. */
function listed({ repository, query }: RepositoryCall): readonly Pull[] {
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const wanted = repository.pulls.filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      // Without `owner:` GitHub ignores the filter.
      (head === null || !head.includes(':') || sameHead(repository.owner, pull, head)) &&
      (base === null || pull.baseBranch === base),
  );
  return query.get('direction') === 'asc' ? wanted : wanted.toReversed();
}

function sameHead(owner: string, { headBranch }: Pull, head: string): boolean {
  const colon = head.indexOf(':');
  return (
    head.slice(0, colon).toLowerCase() === owner.toLowerCase() &&
    head.slice(colon + 1) === headBranch
  );
}

function stateAsked(call: RepositoryCall): 'open' | 'closed' | undefined {
  const state = optionalText(call, 'state');
  if (state === undefined || state === 'open' || state === 'closed') return state;
  throw invalidField('PullRequest', 'state', 'invalid');
}

function methodAsked(call: RepositoryCall): MergeMethod {
  const method = optionalText(call, 'merge_method') ?? 'merge';
  if (method === 'merge' || method === 'squash' || method === 'rebase') return method;
  throw invalidField('PullRequest', 'merge_method', 'invalid');
}

export const pullRoutes = [
  repositoryRoute('GET', '/pulls', (call) =>
    paged(call, `/repos/${fullName(call.repository)}/pulls`, listed(call), (page) =>
      page.map((pull) => pullSimpleJson(call.world, call.repository, pull)),
    ),
  ),
  repositoryRoute('POST', '/pulls', (call) => {
    const pull = createPull(call.world, call.repository, writerOf(call), {
      title: text(call, 'title'),
      body: optionalText(call, 'body') ?? null,
      head: text(call, 'head'),
      base: text(call, 'base'),
      draft: call.body['draft'] === true,
    });
    return { status: 201, body: pullJson(call.world, call.repository, pull) };
  }),
  repositoryRoute('GET', '/pulls/{number}', (call) => ({
    status: 200,
    body: pullJson(call.world, call.repository, asked(call)),
  })),
  repositoryRoute('PATCH', '/pulls/{number}', (call) => {
    const pull = asked(call);
    const [title, base, state] = [
      optionalText(call, 'title'),
      optionalText(call, 'base'),
      stateAsked(call),
    ];
    const body = call.body['body'] === null ? null : optionalText(call, 'body');
    updatePull(call.world, call.repository, pull, writerOf(call), {
      ...(title !== undefined && { title }),
      ...(body !== undefined && { body }),
      ...(state !== undefined && { state }),
      ...(base !== undefined && { base }),
    });
    return { status: 200, body: pullJson(call.world, call.repository, pull) };
  }),
  repositoryRoute('GET', '/pulls/{number}/files', (call) => {
    const path = `/repos/${fullName(call.repository)}/pulls/${param(call, 'number')}/files`;
    // GitHub lists 3,000 files of a pull request at most.
    const changes = changesOf(call.world, call.repository, asked(call)).slice(0, 3000);
    return paged(call, path, changes, (page) =>
      page.map((change) => fileJson(call.world, call.repository, change)),
    );
  }),
  repositoryRoute('PUT', '/pulls/{number}/merge', (call) => {
    const [sha, title, message] = ['sha', 'commit_title', 'commit_message'].map((name) =>
      optionalText(call, name),
    );
    const merged = mergePull(call.world, call.repository, asked(call), {
      by: writerOf(call),
      method: methodAsked(call),
      ...(sha !== undefined && { sha }),
      ...(title !== undefined && { title }),
      ...(message !== undefined && { message }),
    });
    return {
      status: 200,
      body: { sha: merged, merged: true, message: 'Pull Request successfully merged' },
    };
  }),
  repositoryRoute('GET', '/issues/{number}', (call) => ({
    status: 200,
    body: issueJson(call.world, call.repository, asked(call)),
  })),
  repositoryRoute('POST', '/issues/{number}/comments', (call) => {
    const { world, repository } = call;
    const pull = asked(call);
    const body = text(call, 'body');
    if (body.length > 65_536)
      throw unprocessable('IssueComment', 'body is too long (maximum is 65536 characters)');
    if (body === '')
      throw new Refusal(422, 'Validation Failed', [
        { resource: 'IssueComment', code: 'missing_field', field: 'body' },
      ]);
    const comment = { id: nextId(world), by: writerOf(call), body, at: world.clock.now() };
    pull.comments.push(comment);
    const url = `${repositoryUrl(world, repository)}/issues/comments/${comment.id}`;
    return {
      status: 201,
      body: {
        id: comment.id,
        node_id: `IC_${comment.id}`,
        url,
        html_url: `https://github.com/${fullName(repository)}/pull/${pull.number}#issuecomment-${comment.id}`,
        issue_url: `${repositoryUrl(world, repository)}/issues/${pull.number}`,
        body,
        user: userJson(world, comment.by),
        created_at: isoOf(comment.at),
        updated_at: isoOf(comment.at),
        author_association: 'NONE',
      },
    };
  }),
];
