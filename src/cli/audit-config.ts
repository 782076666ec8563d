import { readFile } from 'node:fs/promises';
import { ConfigInvalidError } from '../config/config-error.ts';
import { parseRecordsConfig } from '../config/parse-config.ts';
import type { RecordsConfig } from '../config/records-config.ts';
import { CommandError } from './output.ts';

/** Reads what whoever audits needs of a configuration: no token and no secret of the service. */
export async function loadRecordsConfig(
  path: string,
  env: NodeJS.ProcessEnv,
): Promise<RecordsConfig> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`${path} cannot be read.`, 2, { cause });
  });
  const parsed = parseRecordsConfig(text, env);
  if (parsed.ok) return parsed.config;
  throw new CommandError(new ConfigInvalidError(path, parsed.errors).message, 2);
}
