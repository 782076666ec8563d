import { composeClusters } from '../compose/clusters.ts';
import { composeStore } from '../compose/store.ts';
import type { Config } from '../config/config.ts';
import { lookAfter } from '../rollout/next-step.ts';
import type { RecordedPace } from '../rollout/recorded-pace.ts';
import { recordedPace } from '../rollout/recorded-pace.ts';
import { RolloutId } from '../shared/ids.ts';
import type { Clock } from '../shared/time.ts';
import { day, minute, second } from '../shared/time.ts';
import { allStreams } from '../workflow/all-streams.ts';
import type { Log } from '../workflow/log.ts';
import type { Attempt, Said } from './attempts.ts';

type Seen = { readonly clock: Clock; readonly log: Log };

/** Rollouts of so long are looked at: what an older one took says little of now. */
const lookBackMs = 90 * day;

/**
 * How long it takes to stop, rehearsed in each cluster without changing it, and how long it took to move nodes, from the
 * record: a rollback goes the same way.
 */
export async function tryBrake(config: Config, attempt: Attempt, seen: Seen): Promise<void> {
  const clusters = composeClusters(config, seen);
  const rehearsed = config.clusters.map(({ name }) =>
    attempt(`brake: ${name}`, async () => rehearsalNote(await clusters.rehearseBrake(name))),
  );
  const record = attempt('roll back: as on record', async () => {
    const paces = await pacesOnRecord(config, seen);
    return { note: config.environments.map(({ name }) => paceText(name, paces)).join('; ') };
  });
  await Promise.all([...rehearsed, record]);
  await clusters.close();
}

/** In words: how long it takes to hold all nodes of a cluster, or why it cannot. */
export function rehearsalNote({
  nodes,
  wouldTakeMs,
  refused,
}: {
  readonly nodes: number;
  readonly wouldTakeMs: number;
  readonly refused?: string;
}): Said {
  if (refused !== undefined) {
    return `it does not permit it: ${refused}; apply infra/kubernetes/brake.yaml there, or go without the brake`;
  }
  if (nodes === 0) return { note: 'permitted; there is no node of Karpenter to rehearse with' };
  const takes = (Math.ceil(wouldTakeMs / 100) / 10).toFixed(1);
  return {
    note: `permitted; ${nodes} ${nodes === 1 ? 'node' : 'nodes'} would be held within ${takes} s of the service's next look, which comes every ${lookAfter.brake / second} s`,
  };
}

async function pacesOnRecord(config: Config, seen: Seen): Promise<readonly RecordedPace[]> {
  const { store, close } = await composeStore(config, seen);
  try {
    const now = seen.clock.now();
    const since = new Date(now - lookBackMs).toISOString().slice(0, 7);
    const paces: RecordedPace[] = [];
    for (const stream of await allStreams(store, now, since)) {
      const id = RolloutId.safeParse(stream);
      if (!id.success) continue;
      const commits = await store.rollouts.load(id.data);
      paces.push(...recordedPace(commits.flatMap(({ events }) => events)));
    }
    return paces;
  } finally {
    await close();
  }
}

/** The slowest on record, ways back before others: who is in a hurry wants no average. */
export function paceText(environment: string, all: readonly RecordedPace[]): string {
  const mine = all.filter((one) => one.environment === environment);
  const back = mine.filter((one) => one.back);
  const paces = back.length > 0 ? back : mine;
  const longest = (name: 'mergeMs' | 'deliverMs' | 'replaceMs') => {
    const known = paces.flatMap((one) => one[name] ?? []);
    return known.length === 0 ? undefined : Math.max(...known);
  };
  const parts = [
    partText('to the merge', longest('mergeMs')),
    partText('until the clusters said it', longest('deliverMs')),
    partText('until the last node', longest('replaceMs')),
  ];
  if (paces.length === 0)
    return `${environment}: nothing moved there in 90 days, so nothing is known`;
  const of = `${paces.length} ${back.length > 0 ? 'way' : 'wave'}${paces.length === 1 ? '' : 's'}${back.length > 0 ? ' back' : ' forward'}`;
  return `${environment}: at most ${parts.join(', ')} (${of} on record)`;
}

function partText(what: string, ms: number | undefined): string {
  if (ms === undefined) return `an unknown time ${what}`;
  return ms < minute
    ? `${Math.ceil(ms / second)} s ${what}`
    : `${Math.ceil(ms / minute)} min ${what}`;
}
