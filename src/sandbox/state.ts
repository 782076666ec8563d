import { createDynamoClient } from '../adapters/dynamodb/client.ts';
import { createStore } from '../adapters/dynamodb/create-store.ts';
import type { Config } from '../config/config.ts';
import { environmentPolicies } from '../config/environment-policies.ts';
import { Change, wantedImages } from '../rollout/change.ts';
import { RolloutEvent } from '../rollout/events.ts';
import { rolloutOf } from '../rollout/evolve.ts';
import { isDecision } from '../rollout/is-decision.ts';
import { isEnded } from '../rollout/phases.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { digestFor, wavesOf } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import { RolloutId } from '../shared/ids.ts';
import type { Clock } from '../shared/time.ts';
import type { SlackMessage } from './slack/messages.ts';
import type { StandIns } from './stand-ins.ts';

/** What `GET /sandbox/state` answers; described in docs/sandbox-api.md and stable. */
export type SandboxState = Awaited<ReturnType<ReturnType<typeof createStateReader>>>;

/** Reads the whole sandbox as it is now: the stand-ins' truth, and the rollouts from the service's own records. */
export function createStateReader({
  config,
  standIns,
  clock,
  speed,
  isRunning,
}: {
  readonly config: Config;
  readonly standIns: StandIns;
  readonly clock: Clock;
  /** How many times faster than real time. */
  readonly speed: number;
  readonly isRunning: () => boolean;
}) {
  const client = createDynamoClient({
    region: 'eu-west-1',
    endpoint: standIns.dynamodb.url,
    credentials: { accessKeyId: 'READER', secretAccessKey: 'reader' },
  });
  const store = createStore({
    client,
    table: 'amiable',
    clock,
    emulated: true,
    parseEvent: (json) => RolloutEvent.parse(json),
    isDecision,
  });
  const policies = environmentPolicies(config);

  /** Every rollout a message was ever posted for, open ones too: they are found by their cards and by the index. */
  const known = new Set<RolloutId>();
  const rollouts = async (): Promise<readonly Rollout[]> => {
    try {
      for (const { rollout } of await store.heads.open()) known.add(rollout);
    } catch {
      // The table may not be there yet, or may be failing on purpose: what is known is still true.
    }
    for (const { blocks } of standIns.slack.messages()) {
      const id = /ro_[0-9a-f]{10}/.exec(JSON.stringify(blocks ?? []))?.[0];
      if (id !== undefined) known.add(RolloutId.parse(id));
    }
    const folded = await Promise.all(
      [...known].map(async (id) => {
        const commits = await store.rollouts.load(id).catch(() => []);
        return rolloutOf(
          id,
          commits.flatMap(({ events }) => events),
        );
      }),
    );
    return folded.flatMap((rollout) => rollout ?? []).sort((a, b) => a.openedAt - b.openedAt);
  };

  const wantedOf = async (all: readonly Rollout[]): Promise<Map<string, Set<string>>> => {
    const wanted = new Map<string, Set<string>>();
    for (const rollout of all) {
      for (const wave of rollout.environments.flatMap(wavesOf)) {
        const digest = digestFor(rollout, wave);
        if (digest === undefined || wave.phase.name === 'rolled-back') continue;
        const manifest = await store.changes.get(digest).catch(() => undefined);
        const change = Change.safeParse(manifest);
        if (!change.success) continue;
        for (const cluster of wave.clusters) {
          wanted.set(cluster, new Set(wantedImages(change.data, cluster)));
        }
      }
    }
    return wanted;
  };

  return async () => {
    const slack = standIns.slack.state();
    const all = await rollouts();
    const wanted = await wantedOf(all);
    const truth = standIns.kubernetes.state();
    const applications = standIns.kubernetes.applications();
    return {
      now: clock.now(),
      speed,
      service: { running: isRunning() },
      slack: {
        users: slack.people.map((person) => ({
          id: person.id,
          name: person.realName,
          groups: slack.groups.filter(({ users }) => users.includes(person.id)).map(({ id }) => id),
          isBot: person.isBot === true,
          isGuest: person.isRestricted === true || person.isUltraRestricted === true,
          deleted: person.deleted === true,
        })),
        messages: slack.messages.map(messageState),
        ephemerals: slack.ephemerals.map((message) => ({
          ...messageState(message),
          user: message.onlyFor,
        })),
        views: slack.views.map(({ user, view }) => ({ ...view, user })),
      },
      environments: policies.map(({ name, approval }) => {
        const members = slack.groups
          .filter(({ id }) => approval.groups.some((group) => group === id))
          .flatMap(({ users }) => users);
        const approvers = [...new Set<string>([...approval.users, ...members])];
        return {
          name,
          approvers,
          count: approval.count,
          sets: (approval.sets ?? [approval]).map(({ users, groups, count }) => ({
            from: [...users, ...groups],
            count,
          })),
        };
      }),
      github: {
        pulls: standIns.github
          .pulls()
          .filter(({ repository }) => repository !== 'awslabs/amazon-eks-ami')
          .map((pull) => ({
            number: pull.number,
            state: pull.state,
            merged: pull.merged,
            title: pull.title,
            body: pull.body,
            head: pull.head.branch,
            headSha: pull.head.sha,
            base: pull.base,
            repository: pull.repository,
            files: pull.files.map(({ path, status, diff }) => ({ path, status, patch: diff })),
            statuses: pull.statuses.map(({ name, state, description }) => ({
              context: name,
              state,
              description,
            })),
          })),
      },
      clusters: config.clusters.map(({ name, environment }) => {
        const application = applications.find(
          ({ metadata }) => metadata.name === `karpenter-${name}`,
        );
        return {
          name,
          environment,
          nodes: (truth[name]?.nodes ?? []).map((node) => ({
            name: node.nodeName ?? node.name,
            imageId: node.imageId ?? '',
            // Four words are promised; a node that stopped answering is on its way out or back.
            state: node.state === 'not-ready' ? 'launching' : node.state,
          })),
          wanted: [...(wanted.get(name) ?? [])],
          heldBudgets: truth[name]?.heldBudgets ?? [],
          ...(application === undefined
            ? {}
            : {
                argocd: {
                  sync: application.status?.sync?.status ?? 'Unknown',
                  health: application.status?.health?.status ?? 'Unknown',
                },
              }),
        };
      }),
      images: releasesOf(standIns, [
        ...Object.values(truth).flatMap(({ nodes }) => nodes.map(({ imageId }) => imageId)),
        ...[...wanted.values()].flatMap((ids) => [...ids]),
      ]),
      rollouts: all.map(rolloutState),
    };
  };
}

