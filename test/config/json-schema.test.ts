// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what a configuration says
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../src/config/json-schema.ts';
import { secretPaths } from '../../src/config/secret.ts';
import { changed, minimal } from './minimal-config.ts';

type Node = { readonly [key: string]: unknown };

const validate = new Ajv({ allErrors: true, strict: false }).compile(jsonSchema());
const example = readFileSync(new URL('../../amiable.example.yaml', import.meta.url), 'utf8');

describe('the JSON Schema for editors', () => {
  test.each([
    ['the least', minimal],
    ['the example', example],
    ['a variable for a number', changed(['appId: 42', 'appId: ${GITHUB_APP_ID}'])],
    ['a variable for a word', changed(['mode: merge', 'mode: ${MODE}'])],
    ['the embedded store', changed(['store:\n  table: amiable', 'store: embedded'])],
  ])('takes %s', (_, text) => {
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  test.each([
    ['an unknown key', changed(['version: 1', 'version: 1\nflet: x'])],
    ['a wrong word', changed(['mode: merge', 'mode: marge'])],
    ['a missing key', changed(['  channel: C0123ABC\n', ''])],
    ['a wrong duration', changed(['mode: merge', 'mode: merge\n    soak: 4 hours'])],
    ['a wrong number', changed(['version: 1', 'version: 1\nserver: { port: 99999 }'])],
    ['a minor that is a number', changed(["'1.34'", '1.34'])],
  ])('refuses %s', (_, text) => {
    expect(validate(parse(text))).toBe(false);
  });

  test('says of every key what it is for', () => {
    const silent = keysOf(jsonSchema()).filter(
      ({ node }) => typeof node['description'] !== 'string',
    );
    expect(silent.map(({ path }) => path)).toEqual([]);
  });

  test('gives defaults as they are written', () => {
    const defaults = new Map(keysOf(jsonSchema()).map(({ path, node }) => [path, node['default']]));
    expect(defaults.get('environments.*.soak')).toBe('1h');
    expect(defaults.get('server.port')).toBe(8080);
    expect(defaults.get('digest.at')).toBe('Mon 09:00');
  });

  test('marks exactly the keys whose values are never shown', () => {
    const marked = keysOf(jsonSchema()).filter(({ node }) => node['writeOnly'] === true);
    expect(new Set(marked.map(({ path }) => path))).toEqual(new Set(secretPaths));
  });
});

describe('every key of the schema', () => {
  const keys = [...new Set(keysOf(jsonSchema()).map(({ path }) => path))];

  test.each(keys)('%s is in the example, if only in a comment', (path) => {
    expect(example).toMatch(new RegExp(`(^|[\\s{#])${lastOf(path)}:`, 'm'));
  });

  test.each(keys)('%s is in docs/configuration.md', (path) => {
    const document = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const section = path.split('.')[0] ?? '';
    const chapter = document.split(/^## /m).find((part) => part.startsWith(`\`${section}\``));
    expect(chapter ?? '').toContain(
      `\`${
        path
          .split('.')
          .slice(1)
          .filter((part) => part !== '*')
          .join('.') || section
      }\``,
    );
  });
});

function lastOf(path: string): string {
  return (
    path
      .split('.')
      .filter((part) => part !== '*')
      .at(-1) ?? ''
  );
}

/** All keys below a node, `*` standing for a position in a list. */
function keysOf(node: Node, above = ''): { path: string; node: Node }[] {
  const below = (child: unknown, path: string) =>
    typeof child === 'object' && child !== null ? keysOf(child as Node, path) : [];
  const properties = Object.entries((node['properties'] ?? {}) as Record<string, Node>);
  return [
    ...properties.flatMap(([key, child]) => {
      const path = above === '' ? key : `${above}.${key}`;
      return [{ path, node: child }, ...below(child, path)];
    }),
    ...below(node['items'], `${above}.*`),
    ...((node['anyOf'] ?? []) as Node[]).flatMap((child) => below(child, above)),
  ];
}
