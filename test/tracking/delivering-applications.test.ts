import { expect, test } from 'vitest';
import { deliveringApplications } from '../../src/tracking/delivering-applications.ts';
import { isSameRepository } from '../../src/tracking/same-repository.ts';
import type { ApplicationView } from '../../src/tracking/types.ts';

const repository = 'https://github.com/acme/gitops.git';

function app(name: string, view: Partial<ApplicationView> = {}): ApplicationView {
  return {
    name,
    namespace: 'argocd',
    sync: 'Synced',
    health: 'Healthy',
    autoSync: true,
    conditions: [],
    destination: { name: 'prod' },
    sources: [],
    ...view,
  };
}

const moved = {
  nodeClasses: ['default'],
  files: [{ repository: 'acme/gitops', branch: 'main', path: 'prod/karpenter/class.yaml' }],
};

function found(...all: readonly ApplicationView[]) {
  const { applications, above } = deliveringApplications(all, moved, {
    isHere: ({ name }) => name === 'prod',
    isSame: isSameRepository,
  });
  return {
    applications: applications.map(({ name }) => name),
    above: above.map(({ name }) => name),
  };
}

const inFolder = { repository, folder: 'prod/karpenter', valueFiles: [] };

test.each([
  { what: 'manages the class', view: { nodeClasses: ['default'] } },
  { what: 'reads the folder', view: { sources: [inFolder] } },
  { what: 'follows the branch', view: { sources: [{ ...inFolder, revision: 'main' }] } },
  { what: 'follows the default branch', view: { sources: [{ ...inFolder, revision: 'HEAD' }] } },
  {
    what: 'takes the file as values of another source',
    view: {
      sources: [
        { repository: 'https://charts.test', valueFiles: ['$git/prod/karpenter/class.yaml'] },
        { repository, ref: 'git', valueFiles: [] },
      ],
    },
  },
])('an Application that $what delivers the change', ({ view }) => {
  expect(found(app('karpenter', view), app('another'))).toEqual({
    applications: ['karpenter'],
    above: [],
  });
});

test.each([
  { what: 'manages another class', view: { nodeClasses: ['gpu'] } },
  { what: 'delivers to another cluster', view: { nodeClasses: ['default'], destination: {} } },
  { what: 'reads another folder', view: { sources: [{ ...inFolder, folder: 'dev' }] } },
  { what: 'follows a tag', view: { sources: [{ ...inFolder, revision: 'v1' }] } },
])('an Application that $what does not', ({ view }) => {
  expect(found(app('karpenter', view))).toEqual({ applications: [], above: [] });
});

test('who manages the class counts before who only reads the folder', () => {
  const root = app('root', { sources: [inFolder] });
  expect(found(root, app('karpenter', { nodeClasses: ['default'] }))).toEqual({
    applications: ['karpenter'],
    above: [],
  });
});

test('an Application of Applications stands above those that deliver, wherever it delivers to', () => {
  const root = app('root', { destination: { name: 'hub' } });
  const parent = { kind: 'Application', name: 'root' } as const;
  expect(found(root, app('karpenter', { nodeClasses: ['default'], parent }))).toEqual({
    applications: ['karpenter'],
    above: ['root'],
  });
});

test('of two Applications of one name, the one in the namespace that the child names is above it', () => {
  const child = app('karpenter', {
    nodeClasses: ['default'],
    parent: { kind: 'Application', name: 'root', namespace: 'team-a' },
  });
  const { above } = deliveringApplications(
    [child, app('root', { namespace: 'team-a' }), app('root', { namespace: 'team-b' })],
    moved,
    { isHere: ({ name }) => name === 'prod', isSame: isSameRepository },
  );
  expect(above.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual(['team-a/root']);
});
