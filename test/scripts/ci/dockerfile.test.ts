import { expect, test } from 'vitest';
import { execForm, parseDockerfile, parseDockerignore } from '../../../scripts/ci/dockerfile.ts';

test('comments go, continued lines join, flags are told apart from arguments', () => {
  const parsed = parseDockerfile(
    '# a comment\nFROM node:24 AS build\n\nCOPY --from=build /a \\\n  ./b\nRUN npm ci --omit=dev\n',
  );
  expect(parsed.map(({ word, flags, rest }) => [word, Object.fromEntries(flags), rest])).toEqual([
    ['FROM', {}, 'node:24 AS build'],
    ['COPY', { from: 'build' }, '/a ./b'],
    ['RUN', {}, 'npm ci --omit=dev'],
  ]);
});

test('the shell form is refused where words are needed', () => {
  expect(execForm('["node", "a.mjs"]')).toEqual(['node', 'a.mjs']);
  expect(() => execForm('"node a.mjs"')).toThrow('Not an exec form');
});

test('a pattern in .dockerignore is refused rather than misread', () => {
  expect(parseDockerignore('# no\ndist\n\n.git\n')).toEqual(['dist', '.git']);
  expect(() => parseDockerignore('*.log')).toThrow('is a pattern');
});
