import type { Finish, FinishRule } from '../rollout/finish.ts';
import { jointPolicies } from '../rollout/joint-policies.ts';
import type { EnvironmentPolicy, MergeWindow, WaveSpec } from '../rollout/policy.ts';
import type { Config } from './config.ts';

/** The environments as policies, in promotion order: each after all it comes after, otherwise as written. */
export function environmentPolicies(config: Config): EnvironmentPolicy[] {
  const { policies, shared } = writtenPolicies(config);
  return jointPolicies(policies, shared);
}

/** The policies as each is written, in promotion order, and the environments that are said to share files. */
export function writtenPolicies(config: Config): {
  readonly policies: readonly EnvironmentPolicy[];
  readonly shared: readonly (readonly string[])[];
} {
  const shared = config.repositories.flatMap(({ files }) =>
    files.flatMap(({ environments = [] }) => (environments.length === 0 ? [] : [environments])),
  );
  return { policies: promotionOrder(config.environments).map(policyOf), shared };
}

/** What is not said is left out, so that a new key changes no policy that does not use it. */
function policyOf(environment: Config['environments'][number]): EnvironmentPolicy {
  const { name, after, mode, approval, recovery, waves, maxClustersRolling, freeze } = environment;
  const { soak, soakAtLeast, stableFor, expires, stallAfter, remindAfter, validFor } = environment;
  const { minimumAge, cadence, expedite, finish } = environment;
  const window = windowOf(environment);
  return {
    name,
    after,
    mode,
    ...(environment.protected ? { protected: true } : {}),
    ...pullRequestOf(environment),
    approval,
    recovery,
    waves: waves.map(waveOf),
    ...(maxClustersRolling === undefined ? {} : { maxClustersRolling }),
    ...(minimumAge === 0 ? {} : { minimumAgeMs: minimumAge }),
    ...(cadence === undefined ? {} : { cadence }),
    soakMs: soak,
    ...(soakAtLeast === undefined ? {} : { soakAtLeast }),
    stableForMs: stableFor,
    expiresMs: expires,
    ...(remindAfter === undefined ? {} : { remindAfterMs: remindAfter }),
    ...(validFor === undefined ? {} : { validForMs: validFor }),
    ...(window === undefined ? {} : { window }),
    ...(freeze.length === 0 ? {} : { freezes: freeze }),
    ...(expedite === undefined ? {} : { expedite }),
    ...(finish === undefined ? {} : { finish: finishOf(finish) }),
    stallAfterMs: stallAfter,
  };
}

type ConfiguredFinish = NonNullable<Config['environments'][number]['finish']>;

function finishOf({ pools, ...rule }: ConfiguredFinish): Finish {
  const own = Object.entries(pools).map(([name, one]) => [name, ruleOf(one)] as const);
  return { ...ruleOf(rule), ...(own.length > 0 && { pools: Object.fromEntries(own) }) };
}

function ruleOf(rule: ConfiguredFinish['pools'][string]): FinishRule {
  const { atLeast, patience: patienceMs } = rule;
  return { atLeast, patienceMs, ...(rule.then === 'ask' && { asks: true }) };
}

/** Only what is not as usual. */
function pullRequestOf({
  pullRequest: { open, merge } = {},
}: Config['environments'][number]): Pick<EnvironmentPolicy, 'pullRequest'> {
  const rule = {
    ...(open === 'on-detection' && merge !== 'in-github' ? { open } : {}),
    ...(merge === undefined || merge === 'when-green' ? {} : { merge }),
  };
  return Object.keys(rule).length === 0 ? {} : { pullRequest: rule };
}

function waveOf(wave: Config['environments'][number]['waves'][number]): WaveSpec {
  if (wave === 'rest') return wave;
  const { soak, ...clusters } = wave;
  return soak === undefined ? clusters : { ...clusters, soakMs: soak };
}

function windowOf({
  window,
  finishBefore,
  onWindowEnd = 'continue',
  ...environment
}: Config['environments'][number]): MergeWindow | undefined {
  if (window === undefined) return undefined;
  const { cron, duration, timeZone } = window;
  // Where people decide everything, a merge that cannot end in its window is theirs to start.
  const finishes = (finishBefore ?? (environment.protected ? 'window' : 'none')) === 'window';
  return {
    cron,
    durationMs: duration,
    timeZone,
    ...(finishes ? { finishBefore: true } : {}),
    ...(onWindowEnd === 'continue' ? {} : { onEnd: onWindowEnd }),
  };
}

/** The clusters of an environment, as written. */
export function clustersOf(config: Config, environment: string): Config['clusters'] {
  return config.clusters.filter((cluster) => cluster.environment === environment);
}

// Takes the first that waits for nobody, again and again. The cross-checks have refused circles.
function promotionOrder<Item extends { readonly name: string; readonly after: readonly string[] }>(
  items: readonly Item[],
): Item[] {
  const ordered: Item[] = [];
  const placed = new Set<string>();
  while (ordered.length < items.length) {
    const next = items.find(
      ({ name, after }) => !placed.has(name) && after.every((earlier) => placed.has(earlier)),
    );
    if (next === undefined) throw new Error('The environments wait for each other in a circle.');
    ordered.push(next);
    placed.add(next.name);
  }
  return ordered;
}
