import { existsSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { createClusters } from '../../../src/adapters/kubernetes/create-clusters.ts';
import { Faults } from '../../../src/sandbox/faults.ts';
import type { ApplicationSpec } from '../../../src/sandbox/kubernetes/argocd/application.ts';
import { startKubernetesStandIn } from '../../../src/sandbox/kubernetes/kubernetes-stand-in.ts';
import { second } from '../../../src/shared/time.ts';
import { manualClock } from '../../fakes/manual-clock.ts';
import { crdChecker } from '../../sandbox/kubernetes/crd-schema.ts';
import { foldersGit } from '../../sandbox/kubernetes/folders-git.ts';
import {
  cluster,
  manifests,
  newAlias,
  noon,
  oldAlias,
  resolveForTest,
  settled,
} from '../../sandbox/kubernetes/start-for-test.ts';

const gitops = 'https://github.com/acme/gitops.git';
const child = {
  project: 'platform',
  source: { repoURL: gitops, path: 'clusters/prod', targetRevision: 'main' },
  destination: { name: cluster, namespace: 'karpenter' },
  syncPolicy: { automated: {} },
};
const plain = { cluster, repoURL: gitops, branch: 'main', path: 'clusters/prod' };
const root = { ...plain, name: 'root', hub: 'hub', cluster: 'hub', path: 'root' };

type Shape = {
  readonly name: string;
  readonly application: ApplicationSpec;
  /** What stands in Git beside the node classes. */
  readonly files?: Readonly<Record<string, string>>;
  /** The file that a rollout changes, and what it says for an alias. */
  readonly path: string;
  readonly content: (alias: string) => string;
  readonly finds: string;
  readonly above?: readonly string[];
};

const inFolder = {
  path: 'clusters/prod/karpenter.yaml',
  content: (alias: string) => manifests({ alias }),
};
const raw = (alias: string) =>
  stringify({
    resources: manifests({ alias })
      .split('---\n')
      .map((text) => parse(text) as unknown),
  });

const shapes: readonly Shape[] = [
  {
    name: 'one folder, in a hub',
    application: { ...plain, name: 'karpenter-prod', hub: 'hub' },
    ...inFolder,
    finds: 'karpenter-prod',
  },
  {
    name: 'a chart and, as a second source, the folder',
    application: {
      ...plain,
      name: 'karpenter-prod',
      hub: 'hub',
      sources: [
        { repoURL: 'public.ecr.aws/karpenter', chart: 'karpenter', targetRevision: '1.14.1' },
        { repoURL: gitops, path: 'clusters/prod', targetRevision: 'main' },
      ],
    },
    ...inFolder,
    finds: 'karpenter-prod',
  },
  {
    name: 'a chart with its values in another source',
    application: {
      ...plain,
      name: 'karpenter-prod',
      sources: [
        {
          repoURL: 'https://charts.example.com',
          chart: 'raw',
          targetRevision: '2.0.0',
          helm: { valueFiles: ['$values/values/prod.yaml'] },
        },
        { repoURL: gitops, targetRevision: 'main', ref: 'values' },
      ],
    },
    path: 'values/prod.yaml',
    content: raw,
    finds: 'karpenter-prod',
  },
  {
    name: 'an Application of Applications',
    application: root,
    files: {
      'root/prod.yaml': stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { name: 'prod-child', namespace: 'argocd' },
        spec: child,
      }),
    },
    ...inFolder,
    finds: 'prod-child',
    above: ['root'],
  },
  {
    name: 'an ApplicationSet',
    application: root,
    files: {
      'root/set.yaml': stringify({
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'ApplicationSet',
        metadata: { name: 'karpenter', namespace: 'argocd' },
        spec: {
          generators: [{ list: { elements: [{ cluster, folder: 'prod' }] } }],
          template: {
            metadata: { name: 'karpenter-{{cluster}}' },
            spec: {
              ...child,
              source: { ...child.source, path: 'clusters/{{folder}}' },
              destination: { name: '{{cluster}}', namespace: 'karpenter' },
            },
          },
        },
      }),
    },
    ...inFolder,
    finds: `karpenter-${cluster}`,
  },
];

