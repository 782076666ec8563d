import type { Rollout } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import type { Message } from './block-kit.ts';
import { context, header, section } from './block-kit.ts';
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
  at,
}: {
  readonly clusters: readonly ClusterFreshness[];
  readonly newest?: string;
  readonly rollouts: readonly Rollout[];
  readonly problems: number;
  readonly at: number;
}): Message {
  const current = clusters.filter((one) => one.current).length;
  const lead = `${current} of ${clusters.length} clusters current${newest === undefined ? '' : `, newest release ${escapeMrkdwn(newest)}`}.`;
  const behind = clusters
    .filter((one) => !one.current)
    .slice(0, 10)
    .map(
      ({ cluster, releases }) =>
        `• *${escapeMrkdwn(cluster)}* on ${escapeMrkdwn(releases.join(', '))}`,
    );
  const waiting = rollouts.flatMap((rollout) =>
    rollout.environments
      .filter(({ phase }) => phase.name === 'awaiting-approval')
      .map(
        (environment) =>
          `• \`${rollout.id}\` ${escapeMrkdwn(environment.policy.name)} ${escapeMrkdwn(environmentText(rollout, environment))}${environment.ask === undefined ? '' : ` since ${localTime(environment.ask.at)}`}`,
      ),
  );
  const running = rollouts.map(
    (rollout) => `${stateOf(rollout).word} ${escapeMrkdwn(rollout.release)}`,
  );
  const parts = [
    lead,
    ...behind,
    ...(waiting.length === 0
      ? ['Nothing waits for approval.']
      : ['*Waits for approval*', ...waiting.slice(0, 10)]),
    ...(running.length === 0 ? [] : [`Open: ${running.slice(0, 10).join(', ')}`]),
    ...(problems === 0
      ? []
      : [`${problems} watched files could not be read; \`/ami check\` names them.`]),
  ];
  return {
    text: `EKS node freshness: ${lead}`,
    blocks: [
      header('EKS node freshness'),
      section(parts.join('\n')),
      context(`As of ${localTime(at)}`),
    ],
  };
}
