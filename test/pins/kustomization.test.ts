import { expect, test } from 'vitest';
import { isKustomization, kustomizationTargets } from '../../src/pins/kustomization.ts';

const targets = (text: string) => kustomizationTargets(new TextEncoder().encode(text));

test('resources, bases, components and patches by path are what a kustomization takes in', () => {
  expect(
    targets(`resources: [../../base, nodeclass.yaml]
bases:
  - ../old
components: [ "../../components/gpu" ]
patches:
  - path: patch.yaml
    target: { kind: EC2NodeClass }
  - patch: |-
      - op: replace
patchesStrategicMerge: [merge.yaml]
namePrefix: x-
configMapGenerator:
  - name: a
    files: [other.yaml]
`),
  ).toEqual([
    ...['../../base', 'nodeclass.yaml', '../old', '../../components/gpu', 'patch.yaml'],
    'merge.yaml',
  ]);
});

test.each([
  '',
  'just text',
  '- a list',
  'resources: ../base',
  'resources: {a: b}',
  '{{ x }}',
  '\0',
])('%j takes in nothing', (text) => expect(targets(text)).toEqual([]));

test.each([
  ['kustomization.yaml', true],
  ['a/kustomization.yml', true],
  ['a/Kustomization', true],
  ['a/my-kustomization.yaml', false],
])('%s is one: %s', (path, expected) => expect(isKustomization(path)).toBe(expected));
