import { z } from 'zod';
import type { CommandOf } from '../rollout/command.ts';
import { minimumAgeOf, skipsCadence } from '../rollout/expedite.ts';
import type { EnvironmentPolicy } from '../rollout/policy.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { environmentNamed } from '../rollout/rollout.ts';
import type { Instant } from '../shared/time.ts';
import { day } from '../shared/time.ts';
import { policyOf } from './fleet.ts';
import type { World } from './world.ts';

/** Which rollout last began to move an environment, and when. */
const Started = z.object({ rollout: z.string(), at: z.number() });

/** Until when people are not asked yet, by the rules of now; `undefined`: it is time. */
export async function tooEarly(
  world: Pick<World, 'clock' | 'fleet' | 'store'>,
  rollout: Rollout,
  name: string,
): Promise<Pick<CommandOf<'Defer'>, 'until' | 'because'> | undefined> {
  const environment = environmentNamed(rollout, name);
  const policy = policyOf(world.fleet, name);
  if (environment === undefined || policy === undefined) return undefined;
  // It moves no node, or somebody chose the moment: there is nothing to pace.
  if (rollout.pinsCluster !== undefined || rollout.theirs !== undefined) return undefined;
  const now = world.clock.now();
  const oldEnough = rollout.releasedAt + minimumAgeOf(environment, policy);
  if (now < oldEnough) return { until: oldEnough, because: 'minimum-age' };
  if (skipsCadence(environment, policy)) return undefined;
  const next = await nextTurn(world, rollout, policy);
  return next !== undefined && now < next ? { until: next, because: 'cadence' } : undefined;
}

/** Remembers, as its first merge is decided, that an environment's turn is taken: what was only asked takes none. */
export async function noteTurn(
  { store, fleet, clock }: Pick<World, 'clock' | 'fleet' | 'store'>,
  { id, pinsCluster, theirs }: Rollout,
  name: string,
): Promise<void> {
  if (pinsCluster !== undefined || theirs !== undefined) return;
  if (policyOf(fleet, name)?.cadence === undefined) return;
  const key = keyOf(fleet.scope, name);
  const known = Started.safeParse((await store.memory.get([key])).get(key));
  // Its later waves are of the same turn.
  if (known.success && known.data.rollout === id) return;
  await store.memory.put(key, { rollout: id, at: clock.now() }, 60 * day);
}

async function nextTurn(
  { store, fleet }: Pick<World, 'fleet' | 'store'>,
  { id }: Rollout,
  { name, cadence }: EnvironmentPolicy,
): Promise<Instant | undefined> {
  if (cadence === undefined) return undefined;
  const key = keyOf(fleet.scope, name);
  const { data } = Started.safeParse((await store.memory.get([key])).get(key));
  if (data === undefined || data.rollout === id) return undefined;
  return cadence === 'weekly' ? data.at + 7 * day : monthAfter(data.at);
}

/** The same day of the next month, or its last one. */
function monthAfter(at: Instant): Instant {
  const date = new Date(at);
  const first = new Date(date);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + 1);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date.getUTCDate(), last));
  return first.getTime();
}

function keyOf(scope: string, environment: string): string {
  return `turn#${scope}#${environment}`;
}
