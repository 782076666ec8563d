import { inspect } from 'node:util';

const hidden = '[secret]';

/** A value that must not be seen: whatever prints, logs or serialises it gets `[secret]` instead. */
export type Secret = {
  /** Where it is kept (what follows `secretsmanager:`); absent once the value is known. */
  readonly reference?: string;
  /** The value. @throws Error while it is only a reference: `loadConfig` resolves those. */
  reveal(): string;
  toJSON(): string;
  toString(): string;
};

export const referencePrefix = 'secretsmanager:';

/** Wraps what the configuration says: the value itself, or `secretsmanager:<arn or name>[#json-key]`. */
export function secretOf(text: string): Secret {
  const unresolved = text.startsWith(referencePrefix)
    ? { reference: text.slice(referencePrefix.length) }
    : {};
  const secret: Secret & { [inspect.custom](): string } = {
    ...unresolved,
    reveal() {
      if (unresolved.reference !== undefined) {
        throw new Error(`The secret ${unresolved.reference} has not been read yet.`);
      }
      return text;
    },
    toJSON: () => hidden,
    toString: () => hidden,
    [inspect.custom]: () => hidden,
  };
  return secret;
}

/**
 * Every key that holds a secret, `*` standing for a position in a list. Kept by hand because errors must be redacted
 * also where the file does not fit the schema; a test compares it with the schema.
 */
export const secretPaths: readonly string[] = [
  'slack.botToken',
  'slack.appToken',
  'slack.signingSecret',
  'github.privateKey',
  'github.webhookSecret',
  'aws.credentials.accessKeyId',
  'aws.credentials.secretAccessKey',
  'aws.credentials.sessionToken',
  'clusters.*.api.token',
  'server.gatesToken',
  'environments.*.health.promql.*.token',
  'page.routingKey',
  'page.token',
];

/** True for a secret's own key and for every key above it, where a misplaced secret might stand instead of a mapping. */
export function mayHoldSecret(path: readonly PropertyKey[]): boolean {
  const spelled = path.map((part) => (typeof part === 'number' ? '*' : String(part)));
  return secretPaths.some((secretPath) => {
    const parts = secretPath.split('.');
    return spelled.every((part, index) => part === parts[index]) && spelled.length <= parts.length;
  });
}

const telltale = String.raw`xox[a-z]-\w|xapp-\w|gh[pousr]_|PRIVATE KEY|\bA[KS]IA|:\/\/[^/@\s]+@|[A-Za-z0-9+=_]{28,}`;
const secretInside = new RegExp(telltale);
const secretWords = new RegExp(`[^\\s"',]*(?:${telltale})[^\\s"',]*`, 'g');

/** Tokens and keys people paste into the wrong place; long runs without a separator are taken for one. */
export function looksSecret(text: string): boolean {
  return secretInside.test(text);
}

/** The text with every word that looks like a secret left out. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(secretWords, '[not shown]');
}
