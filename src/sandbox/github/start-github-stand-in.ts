import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../shared/time.ts';
import type { Faults } from '../faults.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { writeWhole } from '../write-whole.ts';
import { createObjectStore } from './git/object-store.ts';
import { handleOf, type PullState, type RepositoryHandle } from './repository-handle.ts';
import { type RepositorySeed, seedRepository } from './seed-repository.ts';
import { createApiServer, type RequestRecord } from './serve.ts';
import { loadState, saveState } from './state-file.ts';
import { createWebhooks, type WebhookSwitches, type WebhookTarget } from './webhooks.ts';
import { botOf, findRepository, fullName, type PushNotice, type World } from './world.ts';

/** A GitHub on this machine, answering as api.github.com does for what Amiable uses. */
export type GitHubStandIn = {
  /** Base address of the API, such as `http://127.0.0.1:49152`. */
  readonly url: string;
  readonly appId: number;
  /** PEM. */
  readonly privateKey: string;
  readonly botLogin: string;
  /** Makes a repository, or finds the one an earlier run made. */
  seedRepository(seed: RepositorySeed): RepositoryHandle;
  /** @throws Error when there is none of that name. */
  repository(name: string): RepositoryHandle;
  /** Pull requests of all repositories. */
  pulls(): readonly PullState[];
  headOf(repository: string, branch: string): string | undefined;
  /** Contents by path at a commit; empty for one nobody has. */
  filesAt(repository: string, sha: string): ReadonlyMap<string, string>;
  /** Calls back after each move of a branch, within the request that moved it; returns how to stop. */
  onPush(listener: (notice: PushNotice) => void): () => void;
  /** All requests so far, oldest first. */
  requests(): readonly RequestRecord[];
  readonly webhooks: {
    /** `undefined`: no longer sends any. */
    deliverTo(target: WebhookTarget | undefined): void;
    readonly switches: WebhookSwitches;
    settled(): Promise<void>;
  };
  /** Revokes every installation token, as reinstalling the App does. */
  revokeTokens(): void;
  close(): Promise<void>;
};

export type GitHubStandInOptions = {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly app: { readonly id: number; readonly slug?: string; readonly privateKeyPem?: string };
  /** Kept over restarts; absent: everything is in memory. */
  readonly dataDir?: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Entries of a tree answer before it is cut; GitHub: 100,000. */
  readonly treeLimit?: number;
  /** Objects one GraphQL query may look up. */
  readonly objectLimit?: number;
};

export async function startGitHubStandIn(options: GitHubStandInOptions): Promise<GitHubStandIn> {
  const { clock, faults, app, dataDir, port = 0, treeLimit = 100_000, objectLimit = 500 } = options;
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const privateKey = app.privateKeyPem ?? keptKey(dataDir);
  const statePath = dataDir && join(dataDir, 'state.json');
  const closing = new AbortController();
  const listeners = new Set<(notice: PushNotice) => void>();
  const requests: RequestRecord[] = [];
  let url = 'http://127.0.0.1';
  const webhooks = createWebhooks(() => world, closing.signal);
  const world: World = {
    state: loadState(statePath),
    objects: createObjectStore(dataDir && join(dataDir, 'objects')),
    clock,
    app: {
      id: app.id,
      slug: app.slug ?? 'amiable',
      publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
    },
    url: () => url,
    treeLimit,
    objectLimit,
    emit: webhooks.emit,
    pushed: (notice) => {
      for (const listener of listeners) listener(notice);
    },
    later: (ms, act) => {
      void clock.sleep(ms, closing.signal).then(() => {
        if (!closing.signal.aborted) act();
      });
    },
  };
  const changed = () => {
    if (statePath !== undefined) saveState(statePath, world.state);
  };
  const server = createApiServer({
    world,
    faults,
    changed,
    record: (request) => requests.push(request),
  });
  url = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;

  const repository = (name: string): RepositoryHandle => {
    const found = findRepository(world, name);
    if (found === undefined) throw new Error(`The stand-in has no repository ${name}`);
    return handleOf(world, found, changed);
  };
  return {
    url,
    appId: app.id,
    privateKey,
    botLogin: botOf(world).login,
    seedRepository(seed) {
      const made = seedRepository(world, seed);
      changed();
      return handleOf(world, made, changed);
    },
    repository,
    pulls: () =>
      [...world.state.repositories.values()].flatMap((x) => repository(fullName(x)).pulls()),
    headOf: (name, branch) => findRepository(world, name)?.branches.get(branch),
    filesAt: (name, sha) => repository(name).filesAt(sha),
    onPush(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    requests: () => [...requests],
    webhooks,
    revokeTokens() {
      world.state.tokens.clear();
      changed();
    },
    async close() {
      closing.abort();
      await closeServer(server);
    },
  };
}

/** The App's key, made at the first start and kept beside the state, so that a restart does not lock the service out. */
function keptKey(dataDir: string | undefined): string {
  const path = dataDir && join(dataDir, 'app-key.pem');
  if (path !== undefined && existsSync(path)) return readFileSync(path, 'utf8');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  if (path !== undefined) writeWhole(path, pem, 0o600);
  return pem;
}
