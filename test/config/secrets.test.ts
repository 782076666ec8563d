// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a configuration says
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigInvalidError, configErrorLine } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { mayHoldSecret, secretOf } from '../../src/config/secret.ts';
import { changed, configOf, minimal, variables } from './minimal-config.ts';

const privateKey = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----';

/** Secrets Manager with these secrets: text by name, JSON's members by `#key`, as the adapter answers. */
function vault(secrets: Record<string, string>) {
  const asked: string[] = [];
  return {
    asked,
    secret: async (reference: string) => {
      asked.push(reference);
      const found = secrets[reference];
      if (found === undefined) throw new Error('ResourceNotFoundException: no such secret');
      return found;
    },
  };
}

function load(text: string, secret: (reference: string) => Promise<string>) {
  return loadConfig('amiable.yaml', { env: variables, readFile: async () => text, secret });
}

const referring = changed(
  ['${SLACK_BOT_TOKEN}', 'secretsmanager:amiable#bot'],
  [
    '${GITHUB_PRIVATE_KEY}',
    'secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:key-AbCdEf',
  ],
);
const kept = {
  'amiable#bot': 'xoxb-kept',
  'arn:aws:secretsmanager:eu-central-1:111122223333:secret:key-AbCdEf': privateKey,
};

describe('a secret kept in Secrets Manager', () => {
  test('stays a reference while the file is only checked', () => {
    const { botToken } = configOf(referring).slack;
    expect(botToken.reference).toBe('amiable#bot');
    expect(() => botToken.reveal()).toThrow('has not been read yet');
  });

  test('is there once the configuration is loaded', async () => {
    const { asked, secret } = vault(kept);
    const config = await load(referring, secret);
    expect(config.slack.botToken.reveal()).toBe('xoxb-kept');
    expect(config.slack.botToken.reference).toBeUndefined();
    expect(config.github.privateKey.reveal()).toBe(privateKey);
    expect(asked).toHaveLength(2);
  });

  test('is asked for once, wherever it is used, and in the region the file names', async () => {
    const regions: string[] = [];
    const text = changed(
      [
        "kubernetes: '1.35' }",
        "kubernetes: '1.35', api: { server: 'https://a.test', token: 'secretsmanager:t' } }",
      ],
      [
        "kubernetes: '1.34' }",
        "kubernetes: '1.34', api: { server: 'https://b.test', token: 'secretsmanager:t' } }",
      ],
    );
    await loadConfig('amiable.yaml', {
      env: variables,
      readFile: async () => text,
      secret: async (_, { region }) => {
        regions.push(region);
        return 'token';
      },
    });
    expect(regions).toEqual(['eu-central-1']);
  });

  test('that cannot be read, is empty or is the wrong thing is told with its key, all at once', async () => {
    const { secret } = vault({ ...kept, 'amiable#bot': 'xapp-hush-hush' });
    const text = referring
      .replace('${SLACK_APP_TOKEN}', 'secretsmanager:nowhere')
      .replace('key-AbCdEf', 'empty');
    const failure = await load(text, async (reference) =>
      reference.endsWith('empty') ? ' ' : secret(reference),
    ).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConfigInvalidError);
    const { message } = failure as ConfigInvalidError;
    expect(message.split('\n')).toEqual([
      'amiable.yaml cannot be used:',
      'amiable.yaml:4:3 slack.botToken: "secretsmanager:amiable#bot" is not allowed, once resolved: it must be a bot token (xoxb-…), or secretsmanager:<arn or name>.',
      'amiable.yaml:5:3 slack.appToken: refers to secretsmanager:nowhere, which cannot be read (Error: ResourceNotFoundException: no such secret).',
      'amiable.yaml:9:3 github.privateKey: refers to secretsmanager:arn:aws:secretsmanager:eu-central-1:111122223333:secret:empty, which is empty.',
    ]);
  });

  test('is not asked for while the file has errors', async () => {
    const { asked, secret } = vault(kept);
    await expect(load(referring.replace('mode: merge', 'mode: x'), secret)).rejects.toThrow(
      'environments[0].mode',
    );
    expect(asked).toEqual([]);
  });
});

