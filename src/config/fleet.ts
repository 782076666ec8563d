import { z } from 'zod';
import {
  address,
  flag,
  listOf,
  name,
  oneOf,
  region,
  relation,
  repository,
  secret,
  section,
  text,
} from './fields.ts';
import { filePattern } from './file-patterns.ts';
import { parseFilePattern } from './parse-file-pattern.ts';
import type { Secret } from './secret.ts';

// What is rolled out where, in which order, and by whose decision.

const patternForms = 'a path pattern, or a mapping with the keys pattern, environment, cluster';

const pattern = z.string({ error: () => patternForms }).check((context) => {
  const result = parseFilePattern(context.value);
  if (!result.ok) {
    context.issues.push({ code: 'custom', message: result.allowed, input: context.value });
  }
});

const namedPattern = section({
  pattern: pattern.describe('Path pattern.'),
  environment: name('an environment').optional().describe('Whose files these are.'),
  cluster: name('a cluster').optional().describe('Whose files these are.'),
  environments: listOf(name('an environment'), 'a list of environments, at least two')
    .min(2, { error: () => 'a list of environments, at least two' })
    .optional()
    .describe('All whose clusters read these files; they move with the last, under all policies.'),
});

export const Repository = section({
  repository: repository().describe('Repository as owner/name.'),
  branch: text(/^[^\s~^:?*[\\]{1,255}$/, 'the name of a branch')
    .prefault('main')
    .describe('Branch that is deployed: watched, and the base of pull requests.'),
  files: listOf(
    z.union(
      [
        pattern.transform((written) => filePattern(written)),
        namedPattern.transform(({ pattern: written, environment, cluster, environments }) =>
          filePattern(written, {
            ...(environments === undefined ? {} : { environments }),
            ...(environment === undefined ? {} : { environment }),
            ...(cluster === undefined ? {} : { cluster }),
          }),
        ),
      ],
      { error: () => patternForms },
    ),
    'a list of path patterns, at least one',
  )
    .min(1, { error: () => 'a list of path patterns, at least one' })
    .describe('Which files are watched, and whose they are; the first pattern that fits counts.'),
}).describe('A repository with node classes in it.');

const Api = section({
  server: address().optional().describe('Address of the API server; with token.'),
  token: secret(/^\S+$/, 'a bearer token').optional().describe('Bearer token for server.'),
  ca: text(/-----BEGIN CERTIFICATE-----/, 'certificates (PEM)')
    .optional()
    .describe('Certificates that vouch for server (PEM); default: the usual public ones.'),
  kubeconfig: text(/\S/, 'the path of a kubeconfig file').optional().describe('Path of a file.'),
  context: text(/\S/, 'a context of the kubeconfig file')
    .optional()
    .describe('Context of the kubeconfig; default: the name of the cluster.'),
  inCluster: flag().optional().describe('True: the cluster Amiable itself runs in.'),
}).check(
  relation<ApiKeys>(
    ({ server, kubeconfig, context, inCluster }) =>
      [server, kubeconfig ?? context, inCluster === true ? true : undefined].filter(
        (given) => given !== undefined,
      ).length <= 1,
    [],
    'needs one of server (with token), kubeconfig (with context) and inCluster, not several.',
  ),
  relation<ApiKeys>(
    ({ server, token }) => server === undefined || token !== undefined,
    ['token'],
    'is missing: server needs it.',
  ),
  relation<ApiKeys>(
    ({ server, token, ca }) => server !== undefined || (token === undefined && ca === undefined),
    ['server'],
    'is missing: token and ca belong to it.',
  ),
);
type ApiKeys = {
  readonly server?: unknown;
  readonly token?: unknown;
  readonly ca?: unknown;
  readonly kubeconfig?: unknown;
  readonly context?: unknown;
  readonly inCluster?: unknown;
};

/** How the API of a cluster is reached. */
export type ClusterApi =
  | {
      readonly kind: 'server';
      readonly server: string;
      readonly token: Secret;
      /** PEM. */
      readonly ca?: string;
    }
  /** `path` absent: where kubectl looks (KUBECONFIG, then `~/.kube/config`). */
  | { readonly kind: 'kubeconfig'; readonly path?: string; readonly context: string }
  | { readonly kind: 'in-cluster' };

function apiOf({ name: cluster, api }: { name: string; api: z.infer<typeof Api> }): ClusterApi {
  const { server, token, ca, kubeconfig, context = cluster, inCluster } = api;
  if (inCluster === true) return { kind: 'in-cluster' };
  if (server !== undefined && token !== undefined) {
    return { kind: 'server', server, token, ...(ca === undefined ? {} : { ca }) };
  }
  return { kind: 'kubeconfig', context, ...(kubeconfig === undefined ? {} : { path: kubeconfig }) };
}

export const Cluster = section({
  name: name('a cluster').describe('Name, as people read it and as {cluster} matches it.'),
  environment: name('an environment').describe('The environment it belongs to.'),
  region: region().describe('Its AWS region.'),
  kubernetes: text(/^1\.\d{2}$/, "a Kubernetes minor in quotes, such as '1.35'")
    .optional()
    .describe("Kubernetes minor of the control plane, in quotes: '1.35'; default: EKS is asked."),
  eks: text(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'the name of a cluster in EKS')
    .optional()
    .describe('Its name in EKS, where kubernetes is left out; default: name.'),
  api: Api.prefault({}).describe('How its API is reached: server, kubeconfig or inCluster.'),
  argocd: section({
    application: text(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'the name of an Application')
      .optional()
      .describe('Application that delivers the node classes; default: those that are found.'),
    namespace: text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'the name of a namespace')
      .prefault('argocd')
      .describe('Namespace of the Application.'),
    cluster: name('a cluster').optional().describe('Where Argo CD runs; default: here.'),
    url: address().optional().describe("Address of Argo CD's pages, for links."),
    syncNodeClass: flag()
      .prefault(false)
      .describe('True: a button syncs the EC2NodeClass, and nothing else, where auto-sync is off.'),
  })
    .optional()
    .describe('How its Argo CD is found; left out: by what its Applications manage and read.'),
  delivery: oneOf(['argocd', 'external'])
    .prefault('argocd')
    .describe('external: not by Argo CD (Flux, Terraform); only the live EC2NodeClass counts.'),
})
  .check(
    relation<{ readonly argocd?: unknown; readonly delivery?: unknown }>(
      ({ argocd, delivery }) => delivery !== 'external' || argocd === undefined,
      ['argocd'],
      'does not go with delivery: external, which is not by Argo CD.',
    ),
  )
  .transform((cluster) => ({ ...cluster, api: apiOf(cluster) }))
  .describe('A cluster.');
