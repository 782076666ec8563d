import type { Fact } from '../src/analysis/types.ts';
import type { RolloutEvent } from '../src/rollout/events.ts';
import { evolve, rolloutOf } from '../src/rollout/evolve.ts';
import type { Environment, Rollout } from '../src/rollout/rollout.ts';
import { wavesOf } from '../src/rollout/rollout.ts';
import { isoOf } from '../src/shared/time.ts';
import { milestoneOf } from './milestone.ts';
import { nameOf } from './names.ts';
import { environmentText, stateOf } from './state.ts';
import { duration } from './times.ts';

/** Most milestones that a question is answered from: the newest. */
const mostEvents = 60;

/**
 * A rollout's own record as facts: `D` where it stands now and under which rules, `E` what happened, in order. What
 * quotes people, GitHub or a cluster is untrusted.
 */
export function recordFacts(
  rollout: Rollout,
  history: readonly RolloutEvent[],
  names: ReadonlyMap<string, string>,
): readonly Fact[] {
  return [...standing(rollout, names), ...happened(rollout, history, names)];
}

function standing(rollout: Rollout, names: ReadonlyMap<string, string>): readonly Fact[] {
  const { release, environments, paused, snoozed, openedAt } = rollout;
  const texts: Omit<Fact, 'id'>[] = [
    {
      text: `The rollout of ${release} is in the state: ${stateOf(rollout).word}. It was opened ${when(openedAt)}.`,
    },
    ...environments.flatMap((environment) => environmentFacts(rollout, environment)),
    ...(paused === undefined
      ? []
      : [{ text: plainText(`The rollout is paused by ${nameOf(names, paused.by)}.`) }]),
    ...(snoozed === undefined
      ? []
      : [{ text: `The rollout is snoozed until ${when(snoozed.until)}.` }]),
  ];
  return texts.map((fact, i) => ({ id: `D${i + 1}`, ...fact }));
}

function environmentFacts(rollout: Rollout, environment: Environment): Omit<Fact, 'id'>[] {
  const { policy, ask, replaces } = environment;
  const { count } = policy.approval;
  const after = policy.after.length === 0 ? '' : ` It comes after ${policy.after.join(' and ')}.`;
  const soak = policy.soakMs === 0 ? 'no soak' : `a soak of ${duration(policy.soakMs)}`;
  const until = ask === undefined ? '' : ` The question stands until ${when(ask.expiresAt)}.`;
  const clusters = replaces.map(({ cluster, release }) => `${cluster} from ${release}`);
  return [
    { text: `${policy.name} now: ${environmentText(rollout, environment)}.${until}` },
    {
      text: `${policy.name} needs ${count} ${count === 1 ? 'approval' : 'approvals'}, has ${soak} and mode ${policy.mode}.${after}`,
    },
    {
      text: `${policy.name} moves ${clusters.length} ${clusters.length === 1 ? 'cluster' : 'clusters'}: ${clusters.slice(0, 6).join(', ')}${clusters.length > 6 ? ' and more' : ''}.`,
    },
    ...wavesOf(environment).flatMap(({ name, stalled }) =>
      stalled === undefined
        ? []
        : [
            {
              text: `${policy.name} ${name} is stalled since ${when(stalled.since)}, because of: ${stalled.blockers.join('; ')}.`,
              untrusted: true as const,
            },
          ],
    ),
  ];
}

function happened(
  { id }: Rollout,
  history: readonly RolloutEvent[],
  names: ReadonlyMap<string, string>,
): readonly Fact[] {
  const facts: Fact[] = [];
  let state: Rollout | undefined;
  for (const event of history) {
    state = state === undefined ? rolloutOf(id, [event]) : evolve(state, event);
    const milestone = state === undefined ? undefined : milestoneOf(event, state, names);
    if (milestone === undefined) continue;
    const text = `${when(event.at)}: ${plainText(milestone.text)}`;
    facts.push({
      id: `E${facts.length + 1}`,
      text,
      ...(quotes(event) ? { untrusted: true as const } : {}),
    });
  }
  return facts.slice(-mostEvents);
}

/** Whether an event carries words that are not ours. */
function quotes(event: RolloutEvent): boolean {
  return ['reason', 'note', 'why', 'detail', 'blockers', 'because', 'leftOut'].some(
    (key) => key in event,
  );
}

function when(at: number): string {
  return isoOf(at)
    .replace('T', ' ')
    .replace(/:\d\dZ$/, ' UTC');
}

/** What Slack would show of a line of ours: its fact is told to a model, and escaped anew where it is shown. */
function plainText(mrkdwn: string): string {
  return mrkdwn
    .replace(/<[^>|]*\|([^>]*)>/g, '$1')
    .replace(/[*_`\u2060]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
