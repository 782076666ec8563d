import type { RolloutEvent } from '../src/rollout/events.ts';
import { evolve, rolloutOf } from '../src/rollout/evolve.ts';
import type { Hold } from '../src/rollout/hold.ts';
import type { Closed } from '../src/rollout/merge-hours.ts';
import { nodesOverTime } from '../src/rollout/nodes-over-time.ts';
import { partKey } from '../src/rollout/part-key.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { wavesOf } from '../src/rollout/rollout.ts';
import { analysisReply } from './analysis-reply.ts';
import type { Message } from './block-kit.ts';
import { message, section } from './block-kit.ts';
import type { ForecastLine } from './forecast.ts';
import type { ClusterLine } from './live-progress.ts';
import { liveProgress } from './live-progress.ts';
import { milestoneOf } from './milestone.ts';
import { nodesPicture } from './nodes-picture.ts';
import { type OwnerHeld, ownerLine } from './owner-line.ts';
import type { Picture } from './picture.ts';
import { rolloutCard } from './rollout-card.ts';
import { summaryLines } from './rollout-summary.ts';
import { createSaidBefore } from './said-before.ts';
import { windowQuestion } from './window-question.ts';
import { withoutTicks } from './without-ticks.ts';

/** Everything a thread shows, from the state and what was last seen. */
export function renderThread({
  rollout,
  history,
  sightings,
  names,
  deciders,
  frozen,
  holds = [],
  owners,
}: {
  readonly rollout: Rollout;
  readonly history: readonly RolloutEvent[];
  readonly sightings: {
    readonly clusters: ReadonlyMap<string, ClusterLine>;
    /** By `partKey`. */
    readonly pullRequests: ReadonlyMap<
      string,
      { readonly waitsFor?: string; readonly passed: number; readonly total: number }
    >;
    readonly troubles: ReadonlyMap<string, { readonly what: string }>;
    readonly forecasts?: ReadonlyMap<string, ForecastLine>;
    /** By wave, as `environment/wave`. */
    readonly hours?: ReadonlyMap<string, Closed | 'forecast-unknown'>;
  };
  readonly names: ReadonlyMap<string, string>;
  readonly deciders?: ReadonlyMap<string, readonly string[]>;
  readonly frozen?: { readonly by: string; readonly reason: string };
  readonly holds?: readonly Hold[];
  readonly owners?: {
    readonly lines: readonly (OwnerHeld & { readonly slot: string; readonly channel: string })[];
    readonly cardUrl: string | undefined;
  };
}): {
  readonly card: Message & { readonly worth: string };
  readonly live?: Message & { readonly worth: string };
  readonly replies: readonly {
    readonly slot: string;
    readonly message: Message;
    readonly broadcast: boolean;
    readonly picture?: Picture;
  }[];
  readonly elsewhere: readonly (Message & {
    readonly slot: string;
    readonly channel: string;
    readonly worth: string;
  })[];
} {
  const live = liveProgress(rollout, [...sightings.clusters.values()]);
  const cardOf = (shown: Rollout): Message =>
    rolloutCard({
      rollout: shown,
      names,
      troubles: [...sightings.troubles.values()].map(({ what }) => what),
      forecasts: sightings.forecasts ?? new Map(),
      waits: waitTexts(rollout, sightings.pullRequests),
      green: greenOnes(rollout, sightings),
      hours: hoursNow(rollout, sightings.hours ?? new Map()),
      ...(deciders === undefined ? {} : { deciders }),
      ...(frozen === undefined ? {} : { frozen }),
      holds,
    });
  return {
    card: { ...cardOf(rollout), worth: JSON.stringify(cardOf(withoutTicks(rollout))) },
    replies: repliesOf(rollout, history, names),
    ...(live === undefined ? {} : { live }),
    elsewhere: (owners?.lines ?? []).map(({ slot, channel, ...held }) => ({
      ...ownerLine(held, { release: rollout.release, cardUrl: owners?.cardUrl }),
      slot,
      channel,
    })),
  };
}

