import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';

/** A secret that AWS gave, but that does not hold what was asked for. Never says what it holds instead. */
class SecretError extends Error {
  override readonly name = 'SecretError';
}

/**
 * Reads secrets by reference: `secretsmanager:<arn or name>`, or without the prefix; `#key` at the end picks one string of
 * a secret that is a JSON object. An ARN names its region; a name is looked for in `region`.
 * @throws AwsError when it cannot be read, SecretError when it has no such key.
 */
export function createSecrets(
  connection: AwsConnection & { readonly region: string },
): (reference: string) => Promise<string> {
  const secretsOf = once(async (region) => {
    const { GetSecretValueCommand, SecretsManagerClient } = await import(
      '@aws-sdk/client-secrets-manager'
    );
    const client = new SecretsManagerClient(clientOptions(connection, region));
    return (SecretId: string, abortSignal: AbortSignal) =>
      client.send(new GetSecretValueCommand({ SecretId }), { abortSignal });
  });
  return async (reference) => {
    const [id = '', key] = reference.replace(/^secretsmanager:/, '').split('#');
    const region = /^arn:[^:]*:secretsmanager:([^:]+):/.exec(id)?.[1] ?? connection.region;
    const send = await secretsOf(region);
    const answer = await readAws(connection, 'SecretsManager', 'GetSecretValue', (signal) =>
      send(id, signal),
    );
    const { SecretString, SecretBinary } = answer;
    const text = SecretString ?? (SecretBinary && Buffer.from(SecretBinary).toString('utf8'));
    if (text === undefined) throw new SecretError(`The secret ${id} is empty`);
    return key === undefined ? text : memberOf(text, id, key);
  };
}

function memberOf(text: string, id: string, key: string): string {
  const json = parsed(text);
  const isObject = json !== null && typeof json === 'object' && Object.hasOwn(json, key);
  const value = isObject ? (json as Readonly<Record<string, unknown>>)[key] : undefined;
  if (typeof value !== 'string')
    throw new SecretError(`The secret ${id} has no text at key ${key}`);
  return value;
}

/** The parser's own error would quote the secret. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
