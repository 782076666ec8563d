import { generateKeyPairSync } from 'node:crypto';
import { createGitHost } from '../../src/adapters/github/create-git-host.ts';
import { Faults } from '../../src/sandbox/faults.ts';
import { Refusal } from '../../src/sandbox/github/refusal.ts';
import type { RepositoryHandle } from '../../src/sandbox/github/repository-handle.ts';
import { startGitHubStandIn } from '../../src/sandbox/github/start-github-stand-in.ts';
import { RepositoryName } from '../../src/shared/ids.ts';
import type { Clock } from '../../src/shared/time.ts';
import type { GitModel, PullInModel } from './git-model.ts';

const repository = RepositoryName.parse('acme/gitops');

/** One key for all: making one takes longer than most of what is done with it. */
const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** What GitHub refuses somebody changes nothing. */
function tried<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** The sandbox's GitHub behind our adapter, over real HTTP. `close` it in the end. */
export async function httpGitHost(
  clock: Clock,
  files: Readonly<Record<string, string>>,
): Promise<
  GitModel & { readonly there: RepositoryHandle; readonly faults: Faults; close(): Promise<void> }
> {
  const faults = new Faults('github');
  const standIn = await startGitHubStandIn({
    clock,
    faults,
    app: { id: 4711, privateKeyPem },
  });
  let others = 0;
  const there = standIn.seedRepository({ name: repository, files });
  const host = createGitHost({
    appId: standIn.appId,
    privateKey: standIn.privateKey,
    baseUrl: standIn.url,
    clock,
    writeSpacingMs: 0,
    timeoutMs: 10_000,
  });
  return {
    repository,
    host,
    get pulls(): readonly PullInModel[] {
      return there.pulls().map(({ number, head, base, state, merged, mergeSha, mergedBy }) => ({
        number,
        branch: head.branch,
        headSha: head.sha,
        base,
        state,
        merged,
        ...(mergeSha !== undefined && { mergeSha }),
        ...(mergedBy !== undefined && { mergedBy }),
      }));
    },
    queue: () => there.queue().map(({ number }) => number),
    text: (branch, path) => there.filesAt(there.headOf(branch) ?? '').get(path) ?? '',
    by: {
      open: (branch, who, base) => tried(() => there.openPull(who, branch, `by ${who}`, base)),
      merge: (number, who, method = 'squash') =>
        tried(() => there.merge(who, number, { bypass: true, method })),
      close: (number, who) => tried(() => there.close(who, number)),
      reopen: (number) => tried(() => there.reopen('octocat', number)),
      retarget: (number, base) => tried(() => there.retarget('octocat', number, base)),
      push: (branch, path, text, mode) =>
        void tried(() =>
          there.push('octocat', branch, path, text, mode === undefined ? {} : { mode }),
        ),
      remove: (branch, path) => tried(() => there.removeFile('octocat', branch, path)),
      forcePush: (branch, sha) => tried(() => there.forcePush('octocat', branch, sha)),
      deleteBranch: (branch) => tried(() => there.deleteBranch('octocat', branch)),
      queueAnother: () =>
        void tried(() => {
          others += 1;
          const branch = `people/${others}`;
          there.createBranch('octocat', branch, there.headOf('main') ?? '');
          there.push('octocat', branch, `docs/other-${others}.md`, `${others}\n`);
          there.enqueue(there.openPull('octocat', branch, `Other ${others}`));
        }),
      takeOutOfQueue: (number) => tried(() => there.dequeue(number)),
      headOf: (branch) => there.headOf(branch) ?? '',
    },
    there,
    faults,
    close: () => standIn.close(),
  };
}
