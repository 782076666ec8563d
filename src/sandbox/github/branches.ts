import { startChecks } from './checks.ts';
import { isAncestor } from './git/commit-graph.ts';
import type { Account, Pull, Repository } from './state.ts';
import { fullName, openPulls, type World } from './world.ts';

/**
 * Points a branch at a commit (`undefined`: deletes it) and does to pull requests what GitHub does then: a new head
 * restarts their checks; one whose commits are all in its base is closed; one whose head reached its base by hand
 * counts as merged; one whose branch is gone is closed.
 */
export function moveBranch(
  world: World,
  repository: Repository,
  branch: string,
  after: string | undefined,
  by: Account,
): void {
  const before = repository.branches.get(branch);
  if (before === after) return;
  if (after === undefined) repository.branches.delete(branch);
  else repository.branches.set(branch, after);
  const name = fullName(repository);
  world.emit({ event: 'push', repository, payload: { branch, before, after, by } });
  const forced =
    before === undefined || after === undefined || !isAncestor(world.objects, before, after);
  for (const pull of repository.pulls.filter(({ headBranch }) => headBranch === branch)) {
    headMoved(world, repository, pull, after, forced, by);
  }
  if (after !== undefined) {
    for (const pull of openPulls(repository).filter(({ baseBranch }) => baseBranch === branch)) {
      baseMoved(world, repository, pull, after, by);
    }
  }
  world.pushed({
    repository: name,
    branch,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    by: by.login,
  });
}

function headMoved(
  world: World,
  repository: Repository,
  pull: Pull,
  after: string | undefined,
  forced: boolean,
  by: Account,
): void {
  if (pull.state === 'closed') {
    if (forced) pull.sealed = true;
    return;
  }
  if (after === undefined) {
    closePull(world, repository, pull, by);
    pull.sealed = true;
    return;
  }
  pull.headSha = after;
  pull.updatedAt = world.clock.now();
  const base = repository.branches.get(pull.baseBranch) ?? pull.baseSha;
  if (isAncestor(world.objects, after, base)) {
    // Nothing is left to merge: GitHub closes it, also when the next push would bring a commit again.
    closePull(world, repository, pull, by);
    pull.sealed = forced;
    return;
  }
  startChecks(world, repository, after);
  world.emit({ event: 'pull_request', repository, payload: { action: 'synchronize', pull, by } });
}

function baseMoved(
  world: World,
  repository: Repository,
  pull: Pull,
  base: string,
  by: Account,
): void {
  if (!isAncestor(world.objects, pull.headSha, base)) return;
  const at = world.clock.now();
  pull.merged = { by, sha: pull.headSha, at };
  closePull(world, repository, pull, by);
}

/** Closes it and keeps what its base was. */
export function closePull(world: World, repository: Repository, pull: Pull, by: Account): void {
  const at = world.clock.now();
  pull.state = 'closed';
  pull.closed = { by, at };
  pull.updatedAt = at;
  world.emit({ event: 'pull_request', repository, payload: { action: 'closed', pull, by } });
}
