import { createSecrets } from '../adapters/aws/secrets.ts';
import { awsConnection } from '../compose/aws-connection.ts';
import { tooLongHolds } from '../config/check-holds.ts';
import type { Config } from '../config/config.ts';
import { ConfigInvalidError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Clock } from '../shared/time.ts';
import { CommandError } from './output.ts';
import { readConfigFile } from './read-config-file.ts';

/**
 * Reads the configuration and its secrets.
 * @throws CommandError with every error in it, one a line.
 */
export async function load(path: string, clock: Clock, env: NodeJS.ProcessEnv): Promise<Config> {
  const text = await readConfigFile(path);
  const config = await loadConfig(path, {
    env,
    readFile: async () => text,
    secret: (reference, aws) =>
      createSecrets({ ...awsConnection({ aws }, clock), region: aws.region })(reference),
  }).catch((cause: unknown) => {
    throw cause instanceof ConfigInvalidError
      ? new CommandError(cause.message, 2, { cause })
      : cause;
  });
  const tooLong = tooLongHolds(config, clock.now());
  if (tooLong.length > 0) {
    const cause = new ConfigInvalidError(path, tooLong);
    throw new CommandError(cause.message, 2, { cause });
  }
  return config;
}
