import { readFile } from 'node:fs/promises';
import { jsonSchema } from '../config/json-schema.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/** `config validate FILE` and `config schema`. */
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
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(`${file} cannot be read.`, 2, { cause });
  });
  const parsed = parseConfig(text, env);
  if (parsed.ok) {
    out(`${file} is valid.`);
    return;
  }
  for (const { path, message } of parsed.errors) err(path === '' ? message : `${path} ${message}`);
  const { length } = parsed.errors;
  throw new CommandError(`${file}: ${length} ${length === 1 ? 'error' : 'errors'}.`, 1);
}
