import { createHash } from 'node:crypto';
import type { Clock } from '../../shared/time.ts';
import type { ObjectStore } from './git/object-store.ts';
import type { Account, Pull, Repository, State } from './state.ts';

/** A webhook's event before it is signed and sent. */
export type HookEvent = {
  readonly event: 'push' | 'pull_request' | 'status' | 'check_run';
  readonly repository: Repository;
  readonly payload: Readonly<Record<string, unknown>>;
};

/** A branch that moved; `after` is absent when it was deleted. */
export type PushNotice = {
  readonly repository: string;
  readonly branch: string;
  readonly before?: string;
  readonly after?: string;
  readonly by: string;
};

/** All that the stand-in's parts share. */
export type World = {
  readonly state: State;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly app: { readonly id: number; readonly slug: string; readonly publicKey: string };
  /** Where the stand-in listens, without a trailing slash. */
  readonly url: () => string;
  /** A tree with more entries is answered cut, with `truncated: true`. GitHub: 100,000. */
  readonly treeLimit: number;
  /**
   * Objects one GraphQL query may look up; more are refused with `RESOURCE_LIMITS_EXCEEDED`. GitHub publishes no number
   * (GitHub changelog 2025-09-01): the adapter has to live with any.
   */
  readonly objectLimit: number;
  readonly emit: (event: HookEvent) => void;
  readonly pushed: (notice: PushNotice) => void;
  /** Simulated checks that will change later: called with when to look, so that a webhook tells it. */
  readonly later: (ms: number, act: () => void) => void;
};

export function nextId({ state }: World): number {
  state.nextId += 1;
  return state.nextId;
}

/** A person or bot by login; the id is made from the login, so it survives a restart. */
export function account(login: string): Account {
  const id = createHash('sha1').update(login).digest().readUInt32BE(0) % 100_000_000;
  return { login, id, type: login.endsWith('[bot]') ? 'Bot' : 'User' };
}

/** The bot in whose name our App's tokens act. */
export function botOf({ app }: World): Account {
  return account(`${app.slug}[bot]`);
}

export function emailOf({ login, id }: Account): string {
  return `${id}+${login}@users.noreply.github.com`;
}

/** The committer of what is made on GitHub's side. */
export const webFlow = { name: 'GitHub', email: 'noreply@github.com' };

export function fullName({ owner, name }: Repository): string {
  return `${owner}/${name}`;
}

export function findRepository({ state }: World, name: string): Repository | undefined {
  return state.repositories.get(name.toLowerCase());
}

export function openPulls(repository: Repository): readonly Pull[] {
  return repository.pulls.filter(({ state }) => state === 'open');
}
