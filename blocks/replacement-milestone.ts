import type { EventOf } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed, waveNamed } from '../src/rollout/rollout.ts';
import { withLocalTimes } from './blockers.ts';
import type { Milestone } from './milestone-line.ts';
import { loud, quiet } from './milestone-line.ts';
import { nameOf } from './names.ts';
import { clause, count, named, quoted } from './phrases.ts';
import { duration, localTime } from './times.ts';

/** What becomes of the nodes of a wave, in the thread; `undefined` for what the card tells alone. */
export function replacementMilestone(
  event: EventOf<
    | 'SyncRequested'
    | 'ReplacementStalled'
    | 'ReplacementResumed'
    | 'SoakStarted'
    | 'SoakBroken'
    | 'WaveCompleted'
    | 'WindowEnded'
    | 'RolloutHalted'
  >,
  rollout: Rollout,
  names: ReadonlyMap<string, string>,
): Milestone | undefined {
  const by = (person: string) => nameOf(names, person);
  switch (event.type) {
    case 'SyncRequested':
      return quiet(
        `${by(event.by)} asked Argo CD to sync the EC2NodeClass in *${named(event.cluster)}*, and nothing else.`,
      );
    case 'ReplacementStalled':
      return loud(stalledText(event, rollout));
    case 'ReplacementResumed':
      return quiet(`*${named(event.environment)}* moves again.`);
    case 'SoakStarted': {
      const run = `${count(event.total, 'node')} ${event.total === 1 ? 'runs' : 'run'}`;
      const started = waveNamed(rollout, event.environment, event.wave)?.startedAt;
      const took = started === undefined ? '' : ` in ${duration(event.at - started)}`;
      const soak = event.until > event.at ? ` Soak until ${localTime(event.until)}.` : '';
      const { tail = [] } = event;
      const left =
        tail.length === 0
          ? ''
          : ` ${event.asks === true ? 'Nodes that cannot move yet' : 'Goes on without nodes that cannot move yet'}: ${withLocalTimes(clause(tail.join('; '), 900))}.`;
      const question =
        event.asks === true
          ? ' Shall it go on without them? Until somebody resumes the rollout, or rolls it back, nothing more is merged.'
          : '';
      return (event.asks === true ? loud : quiet)(
        `${waveTitle(rollout, event)} done: ${run} ${named(targetOf(rollout, event))}${took}.${left}${question}${soak}`,
      );
    }
    case 'SoakBroken':
      return loud(
        `The soak of *${named(event.environment)}* broke: ${quoted(event.because)}. It starts again from the beginning once all is well.`,
      );
    case 'WaveCompleted':
      // The end of the soak shows on the card; only what was not proven has to be said.
      return event.proven
        ? undefined
        : quiet(
            `${waveTitle(rollout, event)}: ${unprovenText(event)}, so nothing is proven there.`,
          );
    case 'WindowEnded':
      return loud(
        `The window of *${named(event.environment)}* ended while nodes were being replaced. Nothing more is merged until somebody resumes the rollout, or rolls back; ${event.next === 'brake' ? 'old nodes are held where the cluster permits it' : 'nodes that are due are still replaced'}.`,
      );
    case 'RolloutHalted': {
      const why = clause(event.evidence.join('; '), 900);
      return loud(
        `*${named(event.environment)}* is halted, since a check of its health is breached. ${why}. Nothing more is merged until somebody resumes the rollout or rolls it back; old nodes are held where the cluster permits it.`,
      );
    }
  }
}

function stalledText(event: EventOf<'ReplacementStalled'>, rollout: Rollout): string {
  const patience = environmentNamed(rollout, event.environment)?.policy.stallAfterMs ?? 0;
  const why =
    event.blockers.length === 0
      ? 'Nothing known holds its nodes'
      : withLocalTimes(clause(event.blockers.join('; '), 900));
  return `*${named(event.environment)}* is stalled: no node finished for ${duration(patience)}. ${why}. It goes on by itself once the way is free; it can also be rolled back.`;
}

function unprovenText({ replaced }: EventOf<'WaveCompleted'>): string {
  return replaced === 0
    ? '0 nodes to replace'
    : `${count(replaced, 'node')} replaced, fewer than its soak asks for`;
}

function waveTitle(
  rollout: Rollout,
  { environment, wave: name }: { readonly environment: string; readonly wave: string },
): string {
  const found = environmentNamed(rollout, environment);
  const wave = waveNamed(rollout, environment, name);
  if (wave?.recovery !== undefined) return `Way back of *${named(environment)}*`;
  const all = found?.waves ?? [];
  const index = all.findIndex((one) => one.name === name) + 1;
  return all.length > 1
    ? `*${named(environment)}*, wave ${index} of ${all.length}`
    : `*${named(environment)}*`;
}

function targetOf(
  rollout: Rollout,
  { environment, wave }: { readonly environment: string; readonly wave: string },
): string {
  return waveNamed(rollout, environment, wave)?.recovery?.to ?? rollout.release;
}
