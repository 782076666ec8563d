import type { RolloutEvent } from '../rollout/events.ts';
import { policyHash } from '../rollout/policy.ts';
import { SlackUserId } from '../shared/ids.ts';
import { memberOf, textOf } from './event-members.ts';
import { clusterOf, scopeOf } from './scope-of.ts';

/** A commit as it was read, of a rollout or of the fleet's stream. */
export type ReadCommit = {
  readonly sequence: number;
  readonly events: readonly (RolloutEvent | FleetEvent)[];
  readonly actor: { readonly kind: string; readonly id?: string };
  readonly at: number;
  readonly cause?: string;
};

/** An event of the fleet's stream; what more it says of itself is taken where it is known. */
export type FleetEvent = { readonly type: string; readonly at: number };

/** One person's identities, as the configuration maps them. */
export type Identity = {
  readonly slack: string;
  readonly github?: string | undefined;
  readonly aws?: readonly string[];
};

/** One decision, refusal or consequence, with all that an auditor asks about it. Fields are only added. */
export type DecisionLine = {
  /** When it was received, ISO 8601 in UTC, to the millisecond; never before the record before it, whoever's clock was slow. */
  readonly at: string;
  /** A rollout's id, or `global`. */
  readonly stream: string;
  readonly sequence: number;
  /** Which event of its commit, from 1. */
  readonly event: number;
  readonly what: string;
  readonly release?: string;
  readonly environment?: string;
  readonly wave?: string;
  /** Clusters it concerns; absent: all of the rollout, or of the fleet. */
  readonly clusters?: readonly string[];
  /** Slack user id of who did it; absent where nobody of Slack did. */
  readonly slack?: string;
  /** GitHub login: of who did it there, or of the Slack user where the configuration maps it. */
  readonly github?: string;
  /** Cloud identity (ARN), where the command line did it. */
  readonly cloud?: string;
  /** The change it was about, as SHA-256. */
  readonly digest?: string;
  /** The decision rules in force, as SHA-256. */
  readonly policy?: string;
  /** As `owner/name#12`, those of that change. */
  readonly pullRequests: readonly string[];
  /** Merge commits of those pull requests. */
  readonly commits: readonly string[];
  /** What was asked for, of an attempt that was turned down. */
  readonly wanted?: string;
  readonly reason?: string;
  /** What it reaches beside a change, in words: what is held or marked bad, until when, in favour of which release. */
  readonly scope?: string;
  /** The delivery behind it: a click, command or submitted modal. */
  readonly cause?: string;
};

/** What only follows nodes; all other events are decisions, or what came of them. */
const tracking: ReadonlySet<string> = new Set<RolloutEvent['type']>([
  'AnalysisCompleted',
  'AnalysisUnavailable',
  'SyncObserved',
  'ReplacementObserved',
  'ReplacementStalled',
  'ReplacementResumed',
  'SoakStarted',
  'SoakBroken',
]);

