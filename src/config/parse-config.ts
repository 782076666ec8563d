import { Config } from './config.ts';
import { type ConfigError, type Finding, spellPath } from './config-error.ts';
import { crossChecks } from './cross-checks.ts';
import { expandVariables } from './expand-variables.ts';
import { explainIssues } from './explain-issue.ts';
import { readYaml, type YamlText } from './read-yaml.ts';
import { RecordsConfig, recordsKeys } from './records-config.ts';
import { withoutSecrets } from './secret.ts';

export type ParsedConfig =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads `amiable.yaml` without asking anybody: all errors at once, in the order of the file. Secrets kept in Secrets
 * Manager stay references, which `loadConfig` resolves.
 */
export function parseConfig(text: string, env: Variables): ParsedConfig {
  const read = readYaml(text);
  if (!read.ok) return read;
  const { value, findings } = expandVariables(read.yaml.value, env);
  return checkTree(read.yaml, value, findings);
}

/**
 * Reads only what records need: where they are, how AWS is reached, and who people are. Whoever audits has no Slack
 * token; what is wrong or missing elsewhere in the file is not looked at.
 */
export function parseRecordsConfig(
  text: string,
  env: Variables,
):
  | { readonly ok: true; readonly config: RecordsConfig }
  | { readonly ok: false; readonly errors: readonly ConfigError[] } {
  const read = readYaml(text);
  if (!read.ok) return read;
  const { value, findings } = expandVariables(read.yaml.value, env);
  const result = RecordsConfig.safeParse(value, { reportInput: false });
  const mine = findings.filter(({ path }) => recordsKeys.has(String(path[0])));
  const told = new Set(mine.map(({ path }) => spellPath(path)));
  const more = result.success ? [] : explainIssues(result.error.issues, read.yaml.value, value);
  const all = [...mine, ...more.filter(({ path }) => !told.has(spellPath(path)))];
  if (result.success && all.length === 0) return { ok: true, config: result.data };
  return { ok: false, errors: inFileOrder(all.map((one) => placed(one, read.yaml))) };
}

/** The second half: `tree` is the file with its variables put in, `found` what was wrong with them. */
export function checkTree(yaml: YamlText, tree: unknown, found: readonly Finding[]): ParsedConfig {
  if (tree === null || tree === undefined) {
    return { ok: false, errors: [{ path: '', message: 'is empty.' }] };
  }
  const result = Config.safeParse(tree, { reportInput: false });
  const told = new Set(found.map(({ path }) => spellPath(path)));
  const more = [
    ...(result.success ? [] : explainIssues(result.error.issues, yaml.value, tree)),
    ...crossChecks(tree),
  ].filter(({ path }) => !told.has(spellPath(path)));
  if (result.success && found.length + more.length === 0) return { ok: true, config: result.data };
  return { ok: false, errors: inFileOrder([...found, ...more].map((one) => placed(one, yaml))) };
}

function placed({ path, message }: Finding, yaml: YamlText): ConfigError {
  const place = yaml.place(path);
  // Names may be quoted by errors about other keys, and keys themselves may be misplaced values.
  return { path: withoutSecrets(spellPath(path)), message: withoutSecrets(message), ...place };
}

function inFileOrder(errors: readonly ConfigError[]): ConfigError[] {
  return [...errors].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}
