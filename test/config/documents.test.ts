import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { bindFile } from '../../src/config/file-patterns.ts';
import { configOf, errorsOf, minimal } from './minimal-config.ts';

const example = readFileSync(new URL('../../amiable.example.yaml', import.meta.url), 'utf8');
const document = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

test('the example is a configuration', () => {
  expect(errorsOf(example)).toEqual([]);
});

test('the example binds the files it speaks of', () => {
  const [gitops, platform] = configOf(example).repositories;
  if (gitops === undefined || platform === undefined) throw new Error('Two repositories expected');
  expect(bindFile(gitops, 'clusters/production/prod-eu-1/karpenter/nodeclass.yaml')).toEqual({
    environment: 'production',
    cluster: 'prod-eu-1',
  });
  expect(bindFile(platform, 'karpenter/dev/nodeclass.yaml')).toEqual({ environment: 'dev' });
});

test('what the example calls a default is the default', () => {
  const lines = example.split('\n');
  const marked = lines.flatMap((line, index) =>
    /^\s*[a-zA-Z]+: .* # default(;.*)?$/.test(line) ? [index] : [],
  );
  expect(marked.length).toBeGreaterThan(25);
  const config = JSON.stringify(configOf(example));
  for (const index of marked) {
    const without = lines
      .filter((_, at) => at !== index)
      .join('\n')
      .replaceAll(/^(\w+):\n(?=\n|$)/gm, '$1: {}\n');
    expect([lines[index], JSON.stringify(configOf(without))]).toEqual([lines[index], config]);
  }
});

describe('docs/configuration.md', () => {
  const snippets = [...document.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(
    ([, text = '']) => text,
  );

  test('has examples', () => {
    expect(snippets.length).toBeGreaterThan(10);
  });

  // A snippet is a whole configuration, or some sections of one: those replace the sections of the least configuration.
  test.each(snippets)('this example is right:\n%s', (snippet) => {
    const base = /^version:/m.test(snippet) ? {} : parse(fleetOf(snippet));
    const merged = stringify({ ...base, ...parse(snippet) });
    expect(errorsOf(merged)).toEqual([]);
  });
});

/** The least configuration, with the clusters and environments the documents speak of. */
function fleetOf(snippet: string): string {
  const needsFleet = /^(environments|repositories|clusters):/m.test(snippet);
  return needsFleet ? example : minimal;
}
