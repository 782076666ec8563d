import type { Hold } from '../src/rollout/hold.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { notHandledText } from '../src/tracking/not-handled-text.ts';
import type { NotHandled } from '../src/tracking/types.ts';
import type { Message } from './block-kit.ts';
import { context, header, message, section } from './block-kit.ts';
import { blockerLine } from './blockers.ts';
import { holdsText } from './holds.ts';
import { count, listed, named } from './phrases.ts';
import { environmentText, stateOf } from './state.ts';
import { localTime } from './times.ts';

/** A cluster and the releases its pins name. */
export type ClusterFreshness = {
  readonly cluster: string;
  readonly environment: string;
  readonly releases: readonly string[];
  /** Every movable pin names the newest release. */
  readonly current: boolean;
};

/** How fresh the fleet is, and what waits. */
export function digestMessage({
  clusters,
  newest,
  rollouts,
  problems,
  notHandled,
  notCounted = 0,
  tails = [],
  holds = [],
  anchor,
  retiredModels,
  at,
}: {
  readonly clusters: readonly ClusterFreshness[];
  readonly newest?: string;
  readonly rollouts: readonly Rollout[];
  readonly problems: number;
  /** Nodes that no EC2NodeClass provides, and clusters where they could not be counted. */
  readonly notHandled?: NotHandled;
  readonly notCounted?: number;
  /** Nodes that were left for later; without `nodes`: their cluster did not answer. */
  readonly tails?: readonly {
    readonly environment: string;
    readonly cluster: string;
    readonly release: string;
    readonly nodes?: number;
    readonly why: readonly string[];
  }[];
  readonly holds?: readonly Hold[];
  readonly anchor?: { readonly day: string; readonly hash: string; readonly streams: number };
  readonly retiredModels: readonly string[];
  readonly at: number;
}): Message {
  const current = clusters.filter((one) => one.current).length;
  const lead = `${current} of ${count(clusters.length, 'cluster')} current${newest === undefined ? '' : `, newest release ${named(newest)}`}.`;
  const behindCount = clusters.length - current;
  const behind = clusters
    .filter((one) => !one.current)
    .slice(0, 10)
    .map(({ cluster, releases }) => `• *${named(cluster)}* on ${listed(releases)}`);
  const waiting = rollouts.flatMap((rollout) =>
    rollout.environments
      .filter(({ phase }) => phase.name === 'awaiting-approval')
      .map(
        (environment) =>
          `• \`${rollout.id}\` ${named(environment.policy.name)} ${escapeMrkdwn(environmentText(rollout, environment))}${environment.ask === undefined ? '' : ` since ${localTime(environment.ask.at)}`}`,
      ),
  );
  const running = rollouts.map((rollout) => `${stateOf(rollout).word} ${named(rollout.release)}`);
  const parts = [
    lead,
    ...behind,
    ...(behindCount > behind.length ? [`and ${behindCount - behind.length} more behind`] : []),
    ...(waiting.length === 0
      ? ['Nothing waits for approval.']
      : ['*Waits for approval*', ...waiting.slice(0, 10)]),
    ...(running.length === 0 ? [] : [`Open: ${running.slice(0, 10).join(', ')}`]),
    ...othersText(notHandled, notCounted),
    ...(holds.length === 0 ? [] : [holdsText(holds, new Map())]),
    ...(problems === 0
      ? []
      : [`${count(problems, 'watched file')} could not be read; \`/ami check\` names them.`]),
    ...(retiredModels.length === 0
      ? []
      : [
          `:warning: ${listed(retiredModels)} ${retiredModels.length === 1 ? 'is' : 'are'} past the end of life: summaries need another model in the configuration.`,
        ]),
  ];
  return message(`EKS node freshness: ${lead}`, [
    header('EKS node freshness'),
    section(parts.join('\n')),
    ...tailSections(tails),
    context(`As of ${localTime(at)}`),
    ...(anchor === undefined
      ? []
      : [
          context(
            `Record anchored ${anchor.day}: ${count(anchor.streams, 'stream')}, \`${anchor.hash}\``,
          ),
        ]),
  ]);
}

function othersText(counts: NotHandled | undefined, notCounted: number): readonly string[] {
  const others = counts === undefined ? undefined : notHandledText(counts);
  const missing = notCounted === 0 ? '' : `not counted in ${count(notCounted, 'cluster')}`;
  if (others === undefined)
    return missing === '' ? [] : [`Nodes that are not handled were ${missing}.`];
  return [`And ${others} not handled${missing === '' ? '' : ` (${missing})`}.`];
}

/** Of one cluster, and characters of each: room for owner, cause, age and the expected release. */
const mostReasons = 2;
const longestReason = 500;

/** A section a cluster: together they would be cut off where the last one says when it lets go. */
function tailSections(tails: NonNullable<Parameters<typeof digestMessage>[0]['tails']>) {
  if (tails.length === 0) return [];
  const told = tails.slice(0, 5).map(({ cluster, release, nodes, why }) => {
    const left = nodes === undefined ? 'does not answer; some nodes were' : count(nodes, 'node');
    const rest = why.length - mostReasons;
    return [
      `*${named(cluster)}*: ${left} not yet on ${named(release)}`,
      ...why.slice(0, mostReasons).map((one) => `• ${blockerLine(one, longestReason)}`),
      ...(rest > 0 ? [`• and ${count(rest, 'more reason')}`] : []),
    ].join('\n');
  });
  const more = tails.length - told.length;
  return [
    '*Follows later*',
    ...told,
    ...(more > 0 ? [`and ${count(more, 'more cluster')}`] : []),
  ].map(section);
}