test('a file that cannot be read is told by its name and reason', async () => {
  const readFile = async () => {
    throw new Error('ENOENT: no such file');
  };
  await expect(
    loadConfig('amiable.yaml', { env: {}, readFile, secret: async () => '' }),
  ).rejects.toThrow('amiable.yaml: cannot be read: ENOENT: no such file.');
});

test('a private key may be written with \\n for its line breaks', () => {
  expect(configOf(minimal).github.privateKey.reveal()).toContain('KEY-----\nMIIE');
});

test('a secret does not show, however it is printed', () => {
  const secret = secretOf('hush');
  const shown = [inspect({ secret }, { depth: 9 }), JSON.stringify({ secret }), `${secret}`];
  expect(shown.join()).not.toContain('hush');
  expect(secret.reveal()).toBe('hush');
});

test('a whole configuration does not show its secrets', () => {
  const config = configOf(minimal);
  const shown = inspect(config, { depth: 9 }) + JSON.stringify(config);
  for (const text of ['xoxb-1', 'xapp-1', 'MIIE-of-test']) expect(shown).not.toContain(text);
});

test('the keys above a secret may hold one by mistake, those beside it not', () => {
  expect(mayHoldSecret(['slack'])).toBe(true);
  expect(mayHoldSecret(['clusters', 3, 'api', 'token'])).toBe(true);
  expect(mayHoldSecret(['slack', 'channel'])).toBe(false);
  expect(mayHoldSecret(['slack', 'botToken', 'x'])).toBe(false);
});

test('no error ever shows a secret, wherever it was pasted and however the file is broken', () => {
  const secrets = [
    'xoxb-111111-222222-abcdefghijkl',
    'xapp-1-A0-222-abcdef',
    'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
    '0123456789abcdef0123456789abcdef',
    'https://user:hunter2hunter2@a.test',
  ];
  const lines = minimal.split('\n');
  const shapes = [
    (line: string, secret: string) => line.replace(/:( |$).*/, `: ${secret}`),
    (line: string, secret: string) => line.replace(/:( |$).*/, `: "${secret}`),
    (line: string, secret: string) => line.replace(/:( |$).*/, `: [${secret}, ${secret}`),
    (line: string, secret: string) => line.replace(/:( |$).*/, `: ["${secret}"]`),
    (line: string, secret: string) => line.replace(/:( |$).*/, `: { key: "${secret}" }`),
    (line: string, secret: string) => line.replace(/:( |$).*/, `: *${secret}`),
    (line: string, secret: string) => line.replace(/:( |$).*/, `: !${secret} x`),
    (line: string, secret: string) =>
      line.replace(/:( |$).*/, ': ${PASTED}').concat('x'.repeat(secret.length % 2)),
    (line: string, secret: string) => `${line}\n${secret}`,
  ];
  let told = 0;
  fc.assert(
    fc.property(
      fc.nat(lines.length - 1),
      fc.constantFrom(...secrets),
      fc.constantFrom(...shapes),
      (index, pasted, shape) => {
        const text = lines
          .map((line, at) => (at === index ? shape(line, pasted) : line))
          .join('\n');
        const parsed = parseConfig(text, { ...variables, PASTED: pasted });
        if (parsed.ok) return;
        told += 1;
        const said = parsed.errors
          .map((error) => configErrorLine('amiable.yaml', error))
          .join('\n');
        expect(said).not.toContain(pasted);
        expect(said).not.toContain('hunter2');
        for (const value of Object.values(variables)) {
          if (value.endsWith('-of-test')) expect(said).not.toContain(value);
        }
      },
    ),
    { numRuns: 600 },
  );
  expect(told).toBeGreaterThan(200);
});
