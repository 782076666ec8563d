import { expect, test } from 'vitest';
import { execForm, parseDockerfile, parseDockerignore } from '../../scripts/ci/dockerfile.ts';
import { readText } from './read-infra.ts';

const instructions = parseDockerfile(readText('Dockerfile'));
const lastFrom = instructions.findLastIndex(({ word }) => word === 'FROM');
const shipped = instructions.slice(lastFrom);
const restOf = (word: string) => shipped.find((one) => one.word === word)?.rest;

test('every stage stands on one LTS of Node.js, without a registry of its own', () => {
  const images = instructions
    .filter(({ word }) => word === 'FROM')
    .map(({ rest }) => rest.split(' ')[0]);
  expect(images.length).toBeGreaterThan(1);
  expect(new Set(images)).toEqual(new Set(['node:24-bookworm-slim']));
});

test('the image runs as somebody without rights, by number, so that a platform can see it', () => {
  expect(restOf('USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/);
});

test('nothing is built in the image that is shipped, and only production dependencies get there', () => {
  expect(shipped.filter(({ word }) => word === 'RUN')).toEqual([]);
  const modules = shipped.find(({ rest }) => rest.includes('node_modules'));
  const source = modules?.flags.get('from');
  const begin = instructions.findIndex(({ rest }) => rest.endsWith(` AS ${source}`));
  const stage = instructions.slice(begin + 1);
  const installs = stage
    .slice(
      0,
      stage.findIndex(({ word }) => word === 'FROM'),
    )
    .filter(({ word }) => word === 'RUN');
  expect(installs.map(({ rest }) => rest)).toEqual(['npm ci --omit=dev --ignore-scripts']);
});

test('it has a health check, and runs the service when nothing else is said', () => {
  const check = restOf('HEALTHCHECK') ?? '';
  expect(execForm(check.replace(/^CMD\s+/, '')).join(' ')).toContain('/healthz');
  expect(execForm(restOf('ENTRYPOINT') ?? '')).toEqual(['node', '/app/bin/amiable.mjs']);
  expect(execForm(restOf('CMD') ?? '')[0]).toBe('serve');
});

test('what must not reach a build stays out', () => {
  const ignored = parseDockerignore(readText('.dockerignore'));
  expect(ignored).toEqual(expect.arrayContaining(['.git', 'node_modules', 'dist', '.amiable']));
});
