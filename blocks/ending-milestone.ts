import type { EventOf } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { hasMerged } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import type { Milestone } from './milestone-line.ts';
import { loud, quiet } from './milestone-line.ts';
import { count, listed, named, quoted } from './phrases.ts';
import { duration } from './times.ts';

/** How a rollout ended, in the thread. */
export function endingMilestone(
  event: EventOf<
    'RolloutSuperseded' | 'ReleaseRecalled' | 'RolloutCompleted' | 'RolloutRolledBack'
  >,
  rollout: Rollout,
): Milestone {
  switch (event.type) {
    case 'RolloutSuperseded':
      return quiet(
        `Superseded by ${named(event.by)}, which has a card of its own.${hasMerged(rollout) ? '' : ' No nodes moved.'}`,
      );
    case 'ReleaseRecalled': {
      const rest = hasMerged(rollout)
        ? 'Nothing more of it is merged; what moved is followed, and can be rolled back.'
        : 'The proposal is withdrawn; no nodes moved.';
      return loud(
        `${named(rollout.release)} was taken back: ${quoted(event.reason, 500)}. ${rest}`,
      );
    }
    case 'RolloutCompleted':
      return quiet(completedText(rollout));
    case 'RolloutRolledBack':
      return loud(rolledBackText(rollout));
  }
}

function completedText({ environments, openedAt, outcome, release, pinsCluster }: Rollout): string {
  if (pinsCluster !== undefined)
    return `*Complete*: ${named(pinsCluster)} is pinned to ${named(release)}.`;
  const waves = environments.flatMap((environment) => environment.waves);
  const took = duration((outcome?.at ?? openedAt) - openedAt);
  return `*Complete*: ${count(nodesReplaced(waves), 'node')} in ${count(waves.length, 'wave')}, complete ${took} after its first card.`;
}

function rolledBackText({ environments, rollback, outcome }: Rollout): string {
  const back = environments.flatMap(({ recoveries }) => recoveries);
  if (back.length === 0 || rollback === undefined || outcome === undefined) return '*Rolled back*.';
  const to = listed([...new Set(back.flatMap(({ recovery }) => recovery?.to ?? []))]);
  const where = listed([...new Set(back.flatMap(({ clusters }) => clusters))], 6);
  return `*Rolled back*: ${count(nodesReplaced(back), 'node')} of ${where} back on ${to}, ${duration(outcome.at - rollback.at)} after it was asked for.`;
}

function nodesReplaced(waves: readonly Wave[]): number {
  return waves.reduce(
    (sum, { phase }) => sum + (phase.name === 'complete' ? phase.replaced : 0),
    0,
  );
}