/** The lines of one stream, in order. The whole stream is needed: an approval names its pull request only later. */
export function decisionLines(
  stream: string,
  commits: readonly ReadCommit[],
  people: readonly Identity[] = [],
): readonly DecisionLine[] {
  const whole = commits.flatMap(({ events }) => events);
  // A rollout is about one release; of the fleet's stream each record says its own, or is about none.
  const opened = whole.find(({ type }) => type === 'RolloutOpened');
  const ofRollout = opened && textOf(opened, 'release');
  const asks = new Map<string, { readonly digest: string; readonly policy: string }>();
  const plans: Plans = new Map();
  const changes: Changes = new Map();
  return commits.flatMap(({ sequence, events, actor, at, cause }) =>
    events.flatMap((event, index): DecisionLine[] => {
      if (isAsk(event)) {
        asks.set(event.environment, { digest: event.digest, policy: policyHash(event.policy) });
      }
      plan(plans, event);
      noteChange(changes, event);
      if (tracking.has(event.type)) return [];
      const release = ofRollout ?? textOf(event, 'release');
      const scope = scopeOf(event);
      const environment = textOf(event, 'environment');
      const wave = textOf(event, 'wave');
      const ask = environment === undefined ? undefined : asks.get(environment);
      const carried = changes.get(waveKey(environment, wave));
      const digest = textOf(event, 'digest') ?? digestsBack(event) ?? carried ?? ask?.digest;
      const wanted = textOf(event, 'wanted');
      const reason = reasonOf(event);
      const back = recoveriesOf(event).flatMap((one) => asks.get(one.environment)?.policy ?? []);
      const policy = policyOf(event) ?? ask?.policy ?? (back.join(' ') || undefined);
      return [
        {
          at: new Date(at).toISOString(),
          stream,
          sequence,
          event: index + 1,
          what: event.type,
          ...(release === undefined ? {} : { release }),
          ...(environment === undefined ? {} : { environment }),
          ...(wave === undefined ? {} : { wave }),
          ...clustersOf(event, plans),
          ...whoOf(event, actor, people),
          ...(digest === undefined ? {} : { digest }),
          ...(policy === undefined ? {} : { policy }),
          ...pullsOf(event, whole, { environment, wave, digest }),
          ...(wanted === undefined ? {} : { wanted }),
          ...(scope === undefined ? {} : { scope }),
          ...(reason === undefined ? {} : { reason }),
          ...(cause === undefined ? {} : { cause }),
        },
      ];
    }),
  );
}

type AnyEvent = RolloutEvent | FleetEvent;

/** Clusters by environment, and below it by wave. */
type Plans = Map<string, Map<string, readonly string[]>>;

/** The change that a wave's pull requests carry, by `waveKey`. */
type Changes = Map<string, string>;

function waveKey(environment = '', wave = ''): string {
  return `${environment}/${wave}`;
}

/** Takes in what a wave carries: the way back is another change than the one that people were asked about. */
function noteChange(changes: Changes, event: AnyEvent): void {
  const [wave, digest] = [textOf(event, 'wave'), textOf(event, 'digest')];
  if (wave !== undefined && digest !== undefined)
    changes.set(waveKey(textOf(event, 'environment'), wave), digest);
  for (const one of recoveriesOf(event))
    changes.set(waveKey(one.environment, one.wave), one.digest);
}

/** The ways back that were decided; none for any other event. */
function recoveriesOf(
  event: AnyEvent,
): Extract<RolloutEvent, { type: 'RollbackRequested' }>['recoveries'] {
  return event.type === 'RollbackRequested' && 'recoveries' in event ? event.recoveries : [];
}

/** Of a way back, the change of each environment. */
function digestsBack(event: AnyEvent): string | undefined {
  const digests = recoveriesOf(event).map(({ digest }) => digest);
  return digests.length === 0 ? undefined : digests.join(' ');
}

/** Takes in which clusters are in which wave, as far as an event says so. */
function plan(plans: Plans, event: AnyEvent): void {
  const put = (
    environment: string,
    waves: readonly { readonly name: string; readonly clusters: readonly string[] }[],
  ) => {
    const known = plans.get(environment) ?? new Map<string, readonly string[]>();
    for (const { name, clusters } of waves) known.set(name, clusters);
    plans.set(environment, known);
  };
  if (event.type === 'RolloutOpened' && 'environments' in event) {
    for (const { policy, waves } of event.environments) put(policy.name, waves);
  } else if (isAsk(event)) {
    put(event.environment, event.waves);
  }
  for (const { environment, wave, clusters } of recoveriesOf(event)) {
    put(environment, [{ name: wave, clusters }]);
  }
}

