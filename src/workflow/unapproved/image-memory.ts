import { z } from 'zod';
import type { Json } from '../../shared/canonical.ts';
import { canonicalJson } from '../../shared/canonical.ts';
import type { World } from '../world.ts';

/** What the looks before left of a cluster. Losing it costs one beginning anew, and no false alarm. */
const ImageMemory = z.object({
  /** By EC2NodeClass: what may run there, newest last. */
  approved: z.record(z.string(), z.array(z.string())),
  /** When each finding was first seen, by its key. */
  since: z.record(z.string(), z.number()),
  /** The alert that stands: hash of what it was made of. */
  alert: z.string().optional(),
  /** Since when the cluster cannot be seen, where an alert stands. */
  unseen: z.number().optional(),
});
export type ImageMemory = z.infer<typeof ImageMemory>;

export const nothingYet: ImageMemory = { approved: {}, since: {} };

/** More than a cluster ever has nodes of at once. */
const mostApproved = 30;

function keyOf(scope: string, cluster: string): string {
  return `images#${scope}#${cluster}`;
}

/** What is remembered of some clusters; those nobody looked at yet are absent. */
export async function recallImages(
  { store, fleet }: Pick<World, 'store' | 'fleet'>,
  clusters: readonly string[],
): Promise<ReadonlyMap<string, ImageMemory>> {
  const stored = await store.memory.get(clusters.map((name) => keyOf(fleet.scope, name)));
  return new Map(
    clusters.flatMap((name) => {
      const memory = ImageMemory.safeParse(stored.get(keyOf(fleet.scope, name)));
      return memory.success ? [[name, memory.data] as const] : [];
    }),
  );
}

/** Writes only what changed. */
export async function keepImages(
  { store, fleet }: Pick<World, 'store' | 'fleet'>,
  cluster: string,
  before: ImageMemory | undefined,
  now: ImageMemory,
): Promise<void> {
  const approved = Object.fromEntries(
    Object.entries(now.approved).map(([name, whats]) => [name, whats.slice(-mostApproved)]),
  );
  const json = { ...now, approved } as Json;
  if (before !== undefined && canonicalJson(before as Json) === canonicalJson(json)) return;
  await store.memory.put(keyOf(fleet.scope, cluster), json);
}
