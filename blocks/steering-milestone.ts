import type { EventOf } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed } from '../src/rollout/rollout.ts';
import { expediteText } from './expedite.ts';
import type { Milestone } from './milestone-line.ts';
import { loud, quiet } from './milestone-line.ts';
import { nameOf } from './names.ts';
import { listed, named, quoted } from './phrases.ts';
import { localTime } from './times.ts';

/** How people hurried, held or turned back a rollout, in the thread. */
export function steeringMilestone(
  event: EventOf<
    | 'Snoozed'
    | 'SnoozeEnded'
    | 'ExpediteRequested'
    | 'EnvironmentExpedited'
    | 'RolloutPaused'
    | 'RolloutResumed'
    | 'RolloutSwitched'
    | 'RollbackRequested'
  >,
  rollout: Rollout,
  names: ReadonlyMap<string, string>,
): Milestone | undefined {
  const by = (person: string) => nameOf(names, person);
  switch (event.type) {
    case 'Snoozed': {
      const why = event.why === undefined ? '' : `: ${quoted(event.why, 500)}`;
      return quiet(`${by(event.by)} snoozed this until ${localTime(event.until)}${why}.`);
    }
    case 'SnoozeEnded':
      return quiet(
        event.by === undefined ? 'The snooze is over.' : `${by(event.by)} ended the snooze.`,
      );
    case 'ExpediteRequested': {
      const { lapsed = [] } = event;
      const without =
        lapsed.length === 0
          ? ''
          : ` The earlier request of ${lapsed.map(by).join(' and ')} is void: they may no longer.`;
      return quiet(
        `${by(event.by)} asks for the fast lane of *${named(event.environment)}*: ${quoted(event.reason, 1000)}.${without}`,
      );
    }
    case 'EnvironmentExpedited': {
      const expedite = environmentNamed(rollout, event.environment)?.expedite;
      if (expedite === undefined) return undefined;
      return loud(expediteText(event.environment, expedite, names));
    }
    case 'RolloutPaused': {
      const why = event.reason === undefined ? '' : `: ${quoted(event.reason, 1000)}`;
      const back = rollout.rollback === undefined ? '' : ' The way back goes on.';
      return quiet(`${by(event.by)} paused the rollout${why}.${back}`);
    }
    case 'RolloutResumed':
      return quiet(`${by(event.by)} resumed the rollout.`);
    case 'RolloutSwitched':
      return quiet(
        `${by(event.by)} switched to ${named(event.to)}, which gets a card of its own. Nothing more of this release is merged; what moved is followed, and can be rolled back.`,
      );
    case 'RollbackRequested': {
      const clusters = listed(
        event.recoveries.flatMap((one) => one.clusters),
        6,
      );
      const to = listed([...new Set(event.recoveries.map((one) => one.to))]);
      const out = listed(event.leftOut.map(({ cluster, why }) => `${cluster} (${why})`));
      const rest = event.leftOut.length === 0 ? '' : ` Left out: ${out}.`;
      return loud(
        `${by(event.by)} asked to roll back ${clusters} to ${to}: ${quoted(event.reason, 1000)}.${rest}`,
      );
    }
  }
}
