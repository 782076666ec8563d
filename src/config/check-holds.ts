import { longestHoldMs } from '../rollout/hold.ts';
import type { Instant } from '../shared/time.ts';
import type { Config } from './config.ts';
import type { ConfigError } from './config-error.ts';

/**
 * Holds of the configuration that would last longer than any may. It depends on the day, so it is looked at where a file
 * is validated or loaded; a file that was right once stays right, since every day brings the ends nearer.
 */
export function tooLongHolds({ holds }: Pick<Config, 'holds'>, now: Instant): ConfigError[] {
  return holds.flatMap(({ until }, index) =>
    until <= now + longestHoldMs
      ? []
      : [
          {
            path: `holds[${index}].until`,
            message: 'is more than 90 days away: a hold is at most that long, and then set anew.',
          },
        ],
  );
}
