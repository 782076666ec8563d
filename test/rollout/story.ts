import { expect } from 'vitest';
import type { Command } from '../../src/rollout/command.ts';
import { decide } from '../../src/rollout/decide.ts';
import type { EnvironmentPlan } from '../../src/rollout/events.ts';
import { RolloutEvent } from '../../src/rollout/events.ts';
import { evolve, rolloutOf } from '../../src/rollout/evolve.ts';
import type { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import type { RefusalCode } from '../../src/rollout/refusal.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { Digest, ReleaseId, RepositoryName, RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { hour, minute } from '../../src/shared/time.ts';

export const id = RolloutId.parse('ro_0123456789');
export const release = ReleaseId.parse('al2023@v20261118');
export const repository = RepositoryName.parse('acme/gitops');
export const ann = SlackUserId.parse('U0ANN');
export const bo = SlackUserId.parse('U0BO');
export const cy = SlackUserId.parse('U0CY');
export const noon = Date.UTC(2026, 10, 20, 12);
export const digest = Digest.parse('a'.repeat(64));
export const otherDigest = Digest.parse('b'.repeat(64));

export function policy(name: string, changes: Partial<EnvironmentPolicy> = {}): EnvironmentPolicy {
  return {
    name,
    after: [],
    mode: 'merge',
    approval: { users: [ann, bo], groups: [], count: 1 },
    recovery: { users: [ann, bo], groups: [], count: 1 },
    waves: ['rest'],
    soakMs: hour,
    stableForMs: 2 * minute,
    expiresMs: 7 * 24 * hour,
    stallAfterMs: 30 * minute,
    ...changes,
  };
}

export function plan(
  of: EnvironmentPolicy,
  waves: readonly (readonly string[])[],
): EnvironmentPlan {
  return {
    policy: of,
    waves: waves.map((clusters, i) => ({ name: `wave-${i + 1}`, clusters: [...clusters] })),
    replaces: waves.flat().map((cluster) => ({ cluster, release: 'al2023@v20261021', pins: 1 })),
  };
}

export const staging = policy('staging');
export const production = policy('production', {
  after: ['staging'],
  approval: { users: [ann, bo], groups: [], count: 2 },
});

export const opened: RolloutEvent = {
  type: 'RolloutOpened',
  release,
  family: 'al2023',
  scope: 'acme',
  attempt: 1,
  environments: [plan(staging, [['stg']]), plan(production, [['prod-a'], ['prod-b', 'prod-c']])],
  at: noon,
};

export function asked(
  environment: 'staging' | 'production',
  ask = 1,
  of: Digest = digest,
): RolloutEvent {
  const waves = environment === 'staging' ? [['stg']] : [['prod-a'], ['prod-b', 'prod-c']];
  return {
    type: 'ApprovalRequested',
    environment,
    ask,
    digest: of,
    policy: environment === 'staging' ? staging : production,
    waves: waves.map((clusters, i) => ({
      name: `wave-${i + 1}`,
      clusters,
      repositories: [repository],
    })),
    pins: waves.flat().length,
    expiresAt: noon + 7 * 24 * hour,
    at: noon,
  };
}

export function granted(environment: string, by: SlackUserId, of: Digest = digest): RolloutEvent {
  return { type: 'ApprovalGranted', environment, by, digest: of, at: noon };
}

const inWave = (environment: string, wave: string) => ({ environment, wave, at: noon });

export function pullRequest(environment: string, wave = 'wave-1', number = 1): RolloutEvent {
  return {
    type: 'PullRequestOpened',
    ...inWave(environment, wave),
    repository,
    number,
    url: `https://github.com/acme/gitops/pull/${number}`,
    branch: `amiable/${environment}-${wave}`,
    headSha: 'head',
    before: [
      {
        cluster: environment === 'staging' ? 'stg' : 'prod-a',
        release: 'al2023@v20261021',
        proven: true,
        images: [],
      },
    ],
  };
}

export function mergeStarted(environment: string, wave = 'wave-1', number = 1): RolloutEvent {
  return {
    type: 'MergeStarted',
    ...inWave(environment, wave),
    parts: [{ repository, number, headSha: 'head' }],
    digest,
    approvers: [ann],
    before: [],
  };
}

export function merged(
  environment: string,
  wave = 'wave-1',
  number = 1,
  approved = true,
): RolloutEvent {
  return {
    type: 'PullRequestMerged',
    ...inWave(environment, wave),
    repository,
    number,
    mergeSha: 'merge',
    by: 'amiable[bot]',
    approved,
  };
}

/** The events of a wave from its pull request to its end. */
export function rolledOut(
  environment: 'staging' | 'production',
  wave = 'wave-1',
  number = 1,
): RolloutEvent[] {
  const clusters = wavesOf(environment, wave);
  return [
    pullRequest(environment, wave, number),
    mergeStarted(environment, wave, number),
    merged(environment, wave, number),
    { type: 'MergeVerified', ...inWave(environment, wave) },
    ...clusters.map(
      (cluster): RolloutEvent => ({ type: 'SyncObserved', ...inWave(environment, wave), cluster }),
    ),
    { type: 'SoakStarted', ...inWave(environment, wave), until: noon + hour, total: 3 },
    { type: 'WaveCompleted', ...inWave(environment, wave), proven: true, replaced: 3, tail: [] },
  ];
}

function wavesOf(environment: string, wave: string): string[] {
  if (environment === 'staging') return ['stg'];
  return wave === 'wave-1' ? ['prod-a'] : ['prod-b', 'prod-c'];
}

/** The state after these events; each is parsed as the store parses it. */
export function after(...events: readonly RolloutEvent[]): Rollout {
  const rollout = rolloutOf(
    id,
    events.map((event) => RolloutEvent.parse(event)),
  );
  if (rollout === undefined) throw new Error('a story begins with RolloutOpened');
  return rollout;
}

/** `.decides(…)` and not `.then(…)`: an object with `then` is a promise to `await`. */
export function given(...events: readonly RolloutEvent[]) {
  const rollout = after(...events);
  return {
    when(command: Command) {
      const decision = decide(rollout, command);
      return {
        decides(...types: readonly RolloutEvent['type'][]) {
          expect(decision.refusal).toBeUndefined();
          expect(decision.events.map(({ type }) => type)).toEqual(types);
          return decision.events.reduce(evolve, rollout);
        },
        refuses(code: RefusalCode, ...types: readonly RolloutEvent['type'][]) {
          expect(decision.refusal?.code).toBe(code);
          expect(decision.events.map(({ type }) => type)).toEqual(types);
          return decision;
        },
      };
    },
  };
}
