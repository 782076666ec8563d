import type { Instant } from '../shared/time.ts';
import type { RolloutEvent } from './events.ts';

/** How long the parts of a wave's way took, in ms; what is not on record is absent. */
export type RecordedPace = {
  readonly environment: string;
  /** It led back, as a rollback would again. */
  readonly back: boolean;
  /** From the pull request to its merge: checks, for most. */
  readonly mergeMs?: number;
  /** From the merge until every cluster's EC2NodeClass said it. */
  readonly deliverMs?: number;
  /** From then until the last node was replaced. */
  readonly replaceMs?: number;
  readonly nodes?: number;
};

type Marks = {
  opened?: Instant;
  merged?: Instant;
  synced?: Instant;
  done?: Instant;
  nodes?: number;
};

/** What a rollout's record says of the pace of each of its waves. */
export function recordedPace(events: readonly RolloutEvent[]): readonly RecordedPace[] {
  const waves = new Map<string, { environment: string; back: boolean; marks: Marks }>();
  const back = new Set<string>();
  const of = (event: { readonly environment: string; readonly wave: string }): Marks => {
    const key = `${event.environment}/${event.wave}`;
    const known = waves.get(key);
    if (known !== undefined) return known.marks;
    const { environment } = event;
    const fresh = { environment, back: back.has(key), marks: {} as Marks };
    waves.set(key, fresh);
    return fresh.marks;
  };
  for (const event of events) {
    // A chain of ifs, as most events say nothing of the pace.
    if (event.type === 'RollbackRequested') {
      for (const one of event.recoveries) back.add(`${one.environment}/${one.wave}`);
    } else if (event.type === 'PullRequestOpened') of(event).opened ??= event.at;
    else if (event.type === 'PullRequestMerged') of(event).merged = event.at;
    else if (event.type === 'SyncObserved') of(event).synced = event.at;
    else if (event.type === 'SoakStarted') {
      // a soak that broke and began anew says nothing of it either
      of(event).done ??= event.at;
      of(event).nodes ??= event.total;
    }
  }
  return [...waves.values()].map(({ environment, back: isBack, marks }) => {
    const { opened, merged, synced, done, nodes } = marks;
    return {
      environment,
      back: isBack,
      ...between('mergeMs', opened, merged),
      ...between('deliverMs', merged, synced),
      ...between('replaceMs', synced, done),
      ...(nodes === undefined ? {} : { nodes }),
    };
  });
}

function between<Name extends string>(name: Name, from?: Instant, to?: Instant) {
  return from === undefined || to === undefined || to < from
    ? {}
    : ({ [name]: to - from } as Record<Name, number>);
}
