import { isoOf } from '../../shared/time.ts';
import { patchOf } from './answers/commit-answers.ts';
import { moveBranch } from './branches.ts';
import { latestStatuses, runStateOf, runsOf } from './checks.ts';
import { eachAfter } from './each-after.ts';
import { filesOfCommit, writeTree } from './git/file-tree.ts';
import { mergePull } from './merge-pull.ts';
import { dequeue, enqueue, settleQueue } from './merge-queue.ts';
import { changesOf, createPull, isProtected, pullOf, updatePull } from './pulls.ts';
import { Refusal } from './refusal.ts';
import type {
  MergeMethod,
  Protection,
  Pull,
  Release,
  Repository,
  Review,
  SimulatedCheck,
} from './state.ts';
import { account, emailOf, fullName, nextId, type World } from './world.ts';

/** A pull request as the sandbox's page and tests see it. */
export type PullState = {
  readonly repository: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly mergeSha?: string;
  readonly mergedBy?: string;
  readonly by: string;
  readonly head: { readonly branch: string; readonly sha: string };
  readonly base: string;
  /** `diff`: hunks of a unified diff; empty for binary files. */
  readonly files: readonly {
    readonly path: string;
    readonly status: string;
    readonly diff: string;
  }[];
  /** Statuses and check runs of the head, newest of each name. */
  readonly statuses: readonly {
    readonly name: string;
    readonly state: string;
    readonly description: string;
  }[];
  readonly comments: readonly { readonly by: string; readonly body: string }[];
};

/** What people do on GitHub, and what a sandbox may set. Refusals are thrown as GitHub words them (`Refusal`). */
export type RepositoryHandle = {
  readonly name: string;
  /** Merges as a person; `bypass` as an administrator past the rules. Returns the merge commit. */
  merge(
    user: string,
    number: number,
    options?: { readonly method?: MergeMethod; readonly bypass?: boolean },
  ): string;
  /** Opens a pull request, to the default branch unless told, as a person; returns its number. */
  openPull(user: string, branch: string, title: string, base?: string): number;
  /** Puts it into the merge queue, as "Merge when ready" does. */
  enqueue(number: number): void;
  /** Takes it out of the merge queue by hand. */
  dequeue(number: number): void;
  /** Pull requests in the merge queue, the next to be merged first. */
  queue(): readonly { readonly number: number; readonly headSha: string }[];
  close(user: string, number: number): void;
  reopen(user: string, number: number): void;
  review(user: string, number: number, state: Review['state']): void;
  /** Points the pull request at another base. */
  retarget(user: string, number: number, base: string): void;
  /**
   * Commits one file to a branch. With `force` the commit replaces the branch's last one.
   * People may push to a protected branch here only as administrators do, which this is. Returns the commit.
   */
  push(
    user: string,
    branch: string,
    path: string,
    content: string,
    options?: { readonly force?: boolean; readonly mode?: string },
  ): string;
  /** As `push`, from GitHub's own editor: signed. */
  editFile(user: string, branch: string, path: string, content: string): string;
  /** Commits the removal of one file. */
  removeFile(user: string, branch: string, path: string): void;
  /** Points a branch at a commit, whatever was there; makes it where there is none. */
  forcePush(user: string, branch: string, sha: string): void;
  deleteBranch(user: string, branch: string): void;
  createBranch(user: string, branch: string, from: string): void;
  protect(protection: Partial<Protection>): void;
  simulateChecks(checks: readonly SimulatedCheck[]): void;
  seedReleases(releases: readonly Partial<Release>[]): void;
  pulls(): readonly PullState[];
  headOf(branch: string): string | undefined;
  filesAt(sha: string): ReadonlyMap<string, string>;
};

