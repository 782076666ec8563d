import type { ForecastLine } from './forecast.ts';
import { count, listed, named } from './phrases.ts';
import { roomText } from './room.ts';
import { localTime } from './times.ts';
import { volumesText } from './volumes.ts';

/** Names of one kind that a line has room for. */
const mostNames = 10;

/** All that is known of what replacing one cluster's nodes would mean, a line a fact. */
export function forecastDetails(cluster: string, line: ForecastLine): string | undefined {
  const { forecast, room, notChecked = [], at } = line;
  if (forecast === undefined) return undefined;
  const { nodes, pods, workloads, endsAt, startsAt } = forecast;
  const moving =
    pods === undefined || workloads === undefined
      ? ''
      : `, ${count(pods, 'pod')} of ${count(workloads, 'workload')}`;
  const left = room === undefined ? undefined : roomText(room);
  const facts: (readonly [string, string | undefined])[] = [
    ['By the budgets, if it began then', endsText(startsAt, endsAt)],
    ['Budgets never open for', names(forecast.shutPools)],
    ['New nodes at once', forecast.surge.map(poolText).join(', ')],
    ['PodDisruptionBudgets that allow nothing', names(forecast.blockingBudgets)],
    ['Pods with karpenter.sh/do-not-disrupt', names(forecast.doNotDisrupt)],
    ['Workloads with one pod', names(forecast.singleReplica)],
    ['Volumes', volumesText([forecast])],
    ['Nodes that change a day regardless of budgets', amount(forecast.changeADay)],
    ['Left in AWS', left],
    ['Not checked', notChecked.length === 0 ? undefined : notChecked.map(named).join(', ')],
  ];
  return [
    `*${named(cluster)}*: ${count(nodes, 'node')} to replace${moving}, as seen ${localTime(at)}`,
    ...facts.flatMap(([what, told]) =>
      told === undefined || told === '' ? [] : [`• ${what}: ${told}`],
    ),
  ].join('\n');
}

function names(all: readonly string[] | undefined): string | undefined {
  return all === undefined || all.length === 0 ? undefined : listed(all, mostNames);
}

function amount(number: number | undefined): string | undefined {
  return number === undefined || number === 0 ? undefined : String(number);
}

function endsText(
  startsAt: number | undefined,
  endsAt: { readonly p50: number; readonly p80: number } | undefined,
): string | undefined {
  if (endsAt === undefined) return undefined;
  const from = startsAt === undefined ? '' : `from ${localTime(startsAt)} `;
  return `${from}to about ${localTime(endsAt.p50)}; four times in five by ${localTime(endsAt.p80)}`;
}

function poolText({
  nodePool,
  nodes,
  cpu,
  beyondLimits,
}: NonNullable<ForecastLine['forecast']>['surge'][number]): string {
  const cores = cpu === undefined ? '' : ` (${cpu} vCPU)`;
  const short = beyondLimits.length === 0 ? '' : `, beyond its limit of ${listed(beyondLimits)}`;
  return `${nodes} in ${named(nodePool)}${cores}${short}`;
}
