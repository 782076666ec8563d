import type { KnownBlock } from '@slack/types';
import type { RolloutId } from '../src/shared/ids.ts';
import { actions, button, type Message, message, section } from './block-kit.ts';
import { encodeCardKey } from './card-key.ts';
import { nameOf } from './names.ts';
import { count, listed, named } from './phrases.ts';

/** What runs a release now, who approved it, and what can take it back. */
export type WhereRunsFacts = {
  readonly asked: string;
  readonly runs: readonly {
    readonly cluster: string;
    readonly environment: string;
    readonly release: string;
    readonly nodes: number;
  }[];
  readonly notSeen: readonly string[];
  readonly unknownNodes: number;
  readonly approvals: readonly {
    readonly rollout: RolloutId;
    readonly environment: string;
    readonly by: readonly string[];
  }[];
  readonly waysBack: readonly {
    readonly rollout: RolloutId;
    readonly clusters: readonly string[];
  }[];
};

const mostLines = 15;

/** The answer to `/ami where`: by what nodes run, not by what Git says. */
export function whereRunsMessage(
  { asked, runs, notSeen, unknownNodes, approvals, waysBack }: WhereRunsFacts,
  names: ReadonlyMap<string, string>,
): Message {
  const what = named(asked.slice(0, 60));
  const total = runs.reduce((sum, { nodes }) => sum + nodes, 0);
  const clusters = new Set(runs.map(({ cluster }) => cluster)).size;
  const lead =
    runs.length === 0
      ? `No node that was seen runs ${what}.`
      : `${count(total, 'node')} in ${count(clusters, 'cluster')} ${total === 1 ? 'runs' : 'run'} ${what}.`;
  const lines = runs
    .slice(0, mostLines)
    .map(
      ({ cluster, environment, release, nodes }) =>
        `• *${named(cluster)}* (${named(environment)}): ${count(nodes, 'node')} on ${named(release)}`,
    );
  const approved = approvals.slice(0, 10).map(({ rollout, environment, by }) => {
    const people = listed(
      by.map((person) => nameOf(names, person)),
      5,
    );
    return `• \`${rollout}\` ${named(environment)}: approved by ${people}`;
  });
  const parts = [
    lead,
    ...lines,
    ...(runs.length > mostLines ? [`and ${count(runs.length - mostLines, 'more line')}`] : []),
    ...(notSeen.length === 0 ? [] : [`Not known of ${listed(notSeen, 10)}.`]),
    ...(unknownNodes === 0
      ? []
      : [`${count(unknownNodes, 'node')} ran an image that is no published one.`]),
    ...approved,
    ...(runs.length > 0 && waysBack.length === 0
      ? ['No rollout of Amiable with a proven way back brought it there.']
      : waysBack.map(
          ({ rollout, clusters: back }) => `\`${rollout}\` can take back ${listed(back, 10)}.`,
        )),
  ];
  // A row each: an action id may stand but once in a row.
  const rows: KnownBlock[] = waysBack.slice(0, 3).map(({ rollout }, i) =>
    actions(`where-${i}-${rollout}`, [
      button('rollout:rollback', 'Roll back...', {
        value: encodeCardKey({ rolloutId: rollout }),
        style: 'danger',
        spoken: `Roll back rollout ${rollout}`,
      }),
    ]),
  );
  return message(lead, [section(parts.join('\n')), ...rows]);
}
