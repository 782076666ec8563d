import { type Instant, minute } from '../../shared/time.ts';
import { closePull, moveBranch } from './branches.ts';
import { requiredState, startChecks, unmetProtection } from './checks.ts';
import { mergeBaseOf } from './git/commit-graph.ts';
import { filesOfCommit, mergeFiles, writeTree } from './git/file-tree.ts';
import type { Account, Pull, QueueEntry, Repository } from './state.ts';
import { account, emailOf, type World, webFlow } from './world.ts';

/** GitHub waits so long for more pull requests before it merges a group, unless told. */
const defaultWaitMs = 5 * minute;
const queueBot = account('github-merge-queue[bot]');

/** Whether pull requests to this branch can only be merged by its queue. */
export function hasQueue({ defaultBranch, protection }: Repository, branch: string): boolean {
  return branch === defaultBranch && protection.mergeQueue !== undefined;
}

export function isQueued({ queue = [] }: Repository, { number }: Pull): boolean {
  return queue.some((entry) => entry.number === number);
}

/** Why GitHub does not take it into the queue, in its words; `undefined`: it is in. */
export function enqueue(
  world: World,
  repository: Repository,
  pull: Pull,
  expectedHead: string | undefined,
): string | undefined {
  settleQueue(world, repository);
  const { baseBranch, headSha } = pull;
  if (!hasQueue(repository, baseBranch)) return `No merge queue found for branch '${baseBranch}'`;
  if (pull.state === 'closed') return 'Pull request is closed';
  if (pull.draft) return 'Pull request is in draft state';
  if (expectedHead !== undefined && expectedHead !== headSha)
    return `Head sha did not match expected ${expectedHead}`;
  if (isQueued(repository, pull)) return 'Pull request is already in the queue';
  const unmet = unmetProtection(repository, pull, world.clock.now());
  if (unmet !== undefined) return `Pull request ${unmet}`;
  const entry = entryFor(world, repository, pull, tipOf(repository));
  if (entry === undefined) return 'Pull Request has merge conflicts';
  repository.queue = [...(repository.queue ?? []), entry];
  return undefined;
}

/** @returns why GitHub refuses; `undefined`: it is out. */
export function dequeue(world: World, repository: Repository, pull: Pull): string | undefined {
  settleQueue(world, repository);
  if (!isQueued(repository, pull))
    return `Failed to remove PR #${pull.number}: it is not in the queue`;
  rebuild(world, repository, (entry) => entry.number !== pull.number);
  return undefined;
}

/**
 * Brings the queue to where the clock and the checks have it: what was pushed, closed or failed leaves it, a base that
 * moved makes every group anew, and the first whose checks passed is merged.
 */
export function settleQueue(world: World, repository: Repository): void {
  const { queue = [], protection } = repository;
  const [first] = queue;
  if (first === undefined) return;
  if (protection.mergeQueue === undefined) {
    repository.queue = [];
    return;
  }
  const isFit = (entry: QueueEntry) => {
    const pull = repository.pulls.find(({ number }) => number === entry.number);
    const fits = pull?.state === 'open' && pull.headSha === entry.pullHead;
    return (
      fits &&
      hasQueue(repository, pull.baseBranch) &&
      stateOf(world, repository, entry) !== 'UNMERGEABLE'
    );
  };
  if (!queue.every(isFit)) {
    rebuild(world, repository, isFit);
    settleQueue(world, repository);
  } else if (first.baseSha !== repository.branches.get(repository.defaultBranch)) {
    rebuild(world, repository, () => true);
    settleQueue(world, repository);
  } else if (stateOf(world, repository, first) === 'MERGEABLE') {
    repository.queue = queue.slice(1);
    const pull = repository.pulls.find(({ number }) => number === first.number);
    if (pull === undefined) return;
    pull.merged = { by: queueBot, sha: first.headSha, at: world.clock.now() };
    pull.baseSha = first.baseSha;
    closePull(world, repository, pull, queueBot);
    moveBranch(world, repository, repository.defaultBranch, first.headSha, queueBot);
    settleQueue(world, repository);
  }
}

/** As GitHub's enumeration has it; LOCKED, the moment of the merge itself, does not last here. */
export function stateOf(
  { clock }: World,
  repository: Repository,
  { headSha, at }: QueueEntry,
): 'AWAITING_CHECKS' | 'MERGEABLE' | 'UNMERGEABLE' {
  const { requiredChecks, mergeQueue } = repository.protection;
  const states = requiredChecks.map((name) =>
    requiredState(repository, headSha, name, clock.now()),
  );
  if (states.includes('failing')) return 'UNMERGEABLE';
  const waited = clock.now() >= at + (mergeQueue?.waitMs ?? defaultWaitMs);
  return waited && states.every((state) => state === 'green') ? 'MERGEABLE' : 'AWAITING_CHECKS';
}

function tipOf({ queue = [], branches, defaultBranch }: Repository): string {
  return queue.at(-1)?.headSha ?? branches.get(defaultBranch) ?? '';
}

/** Groups behind one that leaves are made again without it, and checked again; one that conflicts then leaves too. */
function rebuild(
  world: World,
  repository: Repository,
  stays: (entry: QueueEntry) => boolean,
): void {
  const before = repository.queue ?? [];
  repository.queue = [];
  for (const entry of before.filter(stays)) {
    const base = tipOf(repository);
    const pull = repository.pulls.find(({ number }) => number === entry.number);
    const next =
      entry.baseSha === base || pull === undefined
        ? entry
        : entryFor(world, repository, pull, base);
    if (next !== undefined) repository.queue = [...repository.queue, next];
  }
}

function entryFor(
  world: World,
  repository: Repository,
  pull: Pull,
  baseSha: string,
): QueueEntry | undefined {
  const { objects, clock } = world;
  const common = mergeBaseOf(objects, baseSha, pull.headSha);
  const [was, ours, theirs] = [common ?? baseSha, baseSha, pull.headSha].map((sha) =>
    filesOfCommit(objects, sha),
  );
  const files = was && ours && theirs && mergeFiles(was, ours, theirs);
  if (files === undefined) return undefined;
  const at = clock.now();
  const headSha = objects.putCommit({
    tree: writeTree(objects, files),
    parents: [baseSha],
    author: authorOf(pull.by, at),
    committer: { ...webFlow, at },
    message: `${pull.title} (#${pull.number})`,
  });
  world.state.signed.add(headSha);
  startChecks(world, repository, headSha);
  return { number: pull.number, pullHead: pull.headSha, baseSha, headSha, at };
}

function authorOf(by: Account, at: Instant) {
  return { name: by.login, email: emailOf(by), at };
}