/** What the clock says of waves that wait for their merge, by environment. */
function hoursNow(
  { environments }: Rollout,
  hours: ReadonlyMap<string, Closed | 'forecast-unknown'>,
): ReadonlyMap<string, Closed | 'forecast-unknown'> {
  return new Map(
    environments.flatMap(({ policy, waves, phase }) => {
      if (phase.name !== 'approved' && phase.name !== 'rolling') return [];
      const wave = waves.find((one) => one.phase.name === 'pull-request');
      const seen = wave === undefined ? undefined : hours.get(`${policy.name}/${wave.name}`);
      return seen === undefined ? [] : [[policy.name, seen] as const];
    }),
  );
}

/** Environments whose next wave could be merged as far as GitHub and the clock go. */
function greenOnes(
  { environments }: Rollout,
  {
    pullRequests,
    hours,
  }: {
    readonly pullRequests: ReadonlyMap<string, { readonly waitsFor?: string }>;
    readonly hours?: ReadonlyMap<string, Closed | 'forecast-unknown'>;
  },
): ReadonlySet<string> {
  const green = environments.filter(({ policy, waves }) => {
    const wave = waves.find((one) => one.phase.name === 'pull-request');
    const seen = wave?.parts.map((part) => pullRequests.get(partKey(part))) ?? [];
    const closed = hours?.get(`${policy.name}/${wave?.name ?? ''}`);
    const open = closed === undefined || closed === 'forecast-unknown';
    return seen.length > 0 && open && seen.every((one) => one && one.waitsFor === undefined);
  });
  return new Set(green.map(({ policy }) => policy.name));
}

/** What open pull requests wait for: only those of waves that are not merged yet. */
function waitTexts(
  rollout: Rollout,
  pullRequests: ReadonlyMap<
    string,
    { readonly waitsFor?: string; readonly passed: number; readonly total: number }
  >,
): string[] {
  return rollout.environments
    .flatMap(wavesOf)
    .filter(({ phase }) => phase.name === 'pull-request')
    .flatMap(({ parts }) => parts)
    .flatMap((part) => {
      const seen = pullRequests.get(partKey(part));
      if (seen?.waitsFor === undefined) return [];
      return [
        `Pull request #${part.number} ${seen.waitsFor} (${seen.passed} of ${seen.total} checks passed)`,
      ];
    });
}

/** One reply a milestone, named by its place in the stream: the same events give the same replies. */
function repliesOf(
  rollout: Rollout,
  history: readonly RolloutEvent[],
  names: ReadonlyMap<string, string>,
) {
  const replies: { slot: string; message: Message; broadcast: boolean; picture?: Picture }[] = [];
  const saidBefore = createSaidBefore();
  let state: Rollout | undefined;
  for (const [i, event] of history.entries()) {
    state = state === undefined ? rolloutOf(rollout.id, [event]) : evolve(state, event);
    if (state === undefined) continue;
    const slot = `reply-${String(i + 1).padStart(8, '0')}`;
    const analysis = analysisReply(event, state);
    if (analysis !== undefined) replies.push({ slot, message: analysis, broadcast: false });
    const milestone = saidBefore.isRetold(event) ? undefined : milestoneOf(event, state, names);
    if (milestone === undefined) continue;
    const question = windowQuestion(event, rollout.id);
    const said = question === undefined ? '' : ` ${question.text}`;
    const before = event.type === 'RolloutCompleted' ? history.slice(0, i) : undefined;
    const nodes = before === undefined ? undefined : nodesOverTime(state, before);
    const numbers = before === undefined ? [] : summaryLines(state, before);
    replies.push({
      slot,
      ...(nodes === undefined ? {} : { picture: nodesPicture(rollout.id, nodes) }),
      message: message(`${milestone.text}${said}`, [
        section([milestone.text, ...numbers].join('\n')),
        ...(question?.blocks ?? []),
      ]),
      broadcast: milestone.loud && !saidBefore.isHeard(event),
    });
  }
  return replies;
}
