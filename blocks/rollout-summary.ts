import type { RolloutEvent } from '../src/rollout/events.ts';
import type { Environment, Rollout } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import { count, named } from './phrases.ts';
import { duration } from './times.ts';

/** The numbers of a finished rollout, a line an environment; those without a node to replace have none. */
export function summaryLines(
  { environments }: Pick<Rollout, 'environments'>,
  history: readonly RolloutEvent[],
): string[] {
  return environments.flatMap((environment) => {
    const { policy, waves } = environment;
    const nodes = waves.reduce(
      (sum, { phase }) => sum + (phase.name === 'complete' ? phase.replaced : 0),
      0,
    );
    if (nodes === 0) return [];
    const took = waves.flatMap((wave) => tookMs(wave, history) ?? []);
    const longest = took.length === 0 ? '' : `, ${timesText(took)} from the merge to the last node`;
    const of = waves.length > 1 ? ` in ${waves.length} waves` : '';
    return [
      `• *${named(policy.name)}*: ${count(nodes, 'node')}${of}${longest}${troubles(environment, history)}`,
    ];
  });
}

/** `46 min`, or of several waves `40 min to 46 min`. */
function timesText(took: readonly number[]): string {
  const [shortest, longest] = [Math.min(...took), Math.max(...took)];
  const [from, to] = [duration(shortest), duration(longest)];
  return from === to ? to : `${from} to ${to}`;
}

function tookMs({ environment, name, startedAt }: Wave, history: readonly RolloutEvent[]) {
  const last = history.find(
    (event) =>
      event.type === 'SoakStarted' && event.environment === environment && event.wave === name,
  );
  return last === undefined || startedAt === undefined ? undefined : last.at - startedAt;
}

/** What went otherwise than it should; nothing is said where all went well. */
function troubles({ policy, waves }: Environment, history: readonly RolloutEvent[]): string {
  const counted = (type: 'ReplacementStalled' | 'SoakBroken' | 'RolloutHalted') =>
    history.filter((event) => event.type === type && event.environment === policy.name).length;
  const later = waves.reduce(
    (sum, { phase }) => sum + (phase.name === 'complete' ? phase.tail.length : 0),
    0,
  );
  const parts = [
    [counted('ReplacementStalled'), 'stall'],
    [counted('SoakBroken'), 'broken soak'],
    [counted('RolloutHalted'), 'halt'],
  ] as const;
  const said = parts.flatMap(([number, what]) => (number === 0 ? [] : [count(number, what)]));
  if (later > 0) said.push(`${count(later, 'reason')} why nodes follow later`);
  return said.map((part) => `; ${part}`).join('');
}
