import type { Config } from './config.ts';
import type { Finding } from './config-error.ts';
import { referencePrefix, secretPaths } from './secret.ts';

/**
 * Asks AWS Secrets Manager for a secret: name or ARN, with `#key` behind it for one text of a JSON secret.
 * @throws Error when it is not there, may not be read, or holds no such text; its message must not hold the secret.
 */
export type ReadSecret = (reference: string, aws: Config['aws']) => Promise<string>;

/** Puts in what the references under the keys for secrets lead to; each secret is asked for once. */
export async function resolveSecrets(
  tree: unknown,
  read: (reference: string) => Promise<string>,
): Promise<{ readonly value: unknown; readonly findings: readonly Finding[] }> {
  const asked = new Map<string, Promise<string>>();
  const value = structuredClone(tree);
  const findings = await Promise.all(
    references(value).map(async ({ path, holder, key, text }): Promise<readonly Finding[]> => {
      const reference = text.slice(referencePrefix.length);
      const answer = asked.get(reference) ?? read(reference);
      asked.set(reference, answer);
      const why = await answer.then(
        (secret) => {
          holder[key] = secret;
          return whyUseless(secret);
        },
        (cause: unknown) => reasonOf(cause),
      );
      return why === undefined ? [] : [{ path, message: `refers to ${text}, ${why}.` }];
    }),
  );
  return { value, findings: findings.flat() };
}

function whyUseless(secret: string): string | undefined {
  if (secret.trim() === '') return 'which is empty';
  return secret.startsWith(referencePrefix) ? 'which is only another reference' : undefined;
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