function clustersOf(event: AnyEvent, plans: Plans): Pick<DecisionLine, 'clusters'> {
  const back = recoveriesOf(event);
  if (back.length > 0) return { clusters: [...new Set(back.flatMap(({ clusters }) => clusters))] };
  if (event.type === 'BrakeSet' && 'clusters' in event) return { clusters: event.clusters };
  // Of a brake, of a hold or of a mark: the one it names.
  const one = clusterOf(event);
  if (one !== undefined) return { clusters: [one] };
  const environment = textOf(event, 'environment');
  const waves = environment === undefined ? undefined : plans.get(environment);
  if (waves === undefined) return {};
  const wave = textOf(event, 'wave');
  const of = wave === undefined ? [...waves.values()].flat() : waves.get(wave);
  return of === undefined ? {} : { clusters: [...new Set(of)] };
}

function isAsk(event: AnyEvent): event is Extract<RolloutEvent, { type: 'ApprovalRequested' }> {
  return event.type === 'ApprovalRequested';
}

/** Why, in the words of whoever decided, or in ours. */
function reasonOf(event: AnyEvent): string | undefined {
  const said = ['because', 'reason', 'note', 'why', 'outcome', 'detail'].flatMap(
    (name) => textOf(event, name) ?? [],
  );
  if (memberOf(event, 'approved') === false) said.unshift('without the approvals asked for');
  return said.length === 0 ? undefined : said.join(': ');
}

/** At the start a rollout names the rules of every environment: one hash each. */
function policyOf(event: AnyEvent): string | undefined {
  if (event.type !== 'RolloutOpened' || !('environments' in event)) return undefined;
  return event.environments.map(({ policy }) => `${policy.name}=${policyHash(policy)}`).join(' ');
}

function whoOf(
  event: AnyEvent,
  actor: ReadCommit['actor'],
  people: readonly Identity[],
): Pick<DecisionLine, 'slack' | 'github' | 'cloud'> {
  const by = textOf(event, 'by') ?? textOf(event, 'closedBy');
  const isSlack = by !== undefined && SlackUserId.safeParse(by).success;
  const arn = actor.kind === 'cloud' ? actor.id : by?.startsWith('arn:') === true ? by : undefined;
  const cloud = arn === undefined ? {} : { cloud: arn };
  if (isSlack) {
    const github = people.find(({ slack }) => slack === by)?.github;
    return { slack: by, ...(github === undefined ? {} : { github }), ...cloud };
  }
  // A release id stands in `by` where one rollout supersedes another.
  const isLogin = by !== undefined && /^[A-Za-z0-9-]{1,39}(\[bot\])?$/.test(by);
  if (!isLogin) return cloud;
  const slack = people.find(({ github }) => github?.toLowerCase() === by.toLowerCase())?.slack;
  return { github: by, ...(slack === undefined ? {} : { slack }), ...cloud };
}

/** The pull request an event is about, else all of the change it is about. */
function pullsOf(
  event: AnyEvent,
  whole: readonly AnyEvent[],
  about: {
    readonly environment: string | undefined;
    readonly wave: string | undefined;
    readonly digest: string | undefined;
  },
): Pick<DecisionLine, 'pullRequests' | 'commits'> {
  const own = memberOf(event, 'number');
  const opened = whole.flatMap((one) =>
    one.type === 'PullRequestOpened' && 'number' in one ? [one] : [],
  );
  const mine = opened.filter(({ environment, wave, digest, number, repository }) => {
    if (typeof own === 'number')
      return own === number && textOf(event, 'repository') === repository;
    const isBack = recoveriesOf(event).some(
      (back) => back.environment === environment && back.wave === wave,
    );
    if (about.environment !== environment) return isBack;
    if (about.wave !== undefined) return about.wave === wave;
    return about.digest !== undefined && (digest ?? about.digest) === about.digest;
  });
  const keys = new Set(mine.map(({ repository, number }) => `${repository}#${number}`));
  if (typeof own === 'number') keys.add(`${textOf(event, 'repository')}#${own}`);
  const commits = whole.flatMap((one) =>
    one.type === 'PullRequestMerged' &&
    'mergeSha' in one &&
    keys.has(`${one.repository}#${one.number}`)
      ? [one.mergeSha]
      : [],
  );
  return { pullRequests: [...keys], commits: [...new Set(commits)] };
}
