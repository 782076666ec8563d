import type { BadRelease, BadScope, Hold, HoldScope } from '../rollout/hold.ts';
import { longestHoldMs, sameScope } from '../rollout/hold.ts';
import type { ReleaseId, SlackUserId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { appendUnless } from './freeze.ts';
import type { Actor, GlobalEvent } from './ports/store.ts';
import type { World } from './world.ts';

/** What is kept back on purpose now: holds that have not ended, and releases that were marked bad. */
export type KeptBack = {
  readonly holds: readonly Hold[];
  readonly bad: readonly BadRelease[];
};

/** Read from the store every time, as the global stop is. */
export async function keptBack({
  store,
  fleet,
  clock,
}: Pick<World, 'store' | 'fleet' | 'clock'>): Promise<KeptBack> {
  const commits = await store.global.load('global');
  return keptBackAt(
    commits.flatMap(({ events }) => events),
    fleet.holds ?? [],
    clock.now(),
  );
}

/** What stands at a time: of the record and of the configuration, without what has ended. */
export function keptBackAt(
  events: readonly GlobalEvent[],
  configured: readonly Hold[],
  now: Instant,
): KeptBack {
  const { holds, bad } = foldKeptBack(events);
  return { holds: [...configured, ...holds].filter(({ until }) => now < until), bad };
}

/** The newest word on each scope and release counts. */
export function foldKeptBack(events: readonly GlobalEvent[]): KeptBack {
  let holds: readonly Hold[] = [];
  let bad: readonly BadRelease[] = [];
  for (const event of events) {
    switch (event.type) {
      case 'HoldSet': {
        const { type: _, ...hold } = event;
        holds = [...holds.filter((one) => !sameScope(one, event)), hold];
        break;
      }
      case 'HoldLifted':
        holds = holds.filter((one) => !sameScope(one, event));
        break;
      case 'ReleaseMarkedBad': {
        const { type: _, ...mark } = event;
        bad = [...bad, mark];
        break;
      }
      case 'ReleaseCleared':
        bad = bad.filter(({ release }) => release !== event.release);
        break;
      case 'Frozen':
      case 'Unfrozen':
      case 'AttemptRefused':
      case 'ReleaseRecalled':
      case 'RecallLifted':
        break;
    }
  }
  return { holds, bad };
}

type By = {
  readonly by: SlackUserId;
  readonly cause: string;
  readonly actor: Actor;
};

/** Keeps something behind until a day, at most 90 days away. False: it is held until that very day already. */
export async function setHold(
  world: Pick<World, 'clock' | 'store'>,
  hold: HoldScope & { readonly until: number; readonly reason: string } & By,
): Promise<boolean> {
  const { cause, actor, ...said } = hold;
  const now = world.clock.now();
  const until = Math.min(said.until, now + longestHoldMs);
  const event: GlobalEvent = { type: 'HoldSet', ...said, until, at: now };
  return appendUnless(world, event, { cause, actor }, (history) =>
    foldKeptBack(history).holds.some((one) => sameScope(one, hold) && one.until === until),
  );
}

/** False: nothing of that name is held. */
export async function liftHold(
  world: Pick<World, 'clock' | 'store'>,
  { by, cause, actor, ...scope }: HoldScope & By,
): Promise<boolean> {
  const event: GlobalEvent = { type: 'HoldLifted', ...scope, by, at: world.clock.now() };
  return appendUnless(
    world,
    event,
    { cause, actor },
    (history) => !foldKeptBack(history).holds.some((one) => sameScope(one, scope)),
  );
}

/** Nobody is offered the release again, there. */
export async function markBad(
  world: Pick<World, 'clock' | 'store'>,
  {
    cause,
    actor,
    ...mark
  }: BadScope & {
    readonly release: ReleaseId;
    readonly reason: string;
  } & By,
): Promise<boolean> {
  const event: GlobalEvent = { type: 'ReleaseMarkedBad', ...mark, at: world.clock.now() };
  return appendUnless(world, event, { cause, actor }, () => false);
}

/** Takes all marks of a release away. False: there is none. */
export async function clearBad(
  world: Pick<World, 'clock' | 'store'>,
  { by, cause, actor, release }: { readonly release: ReleaseId } & By,
): Promise<boolean> {
  const event: GlobalEvent = { type: 'ReleaseCleared', release, by, at: world.clock.now() };
  return appendUnless(
    world,
    event,
    { cause, actor },
    (history) => !foldKeptBack(history).bad.some((one) => one.release === release),
  );
}
