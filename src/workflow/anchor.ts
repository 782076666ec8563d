import type { AnchorEvent, AnchoredStream } from '../audit/anchored.ts';
import { dayOf } from '../audit/anchored.ts';
import { chainStart, commitHash } from '../shared/chain.ts';
import type { Clock } from '../shared/time.ts';
import { allStreams } from './all-streams.ts';
import type { Log } from './log.ts';
import type { AuditReads, DecisionStream } from './ports/records.ts';
import type { Commit } from './ports/store.ts';

/** An anchor as people are told of it: whoever keeps the hash elsewhere can prove the record by it. */
export type NewestAnchor = {
  readonly day: string;
  readonly hash: string;
  /** Streams it and those before it name. */
  readonly streams: number;
};

/** Streams that one anchor names at most, so that it stays far below what an item may hold; the rest comes next day. */
const mostStreams = 2_000;

/** Anchors the record once a day. What is anchored is checked first: an anchor must not make a change good. */
export type Anchoring = {
  /** Writes the anchor of the day unless it is written. @returns whether it did. */
  run(): Promise<boolean>;
  /** `undefined` before the first. */
  newest(): Promise<NewestAnchor | undefined>;
};

export function createAnchoring({
  records,
  clock,
  log,
}: {
  readonly records: Pick<AuditReads, 'records' | 'streamsDecided' | 'anchors' | 'heads'>;
  readonly clock: Clock;
  readonly log: Log;
}): Anchoring {
  let anchors: readonly Commit<AnchorEvent>[] = [];
  /** Read anew only as far as it grew: anchors are for ever. */
  const refresh = async () => {
    anchors = [
      ...anchors,
      ...(await records.anchors.loadAfter('anchors', anchors.at(-1)?.sequence ?? 0)),
    ];
    return anchors;
  };

  const newest = async (): Promise<NewestAnchor | undefined> => {
    await refresh();
    const last = anchors.at(-1);
    const event = last?.events.at(-1);
    if (last === undefined || event === undefined) return undefined;
    for await (const { commit } of records.records('anchors')) {
      if (commit?.sequence === last.sequence) {
        return { day: event.day, hash: commitHash(commit), streams: event.total };
      }
    }
    return undefined;
  };

  return {
    newest,
    async run() {
      const day = dayOf(clock.now());
      if (lastDay(anchors) === day) return false;
      await refresh();
      if (lastDay(anchors) === day) return false;
      const marks = new Map(
        anchors
          .flatMap(({ events }) => events)
          .flatMap(({ streams }) => streams)
          .map((mark) => [mark.stream, mark]),
      );
      const grown: AnchoredStream[] = [];
      const broken: string[] = [];
      for (const stream of await candidates(records, clock.now(), anchors, marks)) {
        const state = await stateOf(records, stream, marks.get(stream));
        if (state === 'broken') broken.push(stream);
        else if (state !== undefined && grown.length < mostStreams) grown.push(state);
      }
      if (broken.length > 0) {
        log.error(
          { streams: broken },
          'records are not as they were written: amiable audit verify',
        );
      }
      const total = new Set([...marks.keys(), ...grown.map(({ stream }) => stream)]).size;
      const at = clock.now();
      const event: AnchorEvent = {
        type: 'Anchored',
        day,
        streams: grown,
        ...(broken.length === 0 ? {} : { broken }),
        total,
        at,
      };
      const written = await records.anchors.append('anchors', anchors.at(-1), {
        events: [event],
        actor: { kind: 'amiable' },
        at,
      });
      // Another replica came first: its anchor is as good.
      if (written === undefined) return false;
      // The log is one more place that keeps the hash.
      const { hash } = (await newest()) ?? {};
      log.info({ day, hash, streams: total, grown: grown.length }, 'record anchored');
      return true;
    },
  };
}

function lastDay(anchors: readonly Commit<AnchorEvent>[]): string | undefined {
  return anchors.at(-1)?.events.at(-1)?.day;
}

/** Streams known to an anchor, and those that may have begun since the last one. */
async function candidates(
  records: Pick<AuditReads, 'streamsDecided' | 'heads'>,
  now: number,
  anchors: readonly Commit<AnchorEvent>[],
  marks: ReadonlyMap<string, AnchoredStream>,
): Promise<readonly DecisionStream[]> {
  // A day more: the index may have been behind when the last anchor was made.
  const last = anchors.at(-1);
  const since = last === undefined ? undefined : dayOf(last.at - 24 * 3_600_000).slice(0, 7);
  const found = await allStreams(records, now, since);
  return [...new Set([...(marks.keys() as Iterable<DecisionStream>), ...found])].sort();
}

/** What is to be anchored of a stream; `undefined`: nothing new. Its new records must follow from those anchored. */
async function stateOf(
  records: Pick<AuditReads, 'records'>,
  stream: DecisionStream,
  mark: AnchoredStream | undefined,
): Promise<AnchoredStream | 'broken' | undefined> {
  let place = 0;
  let hash = chainStart;
  for await (const { key, commit } of records.records(stream)) {
    place += 1;
    if (commit === undefined || Number(key) !== place || commit.previous !== hash) return 'broken';
    hash = commitHash(commit);
    if (mark?.sequence === place && mark.hash !== hash) return 'broken';
  }
  if (place < (mark?.sequence ?? 0)) return 'broken';
  return place === (mark?.sequence ?? 0) ? undefined : { stream, sequence: place, hash };
}
