import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { listAll } from './list-all.ts';
import { doNotDisrupt, type Marked, Marks, marks, ourMark } from './node-marks.ts';

/** Patches under way at once: 5,000 nodes are held in a minute, and the API server has others to serve. */
const atOnce = 8;
/** A kubelet writes to its Node now and then; who loses such a race so often has another trouble. */
const mostRaces = 4;

type Set = { readonly cluster: string; readonly log: Log };

/** @returns names of those that are protected now, by us or by somebody else. */
export async function holdNodes(
  api: ApiClient,
  set: Set,
  { nodes, mark }: { readonly nodes: readonly string[]; readonly mark: string },
): Promise<{ readonly held: readonly string[]; readonly refused?: string }> {
  const { items } = await listAll(api, marks, set);
  const held: string[] = [];
  const refused = await each(nodes, async (name) => {
    const became = await changed(api, name, 'amiable-hold', items.get(name), (seen) =>
      // somebody else's protection is not ours to take away later
      seen.held || seen.mark !== undefined
        ? undefined
        : { [doNotDisrupt]: 'true', [ourMark]: mark },
    );
    if (became === 'done') held.push(name);
  });
  return { held, ...(refused === undefined ? {} : { refused }) };
}

export async function releaseNodes(
  api: ApiClient,
  set: Set,
  mark: string,
): Promise<{ readonly released: number; readonly left: number; readonly refused?: string }> {
  const { items } = await listAll(api, marks, set);
  const ours = [...items].filter(([, seen]) => seen.mark === mark).map(([name]) => name);
  let released = 0;
  let left = ours.length;
  const refused = await each(ours, async (name) => {
    const became = await changed(api, name, 'amiable-release', items.get(name), (seen) =>
      seen.mark === mark ? { [doNotDisrupt]: null, [ourMark]: null } : undefined,
    );
    if (became === 'done') released += 1;
    if (became !== 'busy') left -= 1;
  });
  return { released, left, ...(refused === undefined ? {} : { refused }) };
}

/** So many nodes are rehearsed with; more would only be a longer sum. */
const mostRehearsed = 16;

/**
 * What holding all of Karpenter's nodes would take, from a dry run that passes RBAC and admission and changes nothing.
 * @returns `wouldTakeMs` in real time, for the list and all patches.
 */
export async function rehearseHold(
  api: ApiClient,
  set: Set,
): Promise<{ readonly nodes: number; readonly wouldTakeMs: number; readonly refused?: string }> {
  const began = performance.now();
  const { items } = await listAll(api, marks, set);
  const listed = performance.now();
  const free = [...items].filter(([, { held, mark }]) => !held && mark === undefined);
  const tried = free.slice(0, mostRehearsed);
  const annotations = { [doNotDisrupt]: 'true', [ourMark]: 'rehearsal' };
  const refused = await each(
    tried.map(([name]) => name),
    async (name) => {
      try {
        await api.patch(`/api/v1/nodes/${name}`, { metadata: { annotations } }, { dryRun: 'All' });
      } catch (cause) {
        if (!(cause instanceof ClusterUnreachableError) || cause.status !== 404) throw cause;
      }
    },
  );
  const perNodeMs = tried.length === 0 ? 0 : (performance.now() - listed) / tried.length;
  return {
    nodes: free.length,
    wouldTakeMs: listed - began + perNodeMs * free.length,
    ...(refused === undefined ? {} : { refused }),
  };
}

/**
 * Patches one Node on the version that was read, and reads it anew when somebody else came first.
 * @param fieldManager what the cluster's own record calls it.
 * @param wanted annotations to write; `undefined`: it is as it should be.
 * @returns `gone` when there is no such Node any more, `busy` when it is written to all the time.
 */
async function changed(
  api: ApiClient,
  name: string,
  fieldManager: string,
  known: Marked | undefined,
  wanted: (seen: Marked) => Record<string, string | null> | undefined,
): Promise<'done' | 'gone' | 'busy'> {
  const path = `/api/v1/nodes/${name}`;
  let seen = known;
  for (let race = 0; race < mostRaces; race += 1) {
    try {
      seen ??= Marks.parse(await api.get(path));
      const annotations = wanted(seen);
      if (annotations === undefined) return 'done';
      const body = { metadata: { resourceVersion: seen.version, annotations } };
      await api.patch(path, body, { fieldManager });
      return 'done';
    } catch (cause) {
      const status = cause instanceof ClusterUnreachableError ? cause.status : undefined;
      if (status === 404) return 'gone';
      if (status !== 409) throw cause;
      seen = undefined;
    }
  }
  return 'busy';
}

/** @returns the server's words when it forbids this: RBAC answers 403, an admission policy 422. */
async function each(
  names: readonly string[],
  act: (name: string) => Promise<void>,
): Promise<string | undefined> {
  const queue = [...names];
  let refused: string | undefined;
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      try {
        await act(name);
      } catch (cause) {
        if (!(cause instanceof ClusterUnreachableError)) throw cause;
        if (cause.status !== 403 && cause.status !== 422) throw cause;
        refused ??= cause.said ?? cause.message;
        queue.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return refused;
}
