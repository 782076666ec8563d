import type { Rollout } from '../rollout/rollout.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { earliest, hour, minute, second } from '../shared/time.ts';
import { analyseRollout } from './analyse-rollout.ts';
import { look } from './look.ts';
import type { Pager } from './pager.ts';
import type { Head } from './ports/store.ts';
import { createPresence } from './presence.ts';
import { createRolloutLeases } from './rollout-leases.ts';
import type { Threads } from './thread.ts';
import type { World } from './world.ts';

/** How often the index of due rollouts is read. */
const pollEveryMs = 5 * second;
/** How long a look may go on before what it did is shown. */
const tellAfterMs = 3 * second;
/** Rollouts are looked at anew this often whatever the index says: the index is only a hint. */
const sweepEveryMs = hour;

/** Takes care of every open rollout: looks when it is due, and keeps its thread true. */
export type Caretaker = {
  /** Makes a rollout due now, for this process at once and for all others through the store. */
  wake(id: RolloutId): Promise<void>;
  /** Looks at one rollout now and returns when the look is over. */
  lookNow(id: RolloutId): Promise<void>;
  /** Runs until the signal aborts; what is under way is finished first. */
  run(signal: AbortSignal): Promise<void>;
};

type Watched = {
  /** `wakes` of the head when this process last looked. */
  wakes: number;
  /** When this process looks again by itself. */
  again: Instant;
};

export function createCaretaker(
  world: World,
  {
    owner,
    threads,
    pager,
  }: { readonly owner: string; readonly threads: Threads; readonly pager?: Pager },
): Caretaker {
  const { clock, store, journal, log } = world;
  const watched = new Map<RolloutId, Watched>();
  const busy = new Map<RolloutId, Promise<void>>();
  const analysing = new Set<RolloutId>();
  const presence = createPresence(world, owner);
  const leases = createRolloutLeases(world, owner, presence);
  let nudge: (() => void) | undefined;
  let lastSweep = clock.now();

  const syncThread = async (id: RolloutId, woken = false): Promise<Instant | undefined> => {
    try {
      return await threads.sync(id, { woken });
    } catch (cause) {
      log.warn({ rollout: id, cause }, 'thread not brought up to date');
      return clock.now() + 15 * second;
    }
  };

  /** Beside the look: nothing waits for the model. */
  const analyse = (rollout: Rollout): void => {
    const { id } = rollout;
    if (analysing.has(id)) return;
    analysing.add(id);
    const work = async () => {
      try {
        await analyseRollout(world, rollout);
        await caretaker.wake(id);
      } catch (cause) {
        log.warn({ rollout: id, cause }, 'analysis failed');
      } finally {
        analysing.delete(id);
      }
    };
    void work();
  };

  const lookOnce = async (
    id: RolloutId,
    head: Head | undefined,
    signal?: AbortSignal,
  ): Promise<void> => {
    const before = watched.get(id);
    const now = clock.now();
    const known = head ?? (await store.heads.read(id));
    if (known?.dueAt === undefined) return;
    // Somebody else wrote since: what we know may be old.
    const woken = before === undefined || known.wakes !== before.wakes;
    if (woken) await journal.refresh(id);
    const mine: Watched = before ?? { wakes: known.wakes, again: now };
    watched.set(id, mine);
    if (!(await leases.hold(known, now))) {
      mine.again = now + pollEveryMs;
      return;
    }
    mine.wakes = known.wakes;
    const over = new AbortController();
    const seen = await look(world, id, {
      analyse,
      changed: teller(id, over.signal),
      ...(signal === undefined ? {} : { signal }),
    }).finally(() => over.abort());
    if (seen === undefined) return;
    await pager?.attend(seen.rollout);
    const editAt = await syncThread(id, woken);
    mine.again = earliest(seen.again, editAt) ?? clock.now();
    await hintNext(id, mine, known, seen.again ?? editAt);
  };

  /** A look that takes long shows what it did meanwhile; of a short one the end is enough, and saves edits. */
  const teller = (id: RolloutId, over: AbortSignal): (() => void) => {
    let telling = false;
    const tell = async () => {
      telling = true;
      await clock.sleep(tellAfterMs, over);
      telling = false;
      if (!over.aborted) await syncThread(id);
    };
    return () => {
      if (!telling) void tell();
    };
  };

  /** Tells the index when to look again, but only when that is far away or never: nearby looks are kept in mind. */
  const hintNext = async (
    id: RolloutId,
    mine: Watched,
    known: Head,
    again: Instant | undefined,
  ): Promise<void> => {
    const { commits } = await journal.known(id);
    const sequence = commits.at(-1)?.sequence ?? 0;
    const far = again === undefined || again > clock.now() + 10 * minute;
    const dueNow = known.dueAt !== undefined && known.dueAt <= clock.now();
    if (again !== undefined && !far && dueNow) return;
    const dueAt = again === undefined ? undefined : far ? again : clock.now();
    if (known.dueAt === dueAt) return;
    const kept = await store.heads.hint(id, { wakes: mine.wakes, sequence, dueAt });
    if (kept && dueAt === undefined) {
      watched.delete(id);
      leases.forget(id);
      journal.forget(id);
      threads.forget(id);
      pager?.forget(id);
      world.sightings.forget(id);
    }
  };

  /** One look at a time for each rollout. */
  const lookAlone = (id: RolloutId, head?: Head, signal?: AbortSignal): Promise<void> => {
    const before = busy.get(id) ?? Promise.resolve();
    const next = before.then(() =>
      lookOnce(id, head, signal).catch((cause: unknown) => {
        log.warn({ rollout: id, cause }, 'look failed');
        const mine = watched.get(id);
        if (mine !== undefined) mine.again = clock.now() + 15 * second;
      }),
    );
    busy.set(id, next);
    void next.then(() => {
      if (busy.get(id) === next) busy.delete(id);
    });
    return next;
  };

  const isDue = (head: Head, now: Instant): boolean => {
    if (head.dueAt === undefined || busy.has(head.rollout)) return false;
    const mine = watched.get(head.rollout);
    if (mine === undefined || mine.wakes !== head.wakes) return head.dueAt <= now;
    return mine.again <= now;
  };

  const caretaker: Caretaker = {
    async wake(id) {
      await store.heads.wake(id, clock.now());
      nudge?.();
    },
    async lookNow(id) {
      await lookAlone(id);
    },
    async run(signal) {
      while (!signal.aborted) {
        try {
          const now = clock.now();
          await presence.show();
          const heads = await store.heads.open();
          const sweep = now - lastSweep >= sweepEveryMs;
          if (sweep) lastSweep = now;
          for (const head of heads) {
            if (sweep || isDue(head, now)) void lookAlone(head.rollout, head, signal);
          }
        } catch (cause) {
          log.warn({ cause }, 'due rollouts not read');
        }
        await nap(signal);
      }
      await Promise.all(busy.values());
      await presence.leave();
    },
  };

  /** Sleeps until the next poll, a look that falls due sooner, or a nudge. */
  const nap = async (signal: AbortSignal): Promise<void> => {
    const now = clock.now();
    const next = Math.min(now + pollEveryMs, ...[...watched.values()].map(({ again }) => again));
    const woken = new AbortController();
    nudge = () => woken.abort();
    await clock.sleep(Math.max(next - now, second), AbortSignal.any([signal, woken.signal]));
    nudge = undefined;
  };

  return caretaker;
}
