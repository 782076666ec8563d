import { expect } from 'vitest';
import type { Command } from '../../src/rollout/command.ts';
import { decide } from '../../src/rollout/decide.ts';
import { RolloutEvent } from '../../src/rollout/events.ts';
import { evolve, rolloutOf } from '../../src/rollout/evolve.ts';
import { nextStep } from '../../src/rollout/next-step.ts';
import type { EnvironmentPlan } from '../../src/rollout/plan.ts';
import type { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import type { RefusalCode } from '../../src/rollout/refusal.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { stepKey } from '../../src/rollout/step.ts';
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
const production = policy('production', {
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
    before: wavesOf(environment, wave).map((cluster) => ({
      cluster,
      release: 'al2023@v20261021',
      proven: true,
      images: [],
    })),
  };
}

export function mergeStarted(
  environment: string,
  wave = 'wave-1',
  number = 1,
  of: Digest = digest,
): RolloutEvent {
  return {
    type: 'MergeStarted',
    ...inWave(environment, wave),
    parts: [{ repository, number, headSha: 'head' }],
    digest: of,
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

/** All approvals fall, and it is to be asked again. */
export function voided(environment: string): RolloutEvent {
  return { type: 'ApprovalsVoided', environment, because: 'change-moved', at: noon };
}

/** An ask for some waves only, as a second one is after others have moved. */
export function askedFor(
  waves: Readonly<Record<string, readonly string[]>>,
  ask = 2,
  changes: Partial<EnvironmentPolicy> = {},
): RolloutEvent {
  return {
    ...asked('production', ask, otherDigest),
    policy: { ...production, ...changes },
    waves: Object.entries(waves).map(([name, clusters]) => ({
      name,
      clusters: [...clusters],
      repositories: [repository],
    })),
  } as RolloutEvent;
}

export const backDigest = Digest.parse('c'.repeat(64));

/** One way back an environment, as the record asks for it. */
export function rollback(
  clusters: Readonly<Record<string, readonly string[]>>,
  number = 1,
): RolloutEvent {
  return {
    type: 'RollbackRequested',
    by: ann,
    reason: 'kernel hang in payments',
    recoveries: Object.entries(clusters).map(([environment, names]) => ({
      environment,
      wave: `rollback-${number}`,
      clusters: [...names],
      repositories: [repository],
      to: 'al2023@v20261021',
      digest: backDigest,
    })),
    leftOut: [],
    at: noon,
  };
}

export function pullRequestClosed(environment: string, wave = 'wave-1', number = 1): RolloutEvent {
  const inPart = { ...inWave(environment, wave), repository, number };
  return { type: 'PullRequestClosed', ...inPart, by: 'octocat' };
}

/** Staging is done, and production has its approvals. */
export const approvedProduction: readonly RolloutEvent[] = [
  opened,
  asked('staging'),
  granted('staging', ann),
  ...rolledOut('staging'),
  asked('production'),
  granted('production', ann),
  granted('production', bo),
];

/** Where an environment stands with all its waves: `rolling [complete waiting]`. */
export function standing(rollout: Rollout, name: string): string {
  const found = rollout.environments.find(({ policy: { name: one } }) => one === name);
  const phases = (waves: readonly { readonly phase: { readonly name: string } }[]) =>
    waves.map(({ phase }) => phase.name).join(' ');
  const back = found?.recoveries.length === 0 ? '' : ` back [${phases(found?.recoveries ?? [])}]`;
  return `${found?.phase.name} [${phases(found?.waves ?? [])}]${back}`;
}

/** Every step one look would do, as if none changed anything. */
export function stepsOf(rollout: Rollout, now = noon + minute): string[] {
  const looked = new Set<string>();
  for (;;) {
    const step = nextStep(rollout, now, looked);
    if (step.do === 'look-again' || step.do === 'rest') return [...looked];
    looked.add(stepKey(step));
  }
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
          // Every refusal is on record; `attempt-on-record.test.ts` looks at that.
          const more = decision.events.filter(({ type }) => type !== 'AttemptRefused');
          expect(more.map(({ type }) => type)).toEqual(types);
          return decision;
        },
      };
    },
  };
}
