import { eachAfter } from '../../src/sandbox/github/each-after.ts';
import { gitBlobSha } from '../../src/shared/git-blob.ts';
import type { RepositoryName } from '../../src/shared/ids.ts';
import type { Clock } from '../../src/shared/time.ts';
import type {
  CheckView,
  GitHost,
  MergeOutcome,
  PullRequestView,
  QueuePlace,
} from '../../src/workflow/ports/git-host.ts';
import { filesChanged, memoryCommits } from './memory-commits.ts';
import { type MemoryPull, memoryPulls } from './memory-pulls.ts';
import { memoryQueue, type QueueRule } from './memory-queue.ts';

const self = 'amiable[bot]';
const encode = (text: string) => new TextEncoder().encode(text);

/**
 * GitHub at the port, in memory: commits, branches, pull requests and merges with the rules that matter to us. It answers
 * as the adapter does against the stand-in (`test/adapters/github/both-models.test.ts`).
 */
export function memoryGitHost(
  clock: Clock,
  initial: Readonly<Record<string, string>>,
  { mergeQueue }: { readonly mergeQueue?: QueueRule } = {},
) {
  const commits = memoryCommits(clock);
  const { at, mergeBase } = commits;
  const repo = memoryPulls(commits);
  const { branches, pulls, pullOf, move } = repo;
  const queue = memoryQueue(clock, commits, repo, mergeQueue);
  const statuses = new Map<string, 'pending' | 'success' | 'failure'>();
  const checks: CheckView[] = [];
  const calls: string[] = [];
  const headlines: string[] = [];
  let refusal: string | undefined;

  const seed = Object.entries(initial).map(
    ([path, text]) => [path, { content: encode(text), mode: '100644' }] as const,
  );
  branches.set('main', commits.write([], new Map(seed)));

  /** GitHub's queue moves by itself: what was due has happened before anybody asks, or does, anything. */
  const afterQueue = <Acts extends object>(acts: Acts): Acts => eachAfter(queue.settle, acts);
  const view = (number: number): PullRequestView => {
    const pull = pullOf(number);
    return {
      number,
      url: `https://github.com/acme/gitops/pull/${number}`,
      state: pull.state,
      merged: pull.merged,
      headSha: pull.headSha,
      headBranch: pull.branch,
      headRepository: 'acme/gitops',
      baseBranch: pull.base,
      ours: pull.ours,
      ...(pull.ours || pull.author === undefined ? {} : { author: pull.author }),
      draft: false,
      ...(pull.mergeSha === undefined ? {} : { mergeSha: pull.mergeSha }),
      ...(pull.mergedBy === undefined ? {} : { mergedBy: pull.mergedBy }),
      ...(pull.closedBy === undefined || pull.merged
        ? {}
        : { closedBy: pull.closedBy === self ? 'amiable' : pull.closedBy }),
    };
  };
  const edited = (branch: string, by: string, change: (files: Map<string, FileOf>) => void) => {
    const head = branches.get(branch);
    if (head === undefined) return;
    const next = new Map<string, FileOf>(at(head).files);
    change(next);
    move(branch, commits.write([head], next), by);
  };

  const host: GitHost = afterQueue<GitHost>({
    async head(_, branch) {
      calls.push(`head ${branch}`);
      return branches.get(branch);
    },
    async files(_, commit) {
      return [...at(commit).files].map(([path, { content, mode }]) => ({
        path,
        mode,
        blob: gitBlobSha(content),
        size: content.byteLength,
      }));
    },
    async read(_, blobs) {
      const found = new Map<string, Uint8Array>();
      for (const sha of blobs) {
        const content = commits.blob(sha);
        if (content !== undefined) found.set(sha, content);
      }
      return found;
    },
    async compare(_, base, head) {
      const common = mergeBase(base, head);
      const one = common === head ? 'behind' : 'diverged';
      const status = base === head ? 'identical' : common === base ? 'ahead' : one;
      const ahead = commits.between(base, head).length;
      const files = filesChanged(at(common).files, at(head).files);
      return { mergeBase: common, status, ahead, files };
    },
    async commitChanges(_, commit) {
      const [parent] = at(commit).parents;
      if (parent === undefined) throw new Error('it has no parent');
      return { parent, files: filesChanged(at(parent).files, at(commit).files) };
    },
    async findPullRequest(_, branch) {
      const newest = pulls.filter((pull) => pull.branch === branch).toReversed();
      const open = newest.filter(({ state }) => state === 'open');
      const found = open.find(({ ours }) => ours) ?? open[0] ?? newest.find(({ ours }) => ours);
      return found === undefined ? undefined : view(found.number);
    },
    async pullRequest(_, number) {
      return view(number);
    },
    async openPullRequests(_, base) {
      return pulls
        .filter((pull) => pull.state === 'open' && pull.base === base)
        .map(({ number }) => view(number))
        .reverse();
    },
    async mergeQueue() {
      return queue.numbers().map((number) => ({ number, place: queue.placeOf(number) ?? {} }));
    },
    async requiredReviews() {
      return { count: 0, by: [], notChecked: [] };
    },
    async readiness(_, number, headSha) {
      const state = statuses.get(headSha);
      const own = { name: 'amiable/approval', required: false };
      return {
        checks: state === undefined ? checks : [...checks, { ...own, state }],
        conflicting: repo.conflicts(number),
        pushedAt: at(headSha).at,
        ...(queue.isFor(pullOf(number).base) && { mergeQueue: placeIn(queue.placeOf(number)) }),
      };
    },
    async createBranch(_, branch, commit) {
      calls.push(`create-branch ${branch}`);
      const known = branches.get(branch);
      if (known !== undefined) return known === commit;
      if (!commits.knows(commit)) throw new Error('Object does not exist');
      move(branch, commit, self);
      return true;
    },
    async resetBranch(_, branch, commit) {
      if (!branches.has(branch)) throw new Error('Reference does not exist');
      move(branch, commit, self);
    },
    async deleteBranch(_, branch) {
      if (branch === 'main') throw new Error('Cannot delete this protected ref.');
      move(branch, undefined, self);
    },
    async commit({ branch, expectedHead, headline, files }) {
      calls.push(`commit ${branch}`);
      headlines.push(headline);
      const head = branches.get(branch);
      if (head === undefined) throw new Error(`there is no branch ${branch}`);
      if (head !== expectedHead) return { kind: 'moved' };
      edited(branch, self, (next) => {
        for (const { path, content } of files) next.set(path, { content, mode: '100644' });
      });
      return { kind: 'committed', sha: branches.get(branch) ?? '' };
    },
    async openPullRequest({ branch, base, title, body }) {
      calls.push(`open ${branch}`);
      const twin = pulls.find(
        (pull) => pull.branch === branch && pull.base === base && pull.state === 'open',
      );
      return view((twin ?? repo.open({ branch, base, ours: true, title, body })).number);
    },
    async updatePullRequest(_, number, change) {
      const pull = pullOf(number);
      if (change.state === 'closed' && pull.state === 'open') repo.close(pull, self);
    },
    async comment() {},
    async setStatus({ sha, state }) {
      statuses.set(sha, state);
    },
    async dequeue(_, number) {
      if (pullOf(number).merged) return 'merged';
      queue.take(number);
      return 'out';
    },
    async merge({ number, sha, queue: queued = false }) {
      calls.push(`merge ${number}`);
      const pull = pullOf(number);
      if (pull.merged && pull.headSha === sha)
        return { kind: 'merged', sha: pull.mergeSha ?? pull.headSha };
      if (queued) return enqueued(pull, sha);
      if (pull.state === 'closed')
        return { kind: 'refused', reason: 'Pull Request is not mergeable' };
      if (refusal !== undefined) return { kind: 'refused', reason: refusal };
      if (pull.headSha !== sha) {
        const reason = 'Head branch was modified. Review and try the merge again.';
        return { kind: 'refused', reason };
      }
      if (!repo.fits(pull)) return { kind: 'refused', reason: 'Pull Request is not mergeable' };
      if (queue.isFor(pull.base)) return enqueued(pull, sha);
      return { kind: 'merged', sha: repo.merge(pull, self) ?? '' };
    },
  });
  const enqueued = (pull: MemoryPull, sha: string): MergeOutcome => {
    if (queue.has(pull.number) && pull.headSha === sha) return { kind: 'enqueued' };
    const reason = queue.put(pull, sha);
    return reason === undefined ? { kind: 'enqueued' } : { kind: 'refused', reason };
  };
  let others = 0;
  return {
    host,
    calls,
    /** Of every commit that was written, oldest first. */
    headlines,
    checks,
    statuses,
    get pulls() {
      queue.settle();
      return pulls;
    },
    queue(): readonly number[] {
      queue.settle();
      return queue.numbers();
    },
    /** A rule that GitHub tells of only when it is asked to merge. */
    refusesMerges(reason: string | undefined) {
      refusal = reason;
    },
    by: afterQueue({
      open(branch: string, who: string, base = 'main') {
        const known = pulls.some(
          (pull) => pull.branch === branch && pull.base === base && pull.state === 'open',
        );
        const may = !known && repo.hasNews(branch, base);
        return may
          ? repo.open({ branch, base, ours: false, author: who, title: `by ${who}`, body: '' })
              .number
          : undefined;
      },
      merge: (number: number, who: string, method?: 'squash' | 'rebase') => {
        const pull = pullOf(number);
        return pull.state === 'open' ? repo.merge(pull, who, method) : undefined;
      },
      close(number: number, who: string) {
        const pull = pullOf(number);
        if (pull.state === 'open') repo.close(pull, who);
      },
      reopen: (number: number) => repo.reopen(number),
      retarget(number: number, base: string) {
        if (branches.has(base)) pullOf(number).base = base;
      },
      push(branch: string, path: string, text: string, mode = '100644') {
        edited(branch, 'octocat', (next) => next.set(path, { content: encode(text), mode }));
      },
      remove(branch: string, path: string) {
        edited(branch, 'octocat', (next) => next.delete(path));
      },
      forcePush: (branch: string, sha: string) => move(branch, sha, 'octocat'),
      deleteBranch: (branch: string) => move(branch, undefined, 'octocat'),
      queueAnother() {
        others += 1;
        const branch = `people/${others}`;
        move(branch, branches.get('main'), 'octocat');
        edited(branch, 'octocat', (next) =>
          next.set(`docs/other-${others}.md`, { content: encode(`${others}\n`), mode: '100644' }),
        );
        const title = `Other ${others}`;
        queue.put(
          repo.open({ branch, base: 'main', ours: false, author: 'octocat', title, body: '' }),
        );
      },
      takeOutOfQueue: (number: number) => queue.take(number),
      headOf: (branch: string) => branches.get(branch) ?? '',
    }),
    text(branch: string, path: string): string {
      queue.settle();
      const head = branches.get(branch);
      const file = head === undefined ? undefined : at(head).files.get(path);
      return new TextDecoder().decode(file?.content);
    },
    repository: 'acme/gitops' as RepositoryName,
  };
}

function placeIn(place: QueuePlace | undefined) {
  return place === undefined ? {} : { place };
}

type FileOf = { readonly content: Uint8Array; readonly mode: string };
