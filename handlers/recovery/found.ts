import { z } from 'zod';
import type { RecoveryChoice } from '../../blocks/recovery-modal.ts';
import { waysBack } from '../../src/rollout/way-back.ts';
import { sha256 } from '../../src/shared/canonical.ts';
import { RolloutId } from '../../src/shared/ids.ts';
import { hour } from '../../src/shared/time.ts';
import type { WhereRuns } from '../../src/workflow/where-runs.ts';
import type { World } from '../../src/workflow/world.ts';

/** What was found can be taken back from its answer for this long; later it is asked anew, as nodes moved on. */
const keepForMs = hour;

const Found = z.array(z.object({ rollout: RolloutId, clusters: z.array(z.string()) }));
type Found = z.infer<typeof Found>;

/** Keeps which clusters of which rollouts an answer named, for its button: a value holds no list of a hundred clusters. */
export async function rememberFound(
  { store }: Pick<World, 'store'>,
  deliveryKey: string,
  { waysBack: ways }: Pick<WhereRuns, 'waysBack'>,
): Promise<string | undefined> {
  if (ways.length === 0) return undefined;
  const key = sha256(deliveryKey).slice(0, 32);
  const found = ways.map(({ rollout, clusters }) => ({
    rollout,
    clusters: clusters.map(({ cluster }) => cluster),
  }));
  await store.memory.put(memoryKey(key), found, keepForMs);
  return key;
}

/** `undefined`: it was found too long ago. */
export async function recallFound(
  { store }: Pick<World, 'store'>,
  key: string,
): Promise<Found | undefined> {
  const kept = (await store.memory.get([memoryKey(key)])).get(memoryKey(key));
  const found = Found.safeParse(kept);
  return found.success ? found.data : undefined;
}

/** What of it can be taken back now, from the record alone. */
export async function recoveryChoice(
  { journal }: Pick<World, 'journal'>,
  found: Found,
): Promise<RecoveryChoice> {
  const ways = await Promise.all(
    found.map(async ({ rollout: id, clusters }) => {
      const { rollout } = await journal.refresh(id);
      const environments = rollout?.environments ?? [];
      return environments.flatMap((environment) =>
        waysBack(environment, clusters).map((way) => ({
          rollout: id,
          from: rollout?.release ?? '',
          way,
        })),
      );
    }),
  );
  return {
    clusters: ways
      .flat()
      .flatMap(({ rollout, from, way }) => ('to' in way ? [{ rollout, from, ...way }] : [])),
    leftOut: ways.flat().flatMap(({ way }) => ('why' in way ? [way] : [])),
  };
}

function memoryKey(key: string): string {
  return `found#${key}`;
}
