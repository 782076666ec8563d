import { tooLongHolds } from '../config/check-holds.ts';
import { configErrorLine } from '../config/config-error.ts';
import { jsonSchema } from '../config/json-schema.ts';
import { parseConfig } from '../config/parse-config.ts';
import { systemClock } from '../shared/clock.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';
import { readConfigFile } from './read-config-file.ts';

/**
 * `config validate FILE` and `config schema`.
 * @throws CommandError (2) when the file is not a configuration, after a line for each error.
 */
export async function configCommand(
  [what, file = 'amiable.yaml']: readonly string[],
  { out, err }: Output,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  if (what === 'schema') {
    out(JSON.stringify(jsonSchema(), undefined, 2));
    return;
  }
  if (what !== 'validate') {
    throw new CommandError('Use: amiable config validate FILE, or amiable config schema', 2);
  }
  const parsed = parseConfig(await readConfigFile(file), env);
  const errors = parsed.ok ? tooLongHolds(parsed.config, systemClock.now()) : parsed.errors;
  if (errors.length === 0) {
    out(`${file} is valid.`);
    return;
  }
  for (const error of errors) err(configErrorLine(file, error));
  const { length } = errors;
  throw new CommandError(`${file}: ${length} ${length === 1 ? 'error' : 'errors'}.`, 2);
}
