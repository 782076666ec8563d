import { runStateOf } from '../checks.ts';
import type { CheckRun, Repository, Status } from '../state.ts';
import type { World } from '../world.ts';
import { htmlUrl, iso, repositoryUrl, userJson } from './repository-answers.ts';

export function statusJson(world: World, repository: Repository, sha: string, status: Status) {
  return {
    url: `${repositoryUrl(world, repository)}/statuses/${sha}`,
    avatar_url: null,
    id: status.id,
    node_id: `SC_${status.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.at),
    updated_at: iso(status.at),
    creator: userJson(world, status.creator),
  };
}

export function checkRunJson(world: World, repository: Repository, sha: string, run: CheckRun) {
  const { status, conclusion, completedAt } = runStateOf(run, world.clock.now());
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: sha,
    external_id: '',
    url: `${repositoryUrl(world, repository)}/check-runs/${run.id}`,
    html_url: `${htmlUrl(repository)}/runs/${run.id}`,
    details_url: `${htmlUrl(repository)}/actions/runs/${run.id}`,
    status,
    conclusion,
    started_at: iso(run.startedAt),
    completed_at: iso(completedAt ?? undefined),
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: '' },
    check_suite: { id: run.id },
    app: { id: 15368, slug: 'github-actions', name: 'GitHub Actions' },
    pull_requests: repository.pulls
      .filter(({ headSha, state }) => headSha === sha && state === 'open')
      .map(({ number, id, headBranch, baseBranch }) => ({
        id,
        number,
        head: { ref: headBranch, sha },
        base: { ref: baseBranch },
      })),
  };
}
