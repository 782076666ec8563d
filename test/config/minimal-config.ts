import type { Config } from '../../src/config/config.ts';
import { type ParsedConfig, parseConfig } from '../../src/config/parse-config.ts';

/** What the variables of the texts in these tests and documents stand for. */
export const variables = {
  SLACK_BOT_TOKEN: 'xoxb-1-of-test',
  SLACK_APP_TOKEN: 'xapp-1-of-test',
  SLACK_SIGNING_SECRET: 'signing-of-test',
  GITHUB_APP_ID: '42',
  GITHUB_PRIVATE_KEY:
    '-----BEGIN RSA PRIVATE KEY-----\\nMIIE-of-test\\n-----END RSA PRIVATE KEY-----\\n',
  GITHUB_WEBHOOK_SECRET: 'webhook-of-test',
  AMIABLE_ACCESS_KEY_ID: 'access-of-test',
  AMIABLE_SECRET_ACCESS_KEY: 'key-of-test',
  AMIABLE_SESSION_TOKEN: 'session-of-test',
  PORT: '8081',
  PROD_EU_1_TOKEN: 'token-of-test',
  PROD_EU_1_CA: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
};

/** The least that is a configuration: two environments, three clusters, all defaults. */
export const minimal = `version: 1
slack:
  mode: socket
  botToken: \${SLACK_BOT_TOKEN}
  appToken: \${SLACK_APP_TOKEN}
  channel: C0123ABC
github:
  appId: 42
  privateKey: \${GITHUB_PRIVATE_KEY}
aws:
  region: eu-central-1
store:
  table: amiable
repositories:
  - repository: acme/gitops
    files: ['clusters/{environment}/{cluster}/*.yaml']
clusters:
  - { name: stag-1, environment: staging, region: eu-central-1, kubernetes: '1.35' }
  - { name: prod-1, environment: production, region: eu-central-1, kubernetes: '1.35' }
  - { name: prod-2, environment: production, region: us-east-1, kubernetes: '1.34' }
environments:
  - name: staging
    mode: merge
    approval: { from: [U0ANN] }
  - name: production
    after: [staging]
    mode: merge
    approval: { from: [U0ANN, S0OPS], count: 2 }
`;

/** The minimal text with some passages replaced; each must be there. */
export function changed(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The minimal configuration has no ${from}`);
    return text.replace(from, () => to);
  }, minimal);
}

/** The configuration of a text that is right. */
export function configOf(text: string): Config {
  const parsed = parseConfig(text, variables);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors, undefined, 1));
  return parsed.config;
}

/** The errors of a text, as `key: message`. */
export function errorsOf(text: string, env: Record<string, string> = variables): string[] {
  return linesOf(parseConfig(text, env));
}

function linesOf(parsed: ParsedConfig): string[] {
  return parsed.ok ? [] : parsed.errors.map(({ path, message }) => `${path}: ${message}`);
}
