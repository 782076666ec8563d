import type { Config } from './config.ts';
import type { Finding } from './config-error.ts';
import { referencePrefix, secretPaths } from './secret.ts';

/**
 * Asks AWS Secrets Manager for a secret by name or ARN.
 * @throws Error when it is not there, may not be read, or holds no text.
 */
export type ReadSecret = (nameOrArn: string, aws: Config['aws']) => Promise<string>;

/** Puts in what the references under the keys for secrets lead to; each secret is asked for once. */
export async function resolveSecrets(
  tree: unknown,
  read: (nameOrArn: string) => Promise<string>,
): Promise<{ readonly value: unknown; readonly findings: readonly Finding[] }> {
  const asked = new Map<string, Promise<string>>();
  const value = structuredClone(tree);
  const findings: Finding[] = [];
  for (const { path, holder, key, text } of references(value)) {
    const [nameOrArn = '', jsonKey] = text.slice(referencePrefix.length).split('#', 2);
    const answer = asked.get(nameOrArn) ?? read(nameOrArn);
    asked.set(nameOrArn, answer);
    const result = await answer.then(
      (secret) => partOf(secret, jsonKey),
      (cause: unknown) => ({ reason: reasonOf(cause) }),
    );
    if ('reason' in result) {
      findings.push({ path, message: `refers to ${text}, ${result.reason}.` });
    } else holder[key] = result.secret;
  }
  return { value, findings };
}

type Resolved = { readonly secret: string } | { readonly reason: string };

function partOf(secret: string, jsonKey: string | undefined): Resolved {
  const found = jsonKey === undefined ? secret : memberOf(secret, jsonKey);
  if (found === undefined) {
    return { reason: `which is not JSON with the text or number ${JSON.stringify(jsonKey)} in it` };
  }
  if (found.trim() === '') return { reason: 'which is empty' };
  if (found.startsWith(referencePrefix)) return { reason: 'which is only another reference' };
  return { secret: found };
}

function memberOf(secret: string, key: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(secret);
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, key))
      return undefined;
    const member = (parsed as Readonly<Record<string, unknown>>)[key];
    return typeof member === 'string' || typeof member === 'number' ? String(member) : undefined;
  } catch (cause) {
    // The parser's message quotes the secret: it must not travel on.
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return `which cannot be read (${said.replaceAll(/\s+/g, ' ').slice(0, 200)})`;
}

type Reference = {
  readonly path: readonly PropertyKey[];
  readonly holder: Record<PropertyKey, unknown>;
  readonly key: PropertyKey;
  readonly text: string;
};

function references(tree: unknown): Reference[] {
  return secretPaths.flatMap((path) => below(tree, path.split('.'), []));
}

function below(
  tree: unknown,
  [part, ...rest]: string[],
  path: readonly PropertyKey[],
): Reference[] {
  if (part === undefined || typeof tree !== 'object' || tree === null) return [];
  if (part === '*') {
    return Array.isArray(tree)
      ? tree.flatMap((item: unknown, index) => below(item, rest, [...path, index]))
      : [];
  }
  const holder = tree as Record<PropertyKey, unknown>;
  const value = holder[part];
  const here = [...path, part];
  if (rest.length > 0) return below(value, rest, here);
  return typeof value === 'string' && value.startsWith(referencePrefix)
    ? [{ path: here, holder, key: part, text: value }]
    : [];
}
