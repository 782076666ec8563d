import { generateKeyPairSync } from 'node:crypto';
import { afterEach } from 'vitest';
import {
  createGitHost,
  type GitHostOptions,
} from '../../../src/adapters/github/create-git-host.ts';
import { type Fault, Faults } from '../../../src/sandbox/faults.ts';
import type { RepositorySeed } from '../../../src/sandbox/github/seed-repository.ts';
import {
  type GitHubStandIn,
  type GitHubStandInOptions,
  startGitHubStandIn,
} from '../../../src/sandbox/github/start-github-stand-in.ts';
import { RepositoryName } from '../../../src/shared/ids.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

export const gitops = RepositoryName.parse('acme/gitops');
export const branch = 'amiable/ro_0123456789/dev';
export const devFile = 'clusters/dev/nodeclass.yaml';
export const before = 'alias: al2023@v20260601\n';
export const after = 'alias: al2023@v20260714\n';

/** One key for all tests: making one takes longer than most of them. */
const privateKeyPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const running: GitHubStandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((standIn) => standIn.close()));
});

/** A stand-in with one repository, and the adapter that speaks to it. */
export async function setUp({
  seed = {},
  standIn = {},
  host = {},
}: {
  readonly seed?: Partial<RepositorySeed>;
  readonly standIn?: Partial<GitHubStandInOptions>;
  readonly host?: Partial<GitHostOptions>;
} = {}) {
  const clock = manualClock(Date.parse('2026-07-15T18:30:00Z'));
  const faults = new Faults('github');
  const started = await startGitHubStandIn({
    clock,
    faults,
    app: { id: 4711, privateKeyPem },
    ...standIn,
  });
  running.push(started);
  const repository = started.seedRepository({
    name: gitops,
    files: { [devFile]: before, 'README.md': 'Our clusters\n' },
    ...seed,
  });
  const options = {
    appId: started.appId,
    privateKey: started.privateKey,
    baseUrl: started.url,
    clock,
    writeSpacingMs: 0,
    timeoutMs: 5_000,
    ...host,
  };
  const github = createGitHost(options);
  const base = repository.headOf('main') ?? '';
  /** Puts our edit on a branch of its own. */
  async function committed(content = after, path = devFile) {
    await github.createBranch(gitops, branch, base);
    const done = await github.commit({
      repository: gitops,
      branch,
      expectedHead: base,
      headline: 'Move node images',
      body: 'Rollout ro_0123456789',
      files: [{ path, content: Buffer.from(content) }],
    });
    if (done.kind !== 'committed') throw new Error('the branch moved');
    return done.sha;
  }
  async function proposed(content = after, path = devFile) {
    const sha = await committed(content, path);
    const pull = await github.openPullRequest({
      repository: gitops,
      branch,
      base: 'main',
      title: 'Move dev to v20260714',
      body: 'What it changes',
    });
    return { sha, number: pull.number, pull };
  }

  return {
    clock,
    base,
    standIn: started,
    repository,
    github,
    options,
    order: (fault: Omit<Fault, 'service' | 'times'> & { readonly times?: number }) =>
      faults.order({ service: 'github', times: 1, ...fault }),
    /** What was asked for since the last call, `METHOD /path` each. */
    asked: countFrom(started),
    committed,
    proposed,
  };
}

function countFrom(standIn: GitHubStandIn): () => readonly string[] {
  let seen = 0;
  return () => {
    const fresh = standIn.requests().slice(seen);
    seen += fresh.length;
    return fresh.map(({ method, path }) => `${method} ${path}`);
  };
}
