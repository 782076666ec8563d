import type { Environment } from '../src/rollout/rollout.ts';
import { notHandledSum, notHandledText } from '../src/tracking/not-handled-text.ts';
import type { Room } from '../src/tracking/room.ts';
import type { NotHandled } from '../src/tracking/types.ts';
import type { VcpuCharge } from '../src/tracking/vcpu-kind.ts';
import { count, listed } from './phrases.ts';
import { peakText, scarceTexts } from './room.ts';
import { duration } from './times.ts';
import { enoughQuotaText, scarceQuotaTexts, takenQuotas } from './vcpu-quotas.ts';
import { volumesText } from './volumes.ts';

/** What replacing a cluster's nodes would mean. */
export type ForecastLine = {
  readonly at: number;
  readonly notChecked?: readonly string[];
  readonly notHandled?: NotHandled;
  readonly room?: Room;
  readonly forecast?: {
    readonly nodes: number;
    readonly pods?: number;
    readonly workloads?: number;
    readonly singleReplica?: readonly string[];
    readonly withVolume?: number;
    readonly boundTo?: ReadonlyMap<string, number>;
    readonly doNotDisrupt?: readonly string[];
    readonly blockingBudgets?: readonly string[];
    readonly changeADay?: number;
    readonly startsAt?: number;
    readonly endsAt?: { readonly p50: number; readonly p80: number };
    readonly shutPools: readonly string[];
    readonly surge: readonly {
      readonly nodePool: string;
      readonly nodes: number;
      readonly cpu?: number;
      readonly vcpu?: readonly VcpuCharge[];
      readonly beyondLimits: readonly string[];
    }[];
  };
};

/**
 * What an environment's replacement would mean, in sentences: how much moves, how long it takes by the budgets, and what
 * stands in the way already. Nothing known: no text, since an empty forecast would look like an easy one.
 */
export function forecastText(
  { waves, policy }: Environment,
  forecasts: ReadonlyMap<string, ForecastLine>,
): string | undefined {
  const names = waves.flatMap(({ clusters }) => clusters);
  const known = names.flatMap((name) => {
    const line = forecasts.get(name);
    return line?.forecast === undefined ? [] : [{ name, ...line, forecast: line.forecast }];
  });
  if (known.length === 0)
    return names.some((name) => forecasts.has(name))
      ? `Forecast: not known, since ${names.length === 1 ? 'the cluster does' : 'the clusters do'} not answer.`
      : undefined;
  const told = known.map(({ forecast }) => forecast);
  const sum = (amount: (one: (typeof told)[number]) => number) =>
    told.reduce((total, one) => total + amount(one), 0);
  const podsKnown = told.every(({ pods }) => pods !== undefined);
  const pods = podsKnown
    ? `, with ${count(
        sum(({ pods: its = 0 }) => its),
        'pod',
      )} of ${count(
        sum(({ workloads = 0 }) => workloads),
        'workload',
      )}`
    : '';
  const sentences = [
    `Forecast: ${count(
      sum(({ nodes }) => nodes),
      'node',
    )} to replace${pods}`,
  ];
  const time = timeText(waves, known, policy.soakMs + policy.stableForMs);
  if (time !== undefined) sentences.push(time);
  const byWave = waves.map(({ clusters }) => known.filter(({ name }) => clusters.includes(name)));
  const peak = peakText(byWave);
  if (peak !== undefined) sentences.push(`${peak}${enoughQuotaText(byWave)}`);
  const shut = known.flatMap(({ name, forecast }) =>
    forecast.shutPools.map((pool) => `${name}/${pool}`),
  );
  if (shut.length > 0) sentences.push(`budgets never open for ${listed(shut, 3)}`);
  const budgets = told.flatMap(({ blockingBudgets = [] }) => blockingBudgets);
  if (budgets.length > 0)
    sentences.push(`blocked now by PodDisruptionBudget ${listed([...new Set(budgets)], 3)}`);
  const held = sum(({ doNotDisrupt = [] }) => doNotDisrupt.length);
  if (held > 0) sentences.push(`${count(held, 'pod')} with karpenter.sh/do-not-disrupt`);
  const single = sum(({ singleReplica = [] }) => singleReplica.length);
  if (single > 0) sentences.push(`${count(single, 'workload')} with one pod, away while it moves`);
  const volumes = volumesText(told);
  if (volumes !== undefined) sentences.push(volumes);
  const limits = known.flatMap(({ name, forecast }) =>
    forecast.surge
      .filter(({ beyondLimits }) => beyondLimits.length > 0)
      .map(({ nodePool }) => `${name}/${nodePool}`),
  );
  if (limits.length > 0) sentences.push(`too little room in the limits of ${listed(limits, 3)}`);
  sentences.push(...scarceQuotaTexts(takenQuotas(byWave)).slice(0, 2));
  sentences.push(...known.flatMap(scarceTexts).slice(0, 2));
  const change = sum(({ changeADay = 0 }) => changeADay);
  if (change > 0)
    sentences.push(`about ${count(change, 'node')} a day change regardless of budgets`);
  const others = notHandledText(notHandledSum(known.flatMap((one) => one.notHandled ?? [])));
  if (others !== undefined) sentences.push(`and ${others} not handled`);
  const missing = [
    ...new Set(known.flatMap(({ notChecked = [] }) => notChecked)),
    ...(known.length < names.length ? [count(names.length - known.length, 'cluster')] : []),
  ];
  // all of them: what is cut off would look as if it had been checked
  if (missing.length > 0) sentences.push(`not checked: ${listed(missing, missing.length)}`);
  return `${sentences.join('; ')}.`;
}

/** Waves run one after another, the clusters of a wave side by side. */
function timeText(
  waves: Environment['waves'],
  known: readonly {
    readonly name: string;
    readonly at: number;
    readonly forecast: NonNullable<ForecastLine['forecast']>;
  }[],
  betweenMs: number,
): string | undefined {
  let likely = 0;
  let late = 0;
  for (const [i, { clusters }] of waves.entries()) {
    const its = known.filter(({ name }) => clusters.includes(name));
    if (its.some(({ forecast }) => forecast.nodes > 0 && forecast.endsAt === undefined))
      return undefined;
    const longest = (end: 'p50' | 'p80') =>
      Math.max(0, ...its.map(({ at, forecast }) => (forecast.endsAt?.[end] ?? at) - at));
    const pause = i < waves.length - 1 ? betweenMs : 0;
    likely += longest('p50') + pause;
    late += longest('p80') + pause;
  }
  if (late === 0) return undefined;
  return `${duration(likely)} to ${duration(late)} by the budgets if it began now`;
}
