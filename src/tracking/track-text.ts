import { notHandledText } from './not-handled-text.ts';
import type { ApplicationReport, NodeClassReport, TrackReport } from './track-report.ts';

const mostNamed = 3;

/** The report for people who read a terminal. It holds outside text as it came: whoever prints it strips control characters. */
export function trackText(report: TrackReport): string {
  const lines = [
    ...report.nodeClasses.flatMap(classLines),
    ...(report.nodeClasses.length === 0 ? ['There is no EC2NodeClass here.'] : []),
    ...blockerLines(report),
    ...forecastLines(report),
    ...report.applications.map(applicationLine),
    notHandledLine(report),
    ...report.notChecked.map((what) => `Not checked: ${what}`),
    `As seen ${report.at}.`,
  ];
  return lines.join('\n');
}

function classLines({ name, wanted, nodes, state, because }: NodeClassReport): readonly string[] {
  const { total, current, drifted, draining, launching, failed } = nodes;
  const moves = [
    [drifted, 'to replace'],
    [draining, 'draining'],
    [launching, 'launching'],
    [failed, 'failed'],
  ] as const;
  const parts = moves.flatMap(([amount, word]) => (amount === 0 ? [] : [`${amount} ${word}`]));
  const list = parts.length === 0 ? '' : ` (${parts.join(', ')})`;
  const words = {
    complete: `complete: ${current} of ${total} nodes run ${wanted.join(', ')}`,
    rolling: `${current} of ${total} nodes run ${wanted.join(', ')}${list}`,
    'no-nodes': '0 nodes to replace, so nothing is proven',
    unresolved: `not Ready, so what its ${total} nodes are to run is not known${list}`,
  };
  const why = because === null ? [] : [`  ${because}`];
  return [`EC2NodeClass ${name}: ${words[state]}`, ...(state === 'unresolved' ? why : [])];
}

function blockerLines({ blockers, notChecked }: TrackReport): readonly string[] {
  if (blockers.length === 0) return notChecked.length > 0 ? [] : ['Nothing known blocks.'];
  const groups = new Map<string, { readonly message: string; readonly count: number }>();
  for (const { cause, object, owner, message } of blockers) {
    const key = JSON.stringify([cause, owner ?? object]);
    const known = groups.get(key);
    groups.set(key, { message: known?.message ?? message, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()].map(({ message, count }) =>
    count === 1 ? `- ${message}` : `- ${message} The same of ${count - 1} more.`,
  );
}

function forecastLines({ forecast }: TrackReport): readonly string[] {
  if (forecast === null) return [];
  const { nodes, pods, workloads, startsAt, endsAt, shutPools, blockingBudgets } = forecast;
  const moving =
    pods === null ? '' : `, ${count(pods, 'pod')} of ${count(workloads ?? 0, 'workload')}`;
  const shut = shutPools.length === 0 ? '' : `; budgets never open for ${shutPools.join(', ')}`;
  const ends =
    endsAt === null
      ? ''
      : `, by the budgets from ${startsAt} to about ${endsAt.p50}, four times in five by ${endsAt.p80}`;
  const names = (blockingBudgets ?? []).slice(0, mostNamed).join(', ');
  const held =
    names === ''
      ? ''
      : `; without what PodDisruptionBudget ${names} holds now, which may take longer`;
  return [`Forecast: ${count(nodes, 'node')} to replace${moving}${ends}${shut}${held}.`];
}

function applicationLine({ namespace, name, sync, health, autoSync, message }: ApplicationReport) {
  const waits =
    sync === 'OutOfSync' && !autoSync ? ', and auto-sync is off: somebody has to sync' : '';
  return `Argo CD ${namespace}/${name}: ${sync}, ${health}${waits}${message === null ? '' : `. ${message}`}`;
}

function notHandledLine({ notHandled }: TrackReport): string {
  if (notHandled === null) return 'Nodes that no EC2NodeClass provides were not counted.';
  const text = notHandledText(notHandled);
  return text === undefined ? 'All nodes come from an EC2NodeClass.' : `And ${text} not handled.`;
}

function count(amount: number, what: string): string {
  return `${amount} ${what}${amount === 1 ? '' : 's'}`;
}
