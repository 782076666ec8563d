import type { NodeClaimView } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { drainingClaims, readWhole, worthReading } from './claims-in-motion.ts';

/** Whole objects asked for at the same time. */
const together = 8;

/** Rows of one list, with the whole objects of those in motion. @throws ClusterUnreachableError as a list does. */
export async function glanceAtClaims(
  set: { readonly cluster: string; readonly api: ApiClient; readonly log: Log },
  rows: ReadonlyMap<string, NodeClaimView>,
): Promise<readonly NodeClaimView[]> {
  const names = new Set([...worthReading(rows), ...(await drainingClaims(set, rows))]);
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
