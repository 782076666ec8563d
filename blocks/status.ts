import type { ForecastError } from '../src/rollout/forecast-error.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { wavesOf } from '../src/rollout/rollout.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import type { Message } from './block-kit.ts';
import { message, section } from './block-kit.ts';
import { blockerLine } from './blockers.ts';
import { forecastErrorText } from './forecast-error.ts';
import type { ClusterLine } from './live-progress.ts';
import { count, named, quoted } from './phrases.ts';
import { environmentText, stateOf } from './state.ts';
import { localTime } from './times.ts';

/** What needs a person now, then what runs. */
export function statusMessage(
  rollouts: readonly Rollout[],
  {
    cardUrls,
    frozen,
    clusters,
    detailed = false,
    forecasts = [],
  }: {
    readonly cardUrls: ReadonlyMap<string, string>;
    readonly frozen?: { readonly by: string; readonly reason: string };
    /** What was last seen of a rollout's clusters. */
    readonly clusters?: (id: Rollout['id']) => readonly ClusterLine[];
    /** Every cluster and blocker, not only the first. */
    readonly detailed?: boolean;
    /** How good the forecasts of waves that are done were. */
    readonly forecasts?: readonly ForecastError[];
  },
): Message {
  const stop =
    frozen === undefined ? [] : [`:snowflake: All merges are frozen: ${quoted(frozen.reason)}.`];
  if (rollouts.length === 0) {
    const text = [...stop, 'Nothing needs you. No rollout is open.'].join('\n');
    return { text, blocks: [section(text)] };
  }
  const lines = rollouts
    .slice(0, 10)
    .map((rollout) => rolloutLine(rollout, cardUrls.get(rollout.id)));
  const waits = rollouts
    .slice(0, 10)
    .flatMap((rollout) => clusterTexts(rollout, clusters?.(rollout.id) ?? [], detailed));
  const waiting = rollouts.filter(({ environments }) =>
    environments.some(({ phase }) => phase.name === 'awaiting-approval'),
  ).length;
  const lead = detailed
    ? ''
    : waiting === 0
      ? `${count(rollouts.length, 'open rollout')}, none waits for approval.`
      : `${waiting} of ${count(rollouts.length, 'open rollout')} ${waiting === 1 ? 'waits' : 'wait'} for approval.`;
  const more = rollouts.length > lines.length ? [`and ${rollouts.length - lines.length} more`] : [];
  const head = [...stop, ...(lead === '' ? [] : [lead])];
  return message(lead === '' ? lines.join(' ') : head.join(' '), [
    section([...head, ...lines, ...more].join('\n')),
    ...waits.map(section),
    ...(forecasts.length === 0 ? [] : [section(forecasts.slice(-8).map(errorLine).join('\n'))]),
  ]);
}

function errorLine(error: ForecastError): string {
  return `• ${forecastErrorText(error)}`;
}

/** What keeps the nodes that move now: the first blocker in a list of rollouts, all of them for one. */
function clusterTexts(
  rollout: Rollout,
  clusters: readonly ClusterLine[],
  detailed: boolean,
): readonly string[] {
  const moving = new Set(
    rollout.environments
      .flatMap(wavesOf)
      .filter(({ phase }) => phase.name === 'replacing' || phase.name === 'soaking')
      .map(({ environment, name }) => `${environment}/${name}`),
  );
  const seen = clusters.filter(({ wave }) => moving.has(wave));
  if (detailed)
    return seen
      .slice(0, 8)
      .map((one) =>
        [
          `*${named(one.cluster)}*: ${one.replaced} of ${one.total} nodes, as seen ${localTime(one.at)}`,
          ...(one.blockers ?? []).slice(0, 6).map((sentence) => `• ${blockerLine(sentence)}`),
        ].join('\n'),
      );
  const first = seen.find(({ blockers = [] }) => blockers.length > 0);
  const sentence = first?.blockers?.[0];
  return first === undefined || sentence === undefined
    ? []
    : [`• ${named(rollout.release)} in ${named(first.cluster)}: ${blockerLine(sentence)}`];
}

function rolloutLine(rollout: Rollout, url: string | undefined): string {
  const { word } = stateOf(rollout);
  const environments = rollout.environments
    .map(
      (environment) =>
        `${named(environment.policy.name)} ${escapeMrkdwn(environmentText(rollout, environment))}`,
    )
    .join('; ');
  const id = url === undefined ? `\`${rollout.id}\`` : mrkdwnLink(rollout.id, url);
  return `• ${id} *${word}* ${named(rollout.release)}: ${environments}`;
}

/** Several rollouts fit what was typed, or none; `named`: an id was typed. */
export function whichRollout(
  rollouts: readonly Rollout[],
  { verb, named: wasNamed }: { readonly verb: string; readonly named: boolean },
): Message {
  const text =
    rollouts.length === 0
      ? `${wasNamed ? 'There is no such open rollout' : 'No rollout is open'}. One that is over is named by its whole id, such as \`/ami show ro_5a0c1d2e3f\`.`
      : `Which one? ${rollouts
          .slice(0, 10)
          .map(({ id, release }) => `\`/ami ${verb} ${id}\` (${escapeMrkdwn(release)})`)
          .join(' or ')}`;
  return { text, blocks: [section(text)] };
}