async function start({ application, files = {}, path, content }: Shape) {
  const clock = manualClock(noon);
  const { git, push } = foldersGit({ 'acme/gitops': { ...files, [path]: content(oldAlias) } });
  const standIn = await startKubernetesStandIn({
    clock,
    faults: new Faults('kubernetes'),
    git,
    resolve: resolveForTest,
    clusters: [
      {
        name: cluster,
        region: 'eu-west-1',
        kubernetes: '1.35',
        nodes: [{ nodePool: 'general', count: 2, arch: 'x86_64' }],
      },
      { name: 'hub', region: 'eu-west-1', kubernetes: '1.35', nodes: [] },
    ],
    argocd: { applications: [application] },
  });
  onTestFinished(() => standIn.close());
  const inside = application.hub === undefined;
  const direct = (name: string) => ({
    name,
    connection: {
      kind: 'server' as const,
      server: standIn.serverUrl(name),
      token: standIn.token(name),
    },
    delivery: inside ? {} : { cluster: 'hub' },
  });
  const clusters = createClusters({ clusters: [direct(cluster), direct('hub')], clock });
  onTestFinished(() => clusters.close());
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += second) {
      clock.advance(second);
      standIn.tick();
    }
    await settled();
  };
  return { clusters, standIn, push, pass };
}

test.each(shapes)(
  '$name: its owner is found by repository, path and revision, and says the merge',
  async (shape) => {
    const { clusters, standIn, push, pass } = await start(shape);
    const what = {
      nodeClasses: ['default'],
      files: [{ repository: 'acme/gitops', branch: 'main', path: shape.path }],
    };
    const merge = push('acme/gitops', { [shape.path]: shape.content(newAlias) });
    standIn.notifyPush('acme/gitops');
    await pass(15 * second);
    const found = await clusters.deliverers(cluster, what);
    if (found.kind !== 'argocd') throw new Error(JSON.stringify(found));
    expect(found.applications.map(({ name }) => name)).toEqual([shape.finds]);
    expect(found.above.map(({ name }) => name)).toEqual(shape.above ?? []);
    const [owner] = found.applications;
    expect(owner).toMatchObject({ sync: 'Synced', revision: merge });
    expect(owner?.operation).toMatchObject({ phase: 'Succeeded', revision: merge });
    expect(owner?.sources?.flatMap(({ compared }) => compared ?? [])).toEqual([merge]);
    const [nodeClass] = standIn.objects(cluster, 'ec2nodeclasses');
    expect(nodeClass?.spec.amiSelectorTerms).toEqual([{ alias: newAlias }]);
    // by what it reads alone, before it has brought anything
    const unknown = { ...what, nodeClasses: ['another'] };
    const byPath = await clusters.deliverers(cluster, unknown);
    expect(byPath).toMatchObject({ kind: 'argocd', applications: [{ name: shape.finds }] });
    // of another branch nobody is the owner
    const elsewhere = { ...unknown, files: [{ ...what.files[0], branch: 'next' }] };
    expect((await clusters.deliverers(cluster, elsewhere as typeof what)).kind).toBe('unknown');
  },
);

const crds = '../shared/reference/data/crds';

// needs the public CRDs, which only a development machine has
test.skipIf(!existsSync(crds)).each(shapes)(
  '$name: what is served fits the CRDs',
  async (shape) => {
    const { standIn, push, pass } = await start(shape);
    push('acme/gitops', { [shape.path]: shape.content(newAlias) });
    standIn.notifyPush('acme/gitops');
    const check = crdChecker(`${crds}/argoproj.io_applications.yaml`, 'v1alpha1');
    const checkProject = crdChecker(`${crds}/argoproj.io_appprojects.yaml`, 'v1alpha1');
    const faults = new Set<string>();
    let seen = 0;
    for (let turn = 0; turn < 15; turn += 1) {
      await pass(second);
      for (const where of ['hub', cluster]) {
        const applications = standIn.objects(where, 'applications');
        seen += applications.length;
        for (const fault of applications.flatMap((one) => check(one))) faults.add(fault);
        for (const project of standIn.objects(where, 'appprojects'))
          for (const fault of checkProject(project)) faults.add(fault);
      }
    }
    expect([...faults]).toEqual([]);
    expect(seen).toBeGreaterThan(10);
  },
);
