import { commitsBetween } from '../git/commit-graph.ts';
import { baseShaOf, changesOf, mergeabilityOf } from '../pulls.ts';
import type { Pull, Repository } from '../state.ts';
import type { World } from '../world.ts';
import { fileJson } from './commit-answers.ts';
import { htmlUrl, iso, repositoryJson, repositoryUrl, userJson } from './repository-answers.ts';

/** A pull request as lists have it. */
export function pullSimpleJson(world: World, repository: Repository, pull: Pull) {
  const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}`;
  const repo = repositoryJson(world, repository);
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: repo.owner,
    repo,
  });
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: `${htmlUrl(repository)}/pull/${pull.number}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${pull.number}`,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userJson(world, pull.by),
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: iso(pull.closed?.at),
    merged_at: iso(pull.merged?.at),
    // GitHub keeps a trial merge here while it is open: nothing to rely on, and not a commit of any branch.
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(pull.headBranch, pull.headSha),
    base: side(pull.baseBranch, baseShaOf(repository, pull)),
    author_association: 'NONE',
    auto_merge: null,
    draft: pull.draft,
  };
}

/** A pull request asked for by number. */
export function pullJson(world: World, repository: Repository, pull: Pull) {
  const { mergeable, state } = mergeabilityOf(world, repository, pull);
  const changes = changesOf(world, repository, pull).map((change) =>
    fileJson(world, repository, change),
  );
  const sum = (key: 'additions' | 'deletions') => changes.reduce((n, file) => n + file[key], 0);
  return {
    ...pullSimpleJson(world, repository, pull),
    merged: pull.merged !== undefined,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: state,
    merged_by: pull.merged === undefined ? null : userJson(world, pull.merged.by),
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsBetween(world.objects, baseShaOf(repository, pull), pull.headSha).length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: changes.length,
  };
}

/** The issue side of a pull request: the only answer that says who closed it. */
export function issueJson(world: World, repository: Repository, pull: Pull) {
  const {
    id,
    node_id,
    number,
    title,
    user,
    body,
    state,
    created_at,
    updated_at,
    closed_at,
    html_url,
  } = pullSimpleJson(world, repository, pull);
  return {
    id,
    node_id,
    url: `${repositoryUrl(world, repository)}/issues/${number}`,
    number,
    title,
    user,
    body,
    state,
    locked: false,
    labels: [],
    assignee: null,
    assignees: [],
    milestone: null,
    comments: pull.comments.length,
    created_at,
    updated_at,
    closed_at,
    html_url,
    closed_by: pull.closed === undefined ? null : userJson(world, pull.closed.by),
    pull_request: {
      url: `${repositoryUrl(world, repository)}/pulls/${number}`,
      merged_at: iso(pull.merged?.at),
    },
    performed_via_github_app:
      pull.by.login === `${world.app.slug}[bot]`
        ? { id: world.app.id, slug: world.app.slug }
        : null,
  };
}
