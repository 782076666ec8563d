import type { Clock, Instant } from '../../shared/time.ts';
import { second } from '../../shared/time.ts';
import type { NodeClaimView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import { type ApiClient, metadataForm } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { listAll, nameOf, readLogged } from './list-all.ts';
import { nodeClaims, type WatchedKind } from './watched-kinds.ts';

/** Whole objects asked for at the same time. */
const together = 8;
/** A burst for a wave that begins, then so many a second: pods that come and go touch their NodeClaim as well. */
const burst = 600;
const perSecond = 20;
/** Of NodeClaims that only wait to be replaced, so many are read whole: for the reasons why they wait. */
const mostWaiting = 200;

type Reading = {
  readonly cluster: string;
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
};

/** The whole NodeClaims among thousands of rows: those that come up, leave, are chosen, or wait. */
export type ClaimsInMotion = {
  /** After a list: all rows. */
  listed(rows: ReadonlyMap<string, NodeClaimView>): void;
  /** After an event: the row as it is and was; `undefined` when it is gone, or was not there. */
  changed(name: string, row: NodeClaimView | undefined, before: NodeClaimView | undefined): void;
  /** The row, with what the whole object told of it. */
  view(name: string, row: NodeClaimView): NodeClaimView;
  /** Resolves when what the last list asked for was read, or could not be. */
  settled(): Promise<void>;
};

export function claimsInMotion(set: Reading): ClaimsInMotion {
  const { clock, log, cluster, signal } = set;
  const whole = new Map<string, NodeClaimView>();
  const wanted = new Set<string>();
  const asking = new Set<string>();
  const waiting: (() => void)[] = [];
  let tokens = burst;
  let filledAt: Instant = clock.now();
  let failures = 0;
  let paused = false;
  let preparing = 0;

  function take(): boolean {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / second) * perSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }

  function pump(): void {
    while (!paused && !signal.aborted && asking.size < together) {
      const name = [...wanted].find((one) => !asking.has(one));
      if (name === undefined) break;
      if (!take()) {
        pauseFor(second);
        break;
      }
      wanted.delete(name);
      asking.add(name);
      void ask(name);
    }
    if (signal.aborted || wanted.size + asking.size + preparing === 0)
      for (const done of waiting.splice(0)) done();
  }

  /** Until then nothing is asked; a paused start does not hold up who waits for the first look. */
  function pauseFor(ms: number): void {
    paused = true;
    for (const done of waiting.splice(0)) done();
    void clock.sleep(ms, signal).then(() => {
      paused = false;
      pump();
    });
  }

  async function ask(name: string): Promise<void> {
    try {
      const claim = await readWhole(set, name);
      failures = 0;
      if (claim === undefined || isAtRest(claim)) whole.delete(name);
      else whole.set(name, claim);
    } catch (cause) {
      failures += 1;
      wanted.add(name);
      log.warn({ cluster, name, failures, cause }, 'NodeClaim not read');
      pauseFor(Math.min(60, 2 ** failures) * second);
    } finally {
      asking.delete(name);
      pump();
    }
  }

  async function addDraining(rows: ReadonlyMap<string, NodeClaimView>): Promise<void> {
    preparing += 1;
    try {
      for (const name of await drainingClaims(set, rows)) wanted.add(name);
    } catch (cause) {
      log.warn({ cluster, cause }, 'draining nodes not read');
    } finally {
      preparing -= 1;
      pump();
    }
  }

  return {
    listed(rows) {
      for (const name of whole.keys()) if (!rows.has(name)) whole.delete(name);
      for (const name of worthReading(rows)) wanted.add(name);
      void addDraining(rows);
      pump();
    },
    changed(name, row, before) {
      if (row === undefined) {
        whole.delete(name);
        wanted.delete(name);
        pump();
        return;
      }
      const known = whole.get(name);
      if (known !== undefined) whole.set(name, merged(row, known));
      const unseen = before !== undefined && row.drifted && isSame(row, before);
      if (known === undefined && row.ready && !row.deleting && !unseen) return;
      // whole objects come in the event itself where the server knows no tables
      if (row.detail !== undefined) return;
      wanted.add(name);
      pump();
    },
    view(name, row) {
      return whole.get(name) ?? row;
    },
    settled: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        pump();
      }),
  };
}

/** Names of the rows whose whole object is needed, as far as rows alone tell. */
export function worthReading(rows: ReadonlyMap<string, NodeClaimView>): readonly string[] {
  const names: string[] = [];
  let waits = 0;
  for (const [name, row] of rows) {
    if (row.detail !== undefined) continue;
    if (!row.ready || row.deleting) names.push(name);
    else if (row.drifted && waits < mostWaiting) {
      waits += 1;
      names.push(name);
    }
  }
  return names;
}

/** @returns `undefined` when it is gone. */
export async function readWhole(
  { api, cluster, log }: Pick<Reading, 'api' | 'cluster' | 'log'>,
  name: string,
): Promise<NodeClaimView | undefined> {
  try {
    const object = await api.get(`${nodeClaims.path}/${encodeURIComponent(name)}`);
    return readLogged(nodeClaims, object, { cluster, log });
  } catch (cause) {
    if (cause instanceof ClusterUnreachableError && cause.status === 404) return undefined;
    throw cause;
  }
}

/** Karpenter labels a Node when it drains; rows of a list do not tell that a NodeClaim is deleted. */
const draining: WatchedKind<string> = {
  kind: 'Node',
  path: '/api/v1/nodes',
  labelSelector: 'node.kubernetes.io/exclude-from-external-load-balancers=karpenter',
  accept: metadataForm,
  read: (object) => ({ value: nameOf(object) }),
};

export async function drainingClaims(
  { api, cluster, log }: Pick<Reading, 'api' | 'cluster' | 'log'>,
  rows: ReadonlyMap<string, NodeClaimView>,
): Promise<readonly string[]> {
  const nodes = new Set((await listAll(api, draining, { cluster, log })).items.values());
  if (nodes.size === 0) return [];
  return [...rows].flatMap(([name, row]) =>
    row.nodeName !== undefined && nodes.has(row.nodeName) && row.detail === undefined ? [name] : [],
  );
}

/** Nothing is to be learnt of it beyond its row. */
function isAtRest({ ready, deleting, disrupting, drifted }: NodeClaimView): boolean {
  return ready && !deleting && !disrupting && !drifted;
}

/** A newer row over what an older whole object told. */
function merged(row: NodeClaimView, known: NodeClaimView): NodeClaimView {
  const imageId = row.imageId ?? known.imageId;
  const nodeName = row.nodeName ?? known.nodeName;
  return {
    ...known,
    ...(imageId !== undefined && { imageId }),
    ...(nodeName !== undefined && { nodeName }),
    launched: known.launched || row.launched,
    registered: known.registered || row.registered,
    initialized: known.initialized || row.initialized,
    ready: row.ready,
    drifted: row.drifted,
    deleting: known.deleting || row.deleting,
  };
}

function isSame(a: NodeClaimView, b: NodeClaimView): boolean {
  return (
    a.imageId === b.imageId &&
    a.nodeName === b.nodeName &&
    a.ready === b.ready &&
    a.drifted === b.drifted &&
    a.deleting === b.deleting
  );
}
