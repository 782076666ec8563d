import { ConfigInvalidError } from '../config/config-error.ts';
import { parseRecordsConfig } from '../config/parse-config.ts';
import type { RecordsConfig } from '../config/records-config.ts';
import { CommandError } from './output.ts';
import { readConfigFile } from './read-config-file.ts';

/** Reads what whoever audits needs of a configuration: no token and no secret of the service. */
export async function loadRecordsConfig(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<RecordsConfig> {
  const parsed = parseRecordsConfig(await readConfigFile(path), env);
  if (parsed.ok) return parsed.config;
  throw new CommandError(new ConfigInvalidError(path, parsed.errors).message, 2);
}
