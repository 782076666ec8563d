import { mostOfOneAttempt } from '../rollout/attempt-on-record.ts';
import type { RefusalCode } from '../rollout/refusal.ts';
import type { SlackUserId } from '../shared/ids.ts';
import type { Actor, Commit, GlobalEvent } from './ports/store.ts';
import type { World } from './world.ts';

/** Stops every forward merge everywhere. False: it is stopped already. */
export async function freeze(
  world: Pick<World, 'clock' | 'store'>,
  {
    by,
    reason,
    cause,
    actor = { kind: 'slack', id: by },
  }: {
    readonly by: SlackUserId;
    readonly reason: string;
    readonly cause: string;
    readonly actor?: Actor;
  },
): Promise<boolean> {
  const event: GlobalEvent = { type: 'Frozen', by, reason, at: world.clock.now() };
  return appendUnless(world, event, { cause, actor }, standsAs('Frozen'));
}

/** Lets merges go on. False: nothing is stopped. */
export async function unfreeze(
  world: Pick<World, 'clock' | 'store'>,
  {
    by,
    cause,
    actor = { kind: 'slack', id: by },
  }: { readonly by: SlackUserId; readonly cause: string; readonly actor?: Actor },
): Promise<boolean> {
  const event: GlobalEvent = { type: 'Unfrozen', by, at: world.clock.now() };
  return appendUnless(world, event, { cause, actor }, standsAs('Unfrozen'));
}

/** Keeps the attempt of somebody without the right on record: so many per person and reason between two changes. */
export async function refuseGlobally(
  world: Pick<World, 'clock' | 'store'>,
  attempt: {
    /** A Slack user id, or an ARN that the configuration does not map. */
    readonly by: string;
    /** The kind of the request. */
    readonly wanted: string;
    readonly reason: RefusalCode;
    readonly cause: string;
    readonly actor: Actor;
  },
): Promise<boolean> {
  const { by, wanted, reason, cause, actor } = attempt;
  const event: GlobalEvent = {
    type: 'AttemptRefused',
    by,
    wanted,
    reason,
    at: world.clock.now(),
  };
  return appendUnless(world, event, { cause, actor }, (history) => {
    const changed = history.findLastIndex(({ type }) => type !== 'AttemptRefused');
    const same = history
      .slice(changed + 1)
      .filter(
        (one) =>
          one.type === 'AttemptRefused' &&
          one.by === by &&
          one.wanted === wanted &&
          one.reason === reason,
      );
    return same.length >= mostOfOneAttempt;
  });
}

/** Whether the newest change of the global stop says so already; attempts change nothing. */
function standsAs(state: 'Frozen' | 'Unfrozen') {
  return (history: readonly GlobalEvent[]) =>
    (history.findLast(({ type }) => type === 'Frozen' || type === 'Unfrozen')?.type ??
      'Unfrozen') === state;
}

/** Appends unless it is so already; decides anew when another writer came first. */
export async function appendUnless(
  { store, clock }: Pick<World, 'clock' | 'store'>,
  event: GlobalEvent,
  { cause, actor }: { readonly cause: string; readonly actor: Actor },
  isSo: (history: readonly GlobalEvent[]) => boolean,
): Promise<boolean> {
  for (;;) {
    const commits: readonly Commit<GlobalEvent>[] = await store.global.load('global');
    if (commits.some((commit) => commit.cause === cause)) return false;
    if (isSo(commits.flatMap(({ events }) => events))) return false;
    const commit = await store.global.append('global', commits.at(-1), {
      events: [event],
      actor,
      at: clock.now(),
      cause,
    });
    if (commit !== undefined) return true;
  }
}
