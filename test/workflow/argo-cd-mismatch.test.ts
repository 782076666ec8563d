import { expect, test } from 'vitest';
import { RepositoryName } from '../../src/shared/ids.ts';
import { readsFile } from '../../src/tracking/application-reads.ts';
import { isSameRepository } from '../../src/tracking/same-repository.ts';
import type { ApplicationSource } from '../../src/tracking/types.ts';
import { argoCdMismatches } from '../../src/workflow/argo-cd-mismatch.ts';
import type { WatchedPin } from '../../src/workflow/watched-pins.ts';

const gitops = 'https://github.com/acme/gitops.git';
const folder = (path: string): ApplicationSource => ({
  repository: gitops,
  folder: path,
  valueFiles: [],
});
const reads = (sources: readonly ApplicationSource[], path: string) =>
  readsFile(sources, path, (source) => isSameRepository(source.repository, 'acme/gitops'));

test.each([
  ['clusters/a', 'clusters/a/x.yaml', true],
  ['clusters/a/', 'clusters/a/deep/x.yaml', true],
  ['./clusters/a', 'clusters/ab/x.yaml', false],
  ['.', 'anything.yaml', true],
  ['clusters/a/../b', 'clusters/b/x.yaml', true],
])('a source at %s, and %s: %s', (path, file, expected) => {
  expect(reads([folder(path)], file)).toBe(expected);
});

test('value files are read where they stand: beside the chart, at the root, in another source', () => {
  const chart = {
    ...folder('charts/nodes'),
    valueFiles: ['../../values/a.yaml', '/values/b.yaml'],
  };
  expect(reads([chart], 'values/a.yaml')).toBe(true);
  expect(reads([chart], 'values/b.yaml')).toBe(true);
  expect(reads([chart], 'values/c.yaml')).toBe(false);
  const remote = { repository: 'https://charts.example.com', valueFiles: ['$git/values/c.yaml'] };
  const git = { repository: gitops, ref: 'git', valueFiles: [] };
  expect(reads([remote, git], 'values/c.yaml')).toBe(true);
  expect(reads([remote], 'values/c.yaml')).toBe(false);
});

test('another repository of that path is another file', () => {
  expect(reads([{ ...folder('a'), repository: 'https://github.com/acme/other' }], 'a/x')).toBe(
    false,
  );
});

const fleet = {
  clusters: [
    { name: 'stg', environment: 'staging', region: 'eu-west-1' },
    { name: 'prod', environment: 'production', region: 'eu-west-1' },
  ],
};
const file = (path: string, environment: string, clusters: string[], shared?: string[]) =>
  ({
    repository: RepositoryName.parse('acme/gitops'),
    path,
    branch: 'main',
    environment,
    clusters,
    pin: { nodeClass: 'default' },
    ...(shared === undefined ? {} : { shared }),
  }) as unknown as WatchedPin;
const mismatches = (pins: WatchedPin[], sources: Record<string, ApplicationSource[]>) =>
  Object.fromEntries(
    argoCdMismatches(
      fleet,
      { pins },
      new Map(Object.entries(sources).map(([cluster, all]) => [cluster, [{ sources: all }]])),
    ),
  );

test('patterns and Applications that agree have nothing to tell', () => {
  const pins = [
    file('stg/n.yaml', 'staging', ['stg']),
    file('prod/n.yaml', 'production', ['prod']),
  ];
  expect(mismatches(pins, { stg: [folder('stg')], prod: [folder('prod')] })).toEqual({});
  // Who was not asked disagrees with nobody.
  expect(mismatches(pins, {})).toEqual({});
});

test('an Application that reads none of its cluster’s files is told, with what it reads', () => {
  const pins = [file('stg/n.yaml', 'staging', ['stg'])];
  expect(mismatches(pins, { stg: [folder('elsewhere')] })).toEqual({
    stg: [expect.stringContaining('reads none of its watched files; it reads')],
  });
});

test('a file that another environment reads too must be said to be shared', () => {
  const base = file('base/n.yaml', 'production', ['prod']);
  const sources = { stg: [folder('base')], prod: [folder('base')] };
  expect(mismatches([base], sources)).toEqual({
    stg: [expect.stringContaining('environments: [production, staging]')],
  });
  const shared = file('base/n.yaml', 'production', ['stg', 'prod'], ['staging', 'production']);
  expect(mismatches([shared], sources)).toEqual({});
});

test('an Application that manages other node classes, or follows another branch, reads no pin of the file', () => {
  const base = file('base/n.yaml', 'production', ['prod']);
  const told = (application: object) =>
    argoCdMismatches(fleet, { pins: [base] }, new Map([['stg', [application]]]));
  expect(told({ sources: [folder('base')], nodeClasses: ['default'] }).size).toBe(1);
  expect(told({ sources: [folder('base')], nodeClasses: ['gpu'] }).size).toBe(0);
  expect(told({ sources: [{ ...folder('base'), revision: 'release' }] }).size).toBe(0);
  const own = argoCdMismatches(
    fleet,
    { pins: [base] },
    new Map([['prod', [{ sources: [{ ...folder('base'), revision: 'release' }] }]]]),
  );
  expect(own.get('prod')).toEqual([expect.stringContaining(`${gitops} base at release`)]);
});