export function handleOf(
  world: World,
  repository: Repository,
  changed: () => void,
): RepositoryHandle {
  const pull = (number: number) => pullOf(repository, number);
  const commit = (
    user: string,
    branch: string,
    path: string,
    content: string | undefined,
    { force = false, mode = '100644', signed = false },
  ) => {
    const before = repository.branches.get(branch);
    if (before === undefined) throw new Refusal(404, 'Branch not found');
    const { objects, clock } = world;
    const parent = force ? (objects.commit(before)?.parents[0] ?? before) : before;
    const files = filesOfCommit(objects, parent);
    if (content === undefined) files.delete(path);
    else files.set(path, { mode, blob: objects.putBlob(Buffer.from(content)) });
    const by = account(user);
    const who = { name: user, email: emailOf(by), at: clock.now() };
    const sha = objects.putCommit({
      tree: writeTree(objects, files),
      parents: [parent],
      author: who,
      committer: who,
      message: `Update ${path}`,
    });
    if (signed) world.state.signed.add(sha);
    moveBranch(world, repository, branch, sha, by);
    changed();
    return sha;
  };
  const update = (user: string, number: number, change: Parameters<typeof updatePull>[4]) => {
    updatePull(world, repository, pull(number), account(user), change);
    changed();
  };
  // The queue moves by itself: what was due has happened before anybody asks, or does, anything.
  return eachAfter<RepositoryHandle>(() => settleQueue(world, repository), {
    name: fullName(repository),
    merge(user, number, { method, bypass = false } = {}) {
      const first = repository.protection.allowedMergeMethods[0] ?? 'merge';
      const sha = mergePull(world, repository, pull(number), {
        by: account(user),
        method: method ?? first,
        bypass,
      });
      changed();
      return sha;
    },
    openPull(user, branch, title, base = repository.defaultBranch) {
      const ask = { title, body: null, head: branch, base, draft: false };
      const { number } = createPull(world, repository, account(user), ask);
      changed();
      return number;
    },
    enqueue(number) {
      const refused = enqueue(world, repository, pull(number), undefined);
      if (refused !== undefined) throw new Refusal(422, refused);
      changed();
    },
    dequeue(number) {
      const refused = dequeue(world, repository, pull(number));
      if (refused !== undefined) throw new Refusal(422, refused);
      changed();
    },
    queue: () => [...(repository.queue ?? [])],
    close: (user, number) => update(user, number, { state: 'closed' }),
    reopen: (user, number) => update(user, number, { state: 'open' }),
    retarget: (user, number, base) => update(user, number, { base }),
    review(user, number, state) {
      const { reviews, headSha, by } = pull(number);
      if (by.login === user && state !== 'COMMENTED') {
        throw new Refusal(422, 'Unprocessable Entity', ['Can not approve your own pull request']);
      }
      reviews.push({
        id: nextId(world),
        by: account(user),
        state,
        commit: headSha,
        at: world.clock.now(),
      });
      changed();
    },
    push: (user, branch, path, content, options = {}) =>
      commit(user, branch, path, content, options),
    editFile: (user, branch, path, content) =>
      commit(user, branch, path, content, { signed: true }),
    removeFile: (user, branch, path) => void commit(user, branch, path, undefined, {}),
    forcePush(user, branch, sha) {
      if (world.objects.commit(sha) === undefined) throw new Refusal(422, 'Object does not exist');
      moveBranch(world, repository, branch, sha, account(user));
      changed();
    },
    deleteBranch(user, branch) {
      if (isProtected(repository, branch))
        throw new Refusal(422, 'Cannot delete this protected ref.');
      moveBranch(world, repository, branch, undefined, account(user));
      changed();
    },
    createBranch(user, branch, from) {
      if (world.objects.commit(from) === undefined) throw new Refusal(422, 'Object does not exist');
      moveBranch(world, repository, branch, from, account(user));
      changed();
    },
    protect(protection) {
      repository.protection = { ...repository.protection, ...protection };
      changed();
    },
    simulateChecks(checks) {
      repository.checks = checks;
      changed();
    },
    seedReleases(releases) {
      repository.releases = releases.map((release) => withDefaults(world, release));
      changed();
    },
    pulls: () => repository.pulls.map((x) => pullState(world, repository, x)),
    headOf: (branch) => repository.branches.get(branch),
    filesAt: (sha) =>
      new Map(
        [...filesOfCommit(world.objects, sha)].map(([path, { blob }]) => [
          path,
          world.objects.blob(blob)?.toString('utf8') ?? '',
        ]),
      ),
  });
}

function withDefaults(
  { clock }: World,
  {
    tag = 'v0',
    name = tag,
    body = '',
    publishedAt = clock.now(),
    prerelease = false,
    draft = false,
  }: Partial<Release>,
): Release {
  return { tag, name, body, publishedAt, prerelease, draft };
}

function pullState(world: World, repository: Repository, pull: Pull): PullState {
  const { number, title, state, by, merged, headBranch, headSha, baseBranch } = pull;
  const now = world.clock.now();
  return {
    repository: fullName(repository),
    number,
    title,
    body: pull.body ?? '',
    state,
    merged: merged !== undefined,
    ...(merged !== undefined && { mergeSha: merged.sha, mergedBy: merged.by.login }),
    by: by.login,
    head: { branch: headBranch, sha: headSha },
    base: baseBranch,
    files: changesOf(world, repository, pull).map(({ path, status, before, after }) => ({
      path,
      status,
      diff: patchOf(world, { before, after }) ?? '',
    })),
    statuses: [
      ...latestStatuses(repository, headSha).map(({ context, state: is, description }) => ({
        name: context,
        state: is,
        description: description ?? '',
      })),
      ...runsOf(repository, headSha, now).map((run) => {
        const { conclusion, completedAt } = runStateOf(run, now);
        return {
          name: run.name,
          state: conclusion ?? 'pending',
          description: completedAt === null ? 'running' : `finished ${isoOf(completedAt)}`,
        };
      }),
    ],
    comments: pull.comments.map((comment) => ({ by: comment.by.login, body: comment.body })),
  };
}
