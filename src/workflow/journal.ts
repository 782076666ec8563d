import { refusalOnRecord } from '../rollout/attempt-on-record.ts';
import type { Command } from '../rollout/command.ts';
import { decide } from '../rollout/decide.ts';
import type { Decision } from '../rollout/decision.ts';
import type { RolloutEvent } from '../rollout/events.ts';
import { evolve, rolloutOf } from '../rollout/evolve.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Actor, Commit, RolloutLog } from './ports/store.ts';

/** A rollout as this process last knew it, with the stream it was folded from. */
export type Known = {
  readonly rollout: Rollout | undefined;
  readonly commits: readonly Commit<RolloutEvent>[];
};

export type Execution = Decision & {
  readonly rollout: Rollout | undefined;
  /** Whether this call stored anything. */
  readonly stored: boolean;
};

/**
 * Streams of rollouts, read once and kept: what others append is noticed at the next append or refresh, because the
 * write is conditional on the sequence.
 */
export type Journal = {
  /** As last known; reads the store only the first time. */
  known(id: RolloutId): Promise<Known>;
  /** Reads what others have appended since. */
  refresh(id: RolloutId): Promise<Known>;
  /** Decides and appends; decides anew when another writer came first. `cause` makes a second delivery a no-op. */
  execute(
    id: RolloutId,
    command: Command,
    by: { readonly actor: Actor; readonly cause?: string },
  ): Promise<Execution>;
  /** Lets go of a rollout that is closed. */
  forget(id: RolloutId): void;
};

/** More lost races than this in a row mean that something is wrong. */
const maxRaces = 25;

export function createJournal(log: RolloutLog): Journal {
  const kept = new Map<RolloutId, Known>();

  const fold = (id: RolloutId, before: Known, more: readonly Commit<RolloutEvent>[]): Known => {
    if (more.length === 0) return before;
    const events = more.flatMap((commit) => commit.events);
    const rollout =
      before.rollout === undefined ? rolloutOf(id, events) : events.reduce(evolve, before.rollout);
    const known = { rollout, commits: [...before.commits, ...more] };
    // Two calls may have read at the same time: the longer stream is the newer one.
    if (known.commits.length >= (kept.get(id)?.commits.length ?? 0)) kept.set(id, known);
    return known;
  };

  const load = async (id: RolloutId): Promise<Known> =>
    fold(id, { rollout: undefined, commits: [] }, await log.load(id));

  const journal: Journal = {
    async known(id) {
      return kept.get(id) ?? (await load(id));
    },
    async refresh(id) {
      const before = kept.get(id);
      if (before === undefined) return load(id);
      const last = before.commits.at(-1)?.sequence ?? 0;
      return fold(id, before, await log.loadAfter(id, last));
    },
    async execute(id, command, { actor, cause }) {
      let known = await journal.known(id);
      for (let race = 0; race < maxRaces; race += 1) {
        const { rollout, commits } = known;
        const before = commits.find((commit) => cause !== undefined && commit.cause === cause);
        if (before !== undefined) {
          // Whoever was turned down right before a crash hears so, and not that it is so already.
          const refusal = refusalOnRecord(before.events);
          return { events: [], rollout, stored: false, ...(refusal && { refusal }) };
        }
        const decision = decide(rollout, command);
        if (decision.events.length === 0) return { ...decision, rollout, stored: false };
        const commit = await log.append(id, commits.at(-1), {
          events: decision.events,
          actor,
          at: command.now,
          ...(cause === undefined ? {} : { cause }),
        });
        if (commit !== undefined) {
          return { ...decision, rollout: fold(id, known, [commit]).rollout, stored: true };
        }
        known = await journal.refresh(id);
      }
      throw new Error(`${id}: ${maxRaces} writers came first, one after the other`);
    },
    forget(id) {
      kept.delete(id);
    },
  };
  return journal;
}
