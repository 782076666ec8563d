import { closePull } from './branches.ts';
import { reviewsAsked, startChecks, unmetProtection } from './checks.ts';
import { commitsBetween, mergeBaseOf } from './git/commit-graph.ts';
import {
  changesBetween,
  type FileTree,
  filesOfCommit,
  mergeFiles,
  type TreeChange,
} from './git/file-tree.ts';
import { invalidField, Refusal, unprocessable } from './refusal.ts';
import type { Account, Pull, Repository } from './state.ts';
import { nextId, openPulls, type World } from './world.ts';

const maxBody = 65_536;
const maxTitle = 256;

/** The base's head now, or as it was when the pull request ended. */
export function baseShaOf(repository: Repository, pull: Pull): string {
  if (pull.state === 'closed') return pull.baseSha;
  return repository.branches.get(pull.baseBranch) ?? pull.baseSha;
}

export function createPull(
  world: World,
  repository: Repository,
  by: Account,
  ask: {
    readonly title: string;
    readonly body: string | null;
    readonly head: string;
    readonly base: string;
    readonly draft: boolean;
  },
): Pull {
  const [owner, branch] = ask.head.includes(':')
    ? [ask.head.slice(0, ask.head.indexOf(':')), ask.head.slice(ask.head.indexOf(':') + 1)]
    : [repository.owner, ask.head];
  const headSha = repository.branches.get(branch);
  if (headSha === undefined || owner.toLowerCase() !== repository.owner.toLowerCase()) {
    throw invalidField('PullRequest', 'head', 'invalid');
  }
  const baseSha = repository.branches.get(ask.base);
  if (baseSha === undefined) throw invalidField('PullRequest', 'base', 'invalid');
  checkLengths(ask);
  const twin = openPulls(repository).find(
    ({ headBranch, baseBranch }) => headBranch === branch && baseBranch === ask.base,
  );
  if (twin !== undefined) {
    throw unprocessable(
      'PullRequest',
      `A pull request already exists for ${repository.owner}:${branch}.`,
    );
  }
  if (commitsBetween(world.objects, baseSha, headSha).length === 0) {
    throw unprocessable('PullRequest', `No commits between ${ask.base} and ${branch}`);
  }
  const at = world.clock.now();
  const pull: Pull = {
    id: nextId(world),
    number: repository.pulls.length + 1,
    title: ask.title,
    body: ask.body,
    state: 'open',
    by,
    headBranch: branch,
    headSha,
    baseBranch: ask.base,
    baseSha,
    createdAt: at,
    updatedAt: at,
    draft: ask.draft,
    sealed: false,
    reviews: [],
    comments: [],
  };
  repository.pulls.push(pull);
  startChecks(world, repository, headSha);
  world.emit({ event: 'pull_request', repository, payload: { action: 'opened', pull, by } });
  return pull;
}

function checkLengths({
  title,
  body,
}: {
  readonly title: string;
  readonly body: string | null;
}): void {
  if (title.length > maxTitle)
    throw unprocessable('PullRequest', `title is too long (maximum is ${maxTitle} characters)`);
  if ((body ?? '').length > maxBody)
    throw unprocessable('PullRequest', `body is too long (maximum is ${maxBody} characters)`);
}

export function updatePull(
  world: World,
  repository: Repository,
  pull: Pull,
  by: Account,
  change: {
    readonly title?: string;
    readonly body?: string | null;
    readonly state?: 'open' | 'closed';
    readonly base?: string;
  },
): void {
  const { title = pull.title, body = pull.body, state, base } = change;
  checkLengths({ title, body });
  if (base !== undefined && !repository.branches.has(base))
    throw invalidField('PullRequest', 'base', 'invalid');
  if (state === 'open' && pull.state === 'closed') reopenPull(world, repository, pull, by);
  pull.title = title;
  pull.body = body;
  pull.baseBranch = base ?? pull.baseBranch;
  pull.updatedAt = world.clock.now();
  if (state === 'closed' && pull.state === 'open') {
    pull.baseSha = baseShaOf(repository, pull);
    closePull(world, repository, pull, by);
  } else world.emit({ event: 'pull_request', repository, payload: { action: 'edited', pull, by } });
}

function reopenPull(world: World, repository: Repository, pull: Pull, by: Account): void {
  if (pull.merged !== undefined)
    throw unprocessable(
      'PullRequest',
      'state cannot be changed. The pull request cannot be reopened.',
    );
  const head = repository.branches.get(pull.headBranch);
  if (head === undefined || pull.sealed) {
    throw unprocessable(
      'PullRequest',
      `state cannot be changed. The ${pull.headBranch} branch was force-pushed or recreated.`,
    );
  }
  pull.state = 'open';
  pull.headSha = head;
  delete pull.closed;
  startChecks(world, repository, head);
  world.emit({ event: 'pull_request', repository, payload: { action: 'reopened', pull, by } });
}

/** The files of base and head merged, or `undefined` when they conflict. */
export function mergedFiles(
  world: World,
  repository: Repository,
  pull: Pull,
): FileTree | undefined {
  const base = baseShaOf(repository, pull);
  const common = mergeBaseOf(world.objects, base, pull.headSha);
  if (common === undefined) return undefined;
  const { objects } = world;
  return mergeFiles(
    filesOfCommit(objects, common),
    filesOfCommit(objects, base),
    filesOfCommit(objects, pull.headSha),
  );
}

/** What the pull request changes: its head against the merge base. */
export function changesOf(world: World, repository: Repository, pull: Pull): readonly TreeChange[] {
  const { objects } = world;
  const base = pull.state === 'closed' ? pull.baseSha : baseShaOf(repository, pull);
  const common = mergeBaseOf(objects, base, pull.headSha) ?? base;
  return changesBetween(filesOfCommit(objects, common), filesOfCommit(objects, pull.headSha));
}

/**
 * Whether it could be merged, as GitHub says it: not known at the first question after head or base moved, because
 * GitHub computes it in the background.
 */
export function mergeabilityOf(
  world: World,
  repository: Repository,
  pull: Pull,
): { readonly mergeable: boolean | null; readonly state: string } {
  if (pull.merged !== undefined || pull.state === 'closed')
    return { mergeable: null, state: 'unknown' };
  const key = `${pull.headSha} ${baseShaOf(repository, pull)}`;
  if (pull.mergeabilityAsked !== key) {
    pull.mergeabilityAsked = key;
    return { mergeable: null, state: 'unknown' };
  }
  if (mergedFiles(world, repository, pull) === undefined)
    return { mergeable: false, state: 'dirty' };
  if (pull.draft) return { mergeable: true, state: 'draft' };
  const blocked =
    isProtected(repository, pull.baseBranch) &&
    unmetProtection(repository, pull, world.clock.now()) !== undefined;
  return { mergeable: true, state: blocked ? 'blocked' : 'clean' };
}

/** Only the default branch is protected here. */
export function isProtected(repository: Repository, branch: string): boolean {
  const { defaultBranch, protection } = repository;
  return (
    branch === defaultBranch &&
    (protection.requiredChecks.length > 0 ||
      reviewsAsked(repository) > 0 ||
      protection.mergeQueue !== undefined)
  );
}

export function pullOf(repository: Repository, number: number): Pull {
  const pull = repository.pulls.find((x) => x.number === number);
  if (pull === undefined) throw new Refusal(404, 'Not Found');
  return pull;
}
