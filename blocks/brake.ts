import type { EventOf, RolloutEvent } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import type { Milestone } from './milestone-line.ts';
import { loud, quiet } from './milestone-line.ts';
import { nameOf } from './names.ts';
import { count, listed, named, quoted } from './phrases.ts';

type BrakeEvent = Extract<RolloutEvent, { type: `Brake${string}` }>;

/** What no brake stops; said before it is pressed and while it holds. */
export const brakeLeaves =
  'Nodes that Karpenter has chosen already finish; expiry, interruption, repair and scale-up still launch the new image.';

/** What somebody types who has the right that we lack. */
const byHand = '`kubectl annotate node <name> karpenter.sh/do-not-disrupt=true`';

/** One line of the thread for each step of a brake. */
export function brakeMilestone(event: BrakeEvent, names: ReadonlyMap<string, string>): Milestone {
  switch (event.type) {
    case 'BrakeSet': {
      const why = event.reason === undefined ? '' : `: ${quoted(event.reason, 1000)}`;
      const who = event.by === undefined ? 'The brake is set' : `${nameOf(names, event.by)} braked`;
      const where = listed(event.clusters, 6);
      return (event.by === undefined ? quiet : loud)(
        `${who}${event.by === undefined ? ` in ${where}` : ` ${where}`}${why}. Its old nodes are being held. ${brakeLeaves}`,
      );
    }
    case 'BrakeObserved':
      return event.refused === undefined
        ? quiet(heldText(event))
        : loud(refusedText(event, event.refused));
    case 'BrakeReleased':
      return quiet(
        `*${named(event.cluster)}*: the brake is off${event.nodes === 0 ? '' : `; ${count(event.nodes, 'old node')} may be replaced again`}.`,
      );
  }
}

function heldText({ cluster, held, moving }: EventOf<'BrakeObserved'>): string {
  if (held === 0 && moving === 0) return `*${named(cluster)}*: no old node was left to hold.`;
  return `*${named(cluster)}*: ${count(held, 'old node')} held. ${movingText(moving)}`;
}

function refusedText({ cluster }: EventOf<'BrakeObserved'>, refused: string): string {
  return `*${named(cluster)}* is *not* braked: it does not permit it (${quoted(refused, 300)}). Its old nodes keep being replaced. Who may: ${byHand}; or apply infra/kubernetes/brake.yaml there, and it is tried again within a minute.`;
}

function movingText(moving: number): string {
  if (moving === 0) return 'None was chosen for replacement yet.';
  return `${count(moving, 'old node')} ${moving === 1 ? 'was' : 'were'} chosen already and ${moving === 1 ? 'finishes' : 'finish'}.`;
}

/** For the card, while something is held or should be; `undefined` when there is no brake. Escaped. */
export function brakeText({ brake, rollback }: Rollout): string | undefined {
  if (brake === undefined) return undefined;
  if (brake.releasing) return `The brake is being released in ${listed(brake.clusters, 6)}.`;
  const lines = brake.clusters.slice(0, 6).map((cluster) => {
    const seen = brake.observed[cluster];
    if (seen === undefined) return `${named(cluster)}: being set`;
    if (seen.refused !== undefined)
      return `${named(cluster)}: *not permitted*, so old nodes keep being replaced`;
    if (seen.held === 0 && seen.moving === 0) return `${named(cluster)}: no old node left to hold`;
    const moving = seen.moving === 0 ? '' : `, ${seen.moving} chosen already`;
    return `${named(cluster)}: ${count(seen.held, 'old node')} held${moving}`;
  });
  const rest = brake.clusters.length > 6 ? `, and ${brake.clusters.length - 6} more` : '';
  const until =
    rollback === undefined
      ? 'Resuming lets them go.'
      : 'They are let go once the cluster says the earlier image again.';
  return `Brake: ${lines.join('; ')}${rest}. ${brakeLeaves} ${until}`;
}