/** The release of each image, such as `v20261118`; without those that AWS never published. */
function releasesOf(
  { aws }: StandIns,
  imageIds: readonly (string | undefined)[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...new Set(imageIds)].flatMap((id) => {
      const release = /-(v\d+)$/.exec(aws.imageName(id ?? '') ?? '')?.[1];
      return id === undefined || release === undefined ? [] : [[id, release]];
    }),
  );
}

function messageState(message: SlackMessage) {
  const { channel, ts, threadTs, user, text, blocks, broadcast, edits, notified } = message;
  return {
    channel,
    ts,
    ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    user,
    text,
    blocks,
    ...(broadcast === true ? { reply_broadcast: true } : {}),
    edits,
    notified,
  };
}

function rolloutState(rollout: Rollout) {
  return {
    id: rollout.id,
    release: rollout.release,
    status: statusOf(rollout),
    environments: rollout.environments.map((environment) => ({
      name: environment.policy.name,
      phase: environment.phase.name,
      digest: environment.ask?.digest ?? null,
      approvals: (environment.ask?.grants ?? []).map(({ by }) => by),
      waves: wavesOf(environment).map((wave) => ({
        name: wave.name,
        clusters: wave.clusters,
        phase: wave.phase.name,
        pulls: wave.parts.map(({ number }) => number),
        progress: progressOf(wave),
        ...(wave.stalled === undefined ? {} : { stalled: wave.stalled.blockers }),
      })),
    })),
  };
}

function statusOf(rollout: Rollout): string {
  if (rollout.outcome !== undefined) return rollout.outcome.name;
  if (rollout.rollback !== undefined) return 'rolling-back';
  if (rollout.paused !== undefined) return 'paused';
  if (rollout.snoozed !== undefined) return 'snoozed';
  return rollout.environments.every(({ phase }) => isEnded(phase)) ? 'closing' : 'open';
}

function progressOf({ phase }: Wave): { replaced: number; total: number } {
  if (phase.name === 'replacing') return { replaced: phase.replaced, total: phase.total };
  if (phase.name === 'soaking') return { replaced: phase.total, total: phase.total };
  if (phase.name === 'complete') return { replaced: phase.replaced, total: phase.replaced };
  return { replaced: 0, total: 0 };
}
