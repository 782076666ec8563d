import type { Config } from './config.ts';
import { ConfigInvalidError } from './config-error.ts';
import { expandVariables } from './expand-variables.ts';
import { checkTree, parseConfig, type Variables } from './parse-config.ts';
import { readYaml } from './read-yaml.ts';
import { type ReadSecret, resolveSecrets } from './secret-references.ts';

/**
 * Reads a configuration file and the secrets it refers to. The file is checked first, so a typing error is told without
 * a call to AWS; what the references lead to is checked like what is written in the file.
 * @throws ConfigInvalidError with all errors; a retry helps only where a secret could not be read.
 */
export async function loadConfig(
  path: string,
  {
    env,
    readFile,
    secret,
  }: {
    readonly env: Variables;
    readonly readFile: (path: string) => Promise<string>;
    readonly secret: ReadSecret;
  },
): Promise<Config> {
  const text = await readFile(path).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigInvalidError(
      path,
      [{ path: '', message: `cannot be read: ${reason}.` }],
      cause,
    );
  });
  const parsed = parseConfig(text, env);
  if (!parsed.ok) throw new ConfigInvalidError(path, parsed.errors);
  const read = readYaml(text);
  if (!read.ok) throw new ConfigInvalidError(path, read.errors);
  const { value } = expandVariables(read.yaml.value, env);
  const { aws } = parsed.config;
  const resolved = await resolveSecrets(value, (reference) => secret(reference, aws));
  const complete = checkTree(read.yaml, resolved.value, resolved.findings);
  if (!complete.ok) throw new ConfigInvalidError(path, complete.errors);
  return complete.config;
}
