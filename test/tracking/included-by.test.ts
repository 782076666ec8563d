import { expect, test } from 'vitest';
import { createIncludedBy } from '../../src/tracking/included-by.ts';

const includedBy = createIncludedBy(
  new Map([
    ['overlays/prod', ['../../middle', 'patch.yaml', 'https://github.com/acme/other//base']],
    ['overlays/staging', ['../../base', './nodeclass.yaml']],
    ['middle', ['../base', '../overlays/prod']],
    ['base', ['nodeclass.yaml', 'deep/x.yaml']],
    ['', ['base/nodeclass.yaml']],
  ]),
);

test('a file is taken in by the folders that build on its own, over any number of steps', () => {
  expect([...includedBy('base/nodeclass.yaml')].sort()).toEqual([
    'middle',
    'overlays/prod',
    'overlays/staging',
  ]);
  expect([...includedBy('base/deep/x.yaml')].sort()).toHaveLength(3);
});

test('the folder of a file does not count, nor what no kustomization names', () => {
  expect(includedBy('overlays/staging/nodeclass.yaml')).toEqual([]);
  // a circle ends
  expect(includedBy('overlays/prod/patch.yaml')).toEqual(['middle']);
  expect(includedBy('base/other.yaml')).toEqual([]);
});
