import { closePull, moveBranch } from './branches.ts';
import { unmetProtection } from './checks.ts';
import { commitsBetween } from './git/commit-graph.ts';
import { type FileTree, filesOfCommit, mergeFiles, writeTree } from './git/file-tree.ts';
import { hasQueue } from './merge-queue.ts';
import { baseShaOf, isProtected, mergedFiles } from './pulls.ts';
import { Refusal } from './refusal.ts';
import type { Account, MergeMethod, Pull, Repository } from './state.ts';
import { emailOf, fullName, type World, webFlow } from './world.ts';

export type MergeAsk = {
  readonly by: Account;
  readonly method: MergeMethod;
  /** What the head must be; absent: whatever it is. */
  readonly sha?: string;
  readonly title?: string;
  readonly message?: string;
  /** An administrator merges past the protection rules. Only people can here. */
  readonly bypass?: boolean;
};

const forbidden: Readonly<Record<MergeMethod, string>> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};

/**
 * Merges, in GitHub's order of checks; returns the new head of the base.
 * @throws Refusal 405 when it cannot be merged now, 409 when the head is not `sha`.
 */
export function mergePull(world: World, repository: Repository, pull: Pull, ask: MergeAsk): string {
  const { by, method, sha, bypass = false } = ask;
  if (pull.state === 'closed') throw new Refusal(405, 'Pull Request is not mergeable');
  if (pull.draft) throw new Refusal(405, 'Pull Request is still a draft');
  if (sha !== undefined && sha !== pull.headSha) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (!repository.protection.allowedMergeMethods.includes(method)) {
    throw new Refusal(405, forbidden[method]);
  }
  const files = mergedFiles(world, repository, pull);
  if (files === undefined) throw new Refusal(405, 'Pull Request is not mergeable');
  if (!bypass && isProtected(repository, pull.baseBranch)) {
    const unmet = unmetProtection(repository, pull, world.clock.now());
    if (unmet !== undefined) throw new Refusal(405, unmet);
    if (hasQueue(repository, pull.baseBranch)) {
      throw new Refusal(
        405,
        'Repository rule violations found\n\nChanges must be made through the merge queue\n\n',
      );
    }
  }
  const base = baseShaOf(repository, pull);
  const merged =
    method === 'rebase'
      ? rebased(world, base, pull, by)
      : oneCommit(world, repository, pull, base, files, ask);
  pull.merged = { by, sha: merged, at: world.clock.now() };
  pull.baseSha = base;
  closePull(world, repository, pull, by);
  moveBranch(world, repository, pull.baseBranch, merged, by);
  return merged;
}

function oneCommit(
  world: World,
  repository: Repository,
  pull: Pull,
  base: string,
  files: FileTree,
  ask: MergeAsk,
): string {
  const { by, method, title, message } = ask;
  const at = world.clock.now();
  const who = method === 'squash' ? pull.by : by;
  const headline =
    title ??
    (method === 'squash'
      ? `${pull.title} (#${pull.number})`
      : `Merge pull request #${pull.number} from ${fullName(repository).split('/')[0]}/${pull.headBranch}`);
  const body = message ?? (method === 'squash' ? '' : pull.title);
  const sha = world.objects.putCommit({
    tree: writeTree(world.objects, files),
    parents: method === 'squash' ? [base] : [base, pull.headSha],
    author: { name: who.login, email: emailOf(who), at },
    committer: { ...webFlow, at },
    message: body === '' ? headline : `${headline}\n\n${body}`,
  });
  world.state.signed.add(sha);
  return sha;
}

/** Each commit again on the base; GitHub does not sign them. */
function rebased(world: World, base: string, pull: Pull, by: Account): string {
  const { objects, clock } = world;
  let head = base;
  for (const sha of commitsBetween(objects, base, pull.headSha)) {
    const commit = objects.commit(sha);
    const [parent] = commit?.parents ?? [];
    if (commit === undefined || parent === undefined || commit.parents.length > 1) continue;
    const files = mergeFiles(
      filesOfCommit(objects, parent),
      filesOfCommit(objects, head),
      filesOfCommit(objects, sha),
    );
    if (files === undefined) throw new Refusal(405, "This branch can't be rebased");
    head = objects.putCommit({
      ...commit,
      tree: writeTree(objects, files),
      parents: [head],
      committer: { name: by.login, email: emailOf(by), at: clock.now() },
    });
  }
  return head;
}
