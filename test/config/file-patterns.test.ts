import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindFile, filePattern } from '../../src/config/file-patterns.ts';
import { parseFilePattern } from '../../src/config/parse-file-pattern.ts';

const bind = (pattern: string, path: string) => bindFile({ files: [filePattern(pattern)] }, path);

test.each([
  [
    'clusters/{environment}/{cluster}/**/*.yaml',
    'clusters/prod/eu-1/a.yaml',
    { environment: 'prod', cluster: 'eu-1' },
  ],
  [
    'clusters/{environment}/{cluster}/**/*.yaml',
    'clusters/prod/eu-1/x/y/a.yaml',
    { environment: 'prod', cluster: 'eu-1' },
  ],
  ['clusters/{cluster}/**', 'clusters/eu-1/x/y.json', { cluster: 'eu-1' }],
  ['**/{cluster}/nodeclass.yaml', 'eu-1/nodeclass.yaml', { cluster: 'eu-1' }],
  ['**/{cluster}/nodeclass.yaml', 'a/b/eu-1/nodeclass.yaml', { cluster: 'eu-1' }],
  ['values-{cluster}.yaml', 'values-eu-1.yaml', { cluster: 'eu-1' }],
  ['{environment}.{cluster}.yaml', 'prod.eu-1.yaml', { environment: 'prod', cluster: 'eu-1' }],
  ['{cluster}-values.yaml', 'eu-values-values.yaml', { cluster: 'eu-values' }],
  ['*.{environment}.yaml', 'a.b.prod.yaml', { environment: 'prod' }],
  ['plain/file.yaml', 'plain/file.yaml', {}],
])('%s takes %s for %o', (pattern, path, binding) => {
  expect(bind(pattern, path)).toEqual(binding);
});

test.each([
  ['clusters/{environment}/{cluster}/*.yaml', 'clusters/prod/eu-1/x/a.yaml'],
  ['clusters/{environment}/{cluster}/*.yaml', 'clusters/prod/a.yaml'],
  ['clusters/{cluster}/*.yaml', 'clusters/EU_1/a.yaml'],
  ['clusters/{cluster}/*.yaml', 'clusters//a.yaml'],
  ['clusters/{cluster}/*.yaml', 'other/clusters/eu-1/a.yaml'],
  ['clusters/{cluster}/*.yaml', 'clusters/eu-1/a.yaml.bak'],
  ['a.yaml', 'axyaml'],
  ['{cluster}/a.yaml', `${'a'.repeat(64)}/a.yaml`],
  ['{cluster}/**', `a/${'b'.repeat(1100)}`],
])('%s does not take %s', (pattern, path) => {
  expect(bind(pattern, path)).toBeUndefined();
});

test('the first pattern that fits decides, and adds the names it was given', () => {
  const files = [
    filePattern('shared/*.yaml', { environment: 'dev' }),
    filePattern('{environment}/*.yaml', { cluster: 'eu-1' }),
    filePattern('**', { environment: 'rest' }),
  ];
  expect(bindFile({ files }, 'shared/a.yaml')).toEqual({ environment: 'dev' });
  expect(bindFile({ files }, 'prod/a.yaml')).toEqual({ environment: 'prod', cluster: 'eu-1' });
  expect(bindFile({ files }, 'prod/a/b.yaml')).toEqual({ environment: 'rest' });
});

test.each([
  ['', 'a path pattern of'],
  ['/clusters/*.yaml', "relative to the repository's root"],
  ['clusters/../*.yaml', "relative to the repository's root"],
  ['clusters/', "relative to the repository's root"],
  ['clusters/a**.yaml', '** only as a whole part'],
  ['clusters/*.{yaml,yml}', 'made of plain text'],
  ['clusters/{region}/*.yaml', 'made of plain text'],
  ['clusters/[ab].yaml', 'made of plain text'],
  ['{environment}-{cluster}.yaml', 'unambiguous'],
  ['{cluster}*.yaml', 'unambiguous'],
  ['{cluster}-*.yaml', 'unambiguous'],
  ['*.{cluster}.*', 'unambiguous'],
  ['**/{cluster}/**', 'unambiguous'],
  ['{cluster}/{cluster}.yaml', 'at most once'],
])('%j is refused as not being %s', (pattern, allowed) => {
  const result = parseFilePattern(pattern);
  expect(result.ok ? '' : result.allowed).toContain(allowed);
});

describe('whatever the pattern', () => {
  const piece = fc.constantFrom('a', 'b', '-', '.', '*', '{cluster}', '{environment}', 'ab', '_');
  const segment = fc.oneof(
    { weight: 1, arbitrary: fc.constant('**') },
    {
      weight: 4,
      arbitrary: fc.array(piece, { minLength: 1, maxLength: 4 }).map((list) => list.join('')),
    },
  );
  const pattern = fc
    .array(segment, { minLength: 1, maxLength: 5 })
    .map((list) => list.join('/'))
    .filter((text) => parseFilePattern(text).ok);
  const path = fc
    .array(fc.stringMatching(/^[ab._-]{1,5}$/), { minLength: 1, maxLength: 5 })
    .map((list) => list.join('/'));

  /** Paths made from the pattern, so that most of them fit. */
  const fitting = pattern.chain((text) =>
    fc
      .tuple(fc.constant(text), fc.infiniteStream(fc.stringMatching(/^[ab-]{1,3}$/)))
      .map(([source, words]) => {
        const next = () => words.next().value ?? 'a';
        const spelled = source
          .replaceAll('**', () => `${next()}/${next()}`)
          .replaceAll('*', () => next())
          .replaceAll(/\{\w+\}/g, () => next());
        return [source, spelled] as const;
      }),
  );

  test('it takes exactly what the same regular expression takes, with the same names', () => {
    fc.assert(
      fc.property(fc.oneof(fitting, fc.tuple(pattern, path)), ([text, file]) => {
        const match = asRegExp(text).exec(file);
        expect(bind(text, file)).toEqual(match === null ? undefined : { ...match.groups });
      }),
      { numRuns: 2000 },
    );
  });

  test('a path has one reading: looking for the shortest names first finds the same', () => {
    fc.assert(
      fc.property(fitting, ([text, file]) => {
        const lazy = asRegExp(text, '?').exec(file);
        expect({ ...lazy?.groups }).toEqual({ ...asRegExp(text).exec(file)?.groups });
      }),
      { numRuns: 2000 },
    );
  });

  function asRegExp(text: string, lazy = ''): RegExp {
    const source = text
      .replaceAll(/[.]/g, '\\.')
      .replaceAll(/\*\*\/|\*\*$|\*/g, (star) =>
        star === '**/'
          ? `(?:[^/]+/)*${lazy}`
          : star === '**'
            ? `(?:[^/]+/)*${lazy}[^/]*${lazy}`
            : `[^/]*${lazy}`,
      )
      .replaceAll(/\{(\w+)\}/g, `(?<$1>[a-z0-9-]{1,63}${lazy})`);
    return new RegExp(`^${source}$`);
  }

  test('a hostile pattern and path take no longer than their lengths say', () => {
    const hostile = `${'*a'.repeat(100)}b`;
    const started = performance.now();
    expect(bind(hostile, 'a'.repeat(1024))).toBeUndefined();
    expect(bind(`${'**/a/'.repeat(40)}b`, 'a/'.repeat(500))).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
