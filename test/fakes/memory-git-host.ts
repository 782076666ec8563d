import { createHash } from 'node:crypto';
import { gitBlobSha } from '../../src/shared/git-blob.ts';
import type { RepositoryName } from '../../src/shared/ids.ts';
import type { Clock } from '../../src/shared/time.ts';
import type {
  ChangedFile,
  CheckView,
  GitHost,
  PullRequestView,
} from '../../src/workflow/ports/git-host.ts';

type Files = ReadonlyMap<string, { readonly content: Uint8Array; readonly mode: string }>;
type CommitObject = {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly files: Files;
};
type Pull = {
  number: number;
  branch: string;
  base: string;
  state: 'open' | 'closed';
  merged: boolean;
  mergeSha?: string;
  mergedBy?: string;
  closedBy?: string;
  ours: boolean;
  title: string;
  body: string;
  headSha: string;
  pushedAt: number;
};

/** GitHub at the port, in memory: commits, branches, pull requests and merges with the rules that matter to us. */
export function memoryGitHost(clock: Clock, initial: Readonly<Record<string, string>>) {
  const commits = new Map<string, CommitObject>();
  const branches = new Map<string, string>();
  const pulls: Pull[] = [];
  const statuses = new Map<string, string>();
  const checks: CheckView[] = [];
  const calls: string[] = [];
  const headlines: string[] = [];
  let serial = 0;
  let refusal: string | undefined;

  const write = (parents: readonly string[], files: Files): string => {
    serial += 1;
    const sha = createHash('sha1')
      .update(`${serial} ${parents.join(' ')}`)
      .digest('hex');
    commits.set(sha, { sha, parents, files });
    return sha;
  };
  const encode = (text: string) => new TextEncoder().encode(text);
  const main = write(
    [],
    new Map(
      Object.entries(initial).map(([path, text]) => [
        path,
        { content: encode(text), mode: '100644' },
      ]),
    ),
  );
  branches.set('main', main);

  const at = (sha: string): CommitObject => {
    const commit = commits.get(sha);
    if (commit === undefined) throw new Error(`no commit ${sha}`);
    return commit;
  };
  const ancestors = (sha: string): Set<string> => {
    const seen = new Set<string>();
    const queue = [sha];
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...at(next).parents);
    }
    return seen;
  };
  const mergeBase = (a: string, b: string): string => {
    const ofA = ancestors(a);
    const queue = [b];
    const seen = new Set<string>();
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (ofA.has(next)) return next;
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(...at(next).parents);
    }
    throw new Error('unrelated histories');
  };
  const diff = (from: Files, to: Files): ChangedFile[] => {
    const out: ChangedFile[] = [];
    for (const [path, { content, mode }] of to) {
      const before = from.get(path);
      const blob = gitBlobSha(content);
      if (before === undefined) out.push({ path, status: 'added', mode, blob });
      else if (gitBlobSha(before.content) !== blob || before.mode !== mode) {
        out.push({ path, status: 'modified', mode, blob });
      }
    }
    for (const path of from.keys()) if (!to.has(path)) out.push({ path, status: 'removed' });
    return out;
  };
  const apply = (base: Files, from: Files, to: Files): Files | undefined => {
    const merged = new Map(base);
    for (const { path, status } of diff(from, to)) {
      const mine = from.get(path)?.content;
      const theirs = base.get(path)?.content;
      const same =
        mine !== undefined && theirs !== undefined && gitBlobSha(mine) === gitBlobSha(theirs);
      if (!same && !(mine === undefined && theirs === undefined)) return undefined;
      const file = to.get(path);
      if (status === 'removed' || file === undefined) merged.delete(path);
      else merged.set(path, file);
    }
    return merged;
  };
  const view = (pull: Pull): PullRequestView => ({
    number: pull.number,
    url: `https://github.com/acme/gitops/pull/${pull.number}`,
    state: pull.state,
    merged: pull.merged,
    headSha: pull.headSha,
    headBranch: pull.branch,
    headRepository: 'acme/gitops',
    baseBranch: pull.base,
    ours: pull.ours,
    draft: false,
    ...(pull.mergeSha === undefined ? {} : { mergeSha: pull.mergeSha }),
    ...(pull.mergedBy === undefined ? {} : { mergedBy: pull.mergedBy }),
    ...(pull.closedBy === undefined ? {} : { closedBy: pull.closedBy }),
  });
  const pullOf = (number: number): Pull => {
    const pull = pulls.find((one) => one.number === number);
    if (pull === undefined) throw new Error(`no pull request #${number}`);
    return pull;
  };
  const moved = (branch: string, sha: string) => {
    branches.set(branch, sha);
    for (const pull of pulls) {
      if (pull.branch === branch && pull.state === 'open') {
        pull.headSha = sha;
        pull.pushedAt = clock.now();
      }
    }
  };
  const merge = (number: number, by: string): string | undefined => {
    const pull = pullOf(number);
    const base = branches.get(pull.base) ?? '';
    const files = apply(
      at(base).files,
      at(mergeBase(base, pull.headSha)).files,
      at(pull.headSha).files,
    );
    if (files === undefined || pull.state !== 'open') return undefined;
    const sha = write([base], files);
    moved(pull.base, sha);
    Object.assign(pull, { state: 'closed', merged: true, mergeSha: sha, mergedBy: by });
    return sha;
  };

  const add = (made: Pick<Pull, 'branch' | 'base' | 'ours' | 'title' | 'body'>): Pull => {
    const pull: Pull = {
      ...made,
      number: pulls.length + 1,
      state: 'open',
      merged: false,
      headSha: branches.get(made.branch) ?? '',
      pushedAt: clock.now(),
    };
    pulls.push(pull);
    return pull;
  };

  const host: GitHost = {
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
      for (const { files } of commits.values()) {
        for (const { content } of files.values()) {
          const sha = gitBlobSha(content);
          if (blobs.includes(sha)) found.set(sha, content);
        }
      }
      return found;
    },
    async compare(_, base, head) {
      const common = mergeBase(base, head);
      const status =
        base === head
          ? 'identical'
          : common === base
            ? 'ahead'
            : common === head
              ? 'behind'
              : 'diverged';
      return { mergeBase: common, status, files: diff(at(common).files, at(head).files) };
    },
    async commitChanges(_, commit) {
      const parent = at(commit).parents[0] ?? '';
      return { parent, files: diff(at(parent).files, at(commit).files) };
    },
    async findPullRequest(_, branch) {
      const newest = pulls.filter((pull) => pull.branch === branch).toReversed();
      const open = newest.filter(({ state }) => state === 'open');
      const found = open.find(({ ours }) => ours) ?? open[0] ?? newest.find(({ ours }) => ours);
      return found === undefined ? undefined : view(found);
    },
    async pullRequest(_, number) {
      return view(pullOf(number));
    },
    async openPullRequests(_, base) {
      return pulls
        .filter((pull) => pull.state === 'open' && pull.base === base)
        .map(view)
        .reverse();
    },
    async requiredReviews() {
      return 0;
    },
    async readiness(_, number) {
      const pull = pullOf(number);
      const base = branches.get(pull.base) ?? '';
      const conflicting =
        apply(at(base).files, at(mergeBase(base, pull.headSha)).files, at(pull.headSha).files) ===
        undefined;
      return { checks, conflicting, pushedAt: pull.pushedAt };
    },
    async createBranch(_, branch, commit) {
      calls.push(`create-branch ${branch}`);
      const known = branches.get(branch);
      if (known !== undefined) return known === commit;
      branches.set(branch, commit);
      return true;
    },
    async resetBranch(_, branch, commit) {
      moved(branch, commit);
    },
    async deleteBranch(_, branch) {
      branches.delete(branch);
    },
    async commit({ branch, expectedHead, headline, files }) {
      calls.push(`commit ${branch}`);
      headlines.push(headline);
      if (branches.get(branch) !== expectedHead) return { kind: 'moved' };
      const next = new Map(at(expectedHead).files);
      for (const { path, content } of files) next.set(path, { content, mode: '100644' });
      const sha = write([expectedHead], next);
      moved(branch, sha);
      return { kind: 'committed', sha };
    },
    async openPullRequest({ branch, base, title, body }) {
      calls.push(`open ${branch}`);
      if (pulls.some((pull) => pull.branch === branch && pull.state === 'open')) {
        throw new Error('A pull request already exists');
      }
      return view(add({ branch, base, ours: true, title, body }));
    },
    async updatePullRequest(_, number, change) {
      const pull = pullOf(number);
      if (change.state === 'closed' && pull.state === 'open') {
        Object.assign(pull, { state: 'closed', closedBy: 'amiable' });
      }
    },
    async comment() {},
    async setStatus({ sha, state }) {
      statuses.set(sha, state);
    },
    async merge({ number, sha }) {
      calls.push(`merge ${number}`);
      const pull = pullOf(number);
      if (pull.merged) return { kind: 'refused', reason: 'Pull Request is not mergeable' };
      if (refusal !== undefined) return { kind: 'refused', reason: refusal };
      if (pull.headSha !== sha) return { kind: 'refused', reason: 'Head branch was modified' };
      const merged = merge(number, 'amiable[bot]');
      return merged === undefined
        ? { kind: 'refused', reason: 'Pull Request is not mergeable' }
        : { kind: 'merged', sha: merged };
    },
  };
  return {
    host,
    calls,
    /** Of every commit that was written, oldest first. */
    headlines,
    checks,
    statuses,
    pulls: pulls as readonly Readonly<Pull>[],
    /** A rule that GitHub tells of only when it is asked to merge. */
    refusesMerges(reason: string | undefined) {
      refusal = reason;
    },
    /** What somebody else does. */
    by: {
      open: (branch: string, who: string, base = 'main') =>
        add({ branch, base, ours: false, title: `by ${who}`, body: '' }).number,
      merge: (number: number, who: string) => merge(number, who),
      close(number: number, who: string) {
        Object.assign(pullOf(number), { state: 'closed', closedBy: who });
      },
      reopen(number: number) {
        const pull = pullOf(number);
        pull.state = 'open';
      },
      retarget(number: number, base: string) {
        pullOf(number).base = base;
      },
      push(branch: string, path: string, text: string, mode = '100644') {
        const head = branches.get(branch) ?? '';
        const next = new Map(at(head).files);
        next.set(path, { content: encode(text), mode });
        moved(branch, write([head], next));
      },
      remove(branch: string, path: string) {
        const head = branches.get(branch) ?? '';
        const next = new Map(at(head).files);
        next.delete(path);
        moved(branch, write([head], next));
      },
      forcePush(branch: string, sha: string) {
        moved(branch, sha);
      },
      headOf: (branch: string) => branches.get(branch) ?? '',
    },
    text(branch: string, path: string): string {
      return new TextDecoder().decode(at(branches.get(branch) ?? '').files.get(path)?.content);
    },
    repository: 'acme/gitops' as RepositoryName,
  };
}
