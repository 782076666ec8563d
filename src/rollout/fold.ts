import type { Environment, Rollout } from './rollout.ts';
import type { Part, Wave } from './wave.ts';

type OfWave = { readonly environment: string; readonly wave: string };
type OfPart = Pick<Part, 'repository' | 'number'>;

/** The rollout with one environment changed; an unknown name changes nothing. */
export function withEnvironment(
  rollout: Rollout,
  name: string,
  change: (environment: Environment) => Environment,
): Rollout {
  return {
    ...rollout,
    environments: rollout.environments.map((environment) =>
      environment.policy.name === name ? change(environment) : environment,
    ),
  };
}

/** The rollout with one wave changed, forward or on the way back. */
export function withWave(rollout: Rollout, of: OfWave, change: (wave: Wave) => Wave): Rollout {
  return withEnvironment(rollout, of.environment, (found) => changedWave(found, of.wave, change));
}

/** The environment with one wave changed, forward or on the way back; an unknown name changes nothing. */
export function changedWave(
  environment: Environment,
  name: string,
  change: (wave: Wave) => Wave,
): Environment {
  const changed = (wave: Wave) => (wave.name === name ? change(wave) : wave);
  return {
    ...environment,
    waves: environment.waves.map(changed),
    recoveries: environment.recoveries.map(changed),
  };
}

/** The same number may be taken in two repositories. */
export function isPart(of: OfPart): (part: OfPart) => boolean {
  return ({ repository, number }) => repository === of.repository && number === of.number;
}

/** The wave with one of its pull requests changed, current or given up. */
export function withPart(wave: Wave, of: OfPart, change: (part: Part) => Part): Wave {
  const changed = (part: Part) => (isPart(of)(part) ? change(part) : part);
  return { ...wave, parts: wave.parts.map(changed), abandoned: wave.abandoned.map(changed) };
}
