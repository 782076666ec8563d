import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { errorsOf } from './minimal-config.ts';

const example: unknown = parse(
  readFileSync(new URL('../../amiable.example.yaml', import.meta.url), 'utf8'),
);

const values = [null, -3.5, '? !', [], [null], { key: 'x' }];

test('whatever stands at a key, its error is in our words and at that key', {
  timeout: 120_000,
}, () => {
  let told = 0;
  for (const path of pathsOf(example)) {
    for (const value of values) {
      const errors = errorsOf(stringify(withValue(example, path, value)));
      const key = spelled(path);
      const here = errors.filter(
        (error) => error.startsWith(key) || key.startsWith(error.split(/[.:]/)[0] ?? ''),
      );
      expect({ key, value, errors: errors.length > 0 ? here.length > 0 : true }).toEqual({
        key,
        value,
        errors: true,
      });
      for (const error of errors)
        expect(error).not.toMatch(
          /Invalid|expected|Unrecognized|Too (small|big)|undefined|\[object/,
        );
      told += errors.length;
    }
  }
  expect(told).toBeGreaterThan(500);
});

function pathsOf(node: unknown, above: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof node !== 'object' || node === null) return [[...above]];
  const entries = Array.isArray(node) ? [...node.entries()] : Object.entries(node);
  return [
    ...(above.length > 0 ? [[...above]] : []),
    ...entries.flatMap(([key, child]) => pathsOf(child, [...above, key])),
  ];
}

function withValue(
  node: unknown,
  [key, ...rest]: readonly (string | number)[],
  value: unknown,
): unknown {
  if (key === undefined) return value;
  if (Array.isArray(node))
    return node.map((child, index) => (index === key ? withValue(child, rest, value) : child));
  const mapping = node as Readonly<Record<string, unknown>>;
  return { ...mapping, [key]: withValue(mapping[key], rest, value) };
}

function spelled(path: readonly (string | number)[]): string {
  return path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`,
    )
    .join('');
}
