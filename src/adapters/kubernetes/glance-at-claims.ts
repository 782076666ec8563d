import type { NodeClaimView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { drainingClaims, readWhole, worthReading } from './claims-in-motion.ts';

/** Whole objects asked for at the same time. */
const together = 8;

/** Of all NodePools together; those of a pool tell alike. */
const mostSamples = 20;

/**
 * Rows of one list, with the whole objects of those in motion, and of `samples` at rest of each NodePool. @throws ClusterUnreachableError
 * as a list does.
 */
export async function glanceAtClaims(
  set: { readonly cluster: string; readonly api: ApiClient; readonly log: Log },
  rows: ReadonlyMap<string, NodeClaimView>,
  samples: number,
): Promise<readonly NodeClaimView[]> {
  const names = new Set([
    ...worthReading(rows),
    ...(await drainingClaims(set, rows)),
    ...samplesOf(rows, samples),
  ]);
  const read = new Map<string, NodeClaimView | undefined>();
  const queue = [...names];
  const work = async () => {
    for (let name = queue.pop(); name !== undefined; name = queue.pop())
      read.set(name, await readWhole(set, name));
  };
  await Promise.all(Array.from({ length: together }, work));
  return [...rows].flatMap(([name, row]) => {
    if (!read.has(name)) return [row];
    const whole = read.get(name);
    return whole === undefined ? [] : [whole];
  });
}

/** Of those that are up, the first of each pool's list: any is as good. */
function samplesOf(rows: ReadonlyMap<string, NodeClaimView>, each: number): readonly string[] {
  const taken = new Map<string, number>();
  const names: string[] = [];
  for (const [name, { nodePool, ready, detail }] of rows) {
    const before = taken.get(nodePool) ?? 0;
    if (names.length === mostSamples) break;
    if (!ready || before >= each) continue;
    taken.set(nodePool, before + 1);
    if (detail === undefined) names.push(name);
  }
  return names;
}
