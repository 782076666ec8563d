import type { Change } from '../../../src/rollout/change.ts';
import { decide } from '../../../src/rollout/decide.ts';
import type { RolloutEvent } from '../../../src/rollout/events.ts';
import { rolloutOf } from '../../../src/rollout/evolve.ts';
import type { EnvironmentPolicy } from '../../../src/rollout/policy.ts';
import type { Authority } from '../../../src/rollout/refusal.ts';
import type { Rollout } from '../../../src/rollout/rollout.ts';
import type { Digest } from '../../../src/shared/ids.ts';
import { hour } from '../../../src/shared/time.ts';
import { id, noon, release } from '../story.ts';
import type { Git } from './git.ts';
import { digestKept } from './kept.ts';
import type { Ledger } from './ledger.ts';
import { emptyLedger } from './ledger.ts';
import type { ClusterSpec, FleetSpec } from './spec.ts';
import { firstTeams, people } from './spec.ts';

/** A rollout in a simulated world. */
export type Sim = {
  readonly spec: FleetSpec;
  readonly git: Git;
  readonly ledger: Ledger;
  readonly events: RolloutEvent[];
  readonly changes: Map<Digest, Change>;
  /** The rules in force now; asks may stand under older ones. */
  readonly policies: Map<string, EnvironmentPolicy>;
  /** People who count now. */
  readonly approvers: Set<string>;
  /** Who is in which team now, by its place among the sets. */
  readonly teams: Map<string, readonly number[]>;
  readonly clusters: ReadonlyMap<string, ClusterSpec>;
  rollout: Rollout;
  now: number;
  slackUp: boolean;
  frozen: boolean;
  /** Merges that GitHub refuses, or makes only half of. */
  merging: 'works' | 'refused' | 'half' | 'crash';
  checks: 'green' | 'pending';
  /** What the nodes do. */
  nodes: 'well' | 'slow' | 'broken' | 'none';
  decisions: number;
};

export function simulate(spec: FleetSpec): Sim {
  const opened = decide(undefined, {
    type: 'Open',
    release,
    family: 'al2023',
    scope: 'acme',
    attempt: 1,
    ...(spec.requester === undefined ? {} : { by: spec.requester }),
    environments: spec.environments.map(({ policy, waves }) => ({
      policy,
      waves: waves.map((wave, index) => ({
        name: `wave-${index + 1}`,
        clusters: wave.map(({ name }) => name),
      })),
      replaces: [],
    })),
    releasedAt: noon - hour,
    now: noon,
  });
  const rollout = rolloutOf(id, opened.events);
  if (rollout === undefined) throw new Error('nothing was opened');
  const clusters = spec.environments.flatMap(({ waves }) => waves.flat());
  return {
    spec,
    rollout,
    events: [...opened.events],
    ledger: emptyLedger(),
    changes: new Map(),
    git: {
      pulls: [],
      pins: spec.environments.flatMap(({ policy, waves }) =>
        waves.flat().flatMap((cluster) =>
          cluster.repositories.map((repository) => ({
            environment: policy.name,
            cluster: cluster.name,
            repository,
            value: 'al2023@v20261021',
            rest: 0,
          })),
        ),
      ),
    },
    policies: new Map(spec.environments.map(({ policy }) => [policy.name, policy])),
    approvers: new Set(people),
    teams: new Map(people.map((person) => [person, firstTeams(person)])),
    clusters: new Map(clusters.map((cluster) => [cluster.name, cluster])),
    now: noon,
    slackUp: true,
    frozen: false,
    merging: 'works',
    checks: 'green',
    nodes: 'well',
    decisions: 0,
  };
}

/** What the directory would answer now. */
export function mayDecide({ approvers, slackUp }: Sim, by: string): Authority {
  if (!slackUp) return 'unknown';
  if (by === 'U0GUEST') return 'guest-or-bot';
  return approvers.has(by) ? 'yes' : 'no';
}

/** Keeps a change under its digest, as the store does. */
export function record({ changes }: Sim, change: Change): Digest {
  const digest = digestKept(change);
  if (!changes.has(digest)) changes.set(digest, change);
  return digest;
}

export function recorded({ changes }: Sim, digest: Digest): Change {
  const change = changes.get(digest);
  if (change === undefined) throw new Error(`${digest} was never recorded`);
  return change;
}
