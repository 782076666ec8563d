import { writeTree } from './git/file-tree.ts';
import type { Protection, Repository, SimulatedCheck } from './state.ts';
import { account, emailOf, findRepository, fullName, nextId, type World } from './world.ts';

export type RepositorySeed = {
  /** `owner/name`. */
  readonly name: string;
  /** Content by path, committed at once to the default branch. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Git modes of files that are not plain (`100644`). */
  readonly modes?: Readonly<Record<string, string>>;
  readonly defaultBranch?: string;
  readonly protection?: Partial<Protection>;
  readonly checks?: readonly SimulatedCheck[];
  readonly private?: boolean;
  /** False: a public repository of somebody else. */
  readonly installed?: boolean;
  /** Login of the first commit's author. */
  readonly by?: string;
};

/** Makes the repository; one that is there already (read from the folder of an earlier run) is left as it is. */
export function seedRepository(world: World, seed: RepositorySeed): Repository {
  const found = findRepository(world, seed.name);
  if (found !== undefined) return found;
  const [owner = '', name = ''] = seed.name.split('/');
  const { defaultBranch = 'main', installed = true, protection = {}, checks = [] } = seed;
  const repository: Repository = {
    id: nextId(world),
    owner,
    name,
    private: seed.private ?? installed,
    installed,
    defaultBranch,
    protection: {
      requiredChecks: [],
      requiredReviews: 0,
      allowedMergeMethods: ['squash', 'merge', 'rebase'],
      ...protection,
    },
    checks,
    branches: new Map([[defaultBranch, firstCommit(world, seed)]]),
    pulls: [],
    statuses: new Map(),
    checkRuns: new Map(),
    releases: [],
  };
  world.state.repositories.set(fullName(repository).toLowerCase(), repository);
  if (installed && !world.state.installations.has(owner.toLowerCase())) {
    world.state.installations.set(owner.toLowerCase(), nextId(world));
  }
  return repository;
}

function firstCommit(
  { objects, clock }: World,
  { files = {}, modes = {}, by = 'ann-lee' }: RepositorySeed,
): string {
  const tree = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      { mode: modes[path] ?? '100644', blob: objects.putBlob(Buffer.from(content)) },
    ]),
  );
  const who = { name: by, email: emailOf(account(by)), at: clock.now() };
  return objects.putCommit({
    tree: writeTree(objects, tree),
    parents: [],
    author: who,
    committer: who,
    message: 'Describe the clusters',
  });
}
