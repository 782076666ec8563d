import { z } from 'zod';
import type { DecisionRule } from '../rollout/policy.ts';
import { SlackGroupId, SlackUserId } from '../shared/ids.ts';
import {
  address,
  duration,
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
  wholeNumber,
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
        namedPattern.transform(({ pattern: written, environment, cluster }) =>
          filePattern(written, {
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
    application: text(
      /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
      'the name of an Application',
    ).describe('Application that delivers the node classes.'),
    namespace: text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'the name of a namespace')
      .prefault('argocd')
      .describe('Namespace of the Application.'),
    cluster: name('a cluster').optional().describe('Where Argo CD runs; default: here.'),
  })
    .optional()
    .describe('The Argo CD Application that delivers to it; left out: none is looked at.'),
})
  .transform((cluster) => ({ ...cluster, api: apiOf(cluster) }))
  .describe('A cluster.');

const from = listOf(
  text(/^[UWS][A-Z0-9]{2,20}$/, 'the id of a Slack user (U…, W…) or user group (S…)'),
  'a list of Slack user ids (U…, W…) and user group ids (S…), at least one',
).min(1, {
  error: () => 'a list of Slack user ids (U…, W…) and user group ids (S…), at least one',
});

const Rule = section({
  from: from.describe('Slack user ids (U…, W…) and user group ids (S…).'),
  count: wholeNumber(1, 20).prefault(1).describe('How many different people it takes.'),
})
  .check(
    relation<{ from?: unknown }>(
      ({ from: ids }) => !Array.isArray(ids) || new Set(ids).size === ids.length,
      ['from'],
      'names somebody twice, who would still count once.',
    ),
    relation<{ from?: unknown; count?: unknown }>(
      ({ from: ids, count }) =>
        !Array.isArray(ids) ||
        typeof count !== 'number' ||
        ids.some((id) => typeof id !== 'string' || id.startsWith('S')) ||
        count <= Math.max(1, new Set(ids).size),
      ['count'],
      'is more than the people in from, which names no user group: nobody could ever decide.',
    ),
  )
  .transform(
    ({ from: ids, count }): DecisionRule => ({
      users: ids.filter((id) => !id.startsWith('S')).map((id) => SlackUserId.parse(id)),
      groups: ids.filter((id) => id.startsWith('S')).map((id) => SlackGroupId.parse(id)),
      count,
    }),
  );

const waveForms =
  'rest, {clusters: 1}, {clusters: [name, …]} or {perRegion: 1}, numbers being at least 1';

const atLeastOne = 'a whole number, at least 1';
const oneOrMore = z.int({ error: () => atLeastOne }).min(1, { error: () => atLeastOne });
const someClusters = `${atLeastOne}, or a list of cluster names`;

const Wave = z.union(
  [
    z.literal('rest'),
    z.strictObject({
      clusters: z
        .union(
          [
            z.int({ error: () => someClusters }).min(1, { error: () => someClusters }),
            listOf(name('a cluster'), someClusters).min(1, { error: () => someClusters }),
          ],
          { error: () => someClusters },
        )
        .describe('So many of those left, or these.'),
    }),
    z.strictObject({ perRegion: oneOrMore.describe('So many of each region.') }),
  ],
  { error: () => waveForms },
);

/** Where nothing is ever asked, nobody may answer. */
const nobody: DecisionRule = { users: [], groups: [], count: 1 };

export const Environment = section({
  name: name('an environment').describe('Name, as people read it and {environment} matches it.'),
  after: listOf(name('an environment'), 'a list of environments')
    .prefault([])
    .describe('Environments that must have soaked healthily first.'),
  mode: oneOf(['observe', 'propose', 'merge']).describe(
    'observe: only say; propose: open pull requests; merge: merge them too.',
  ),
  waves: listOf(Wave, `a list of waves, at least one: ${waveForms}`)
    .min(1, { error: () => `a list of waves, at least one: ${waveForms}` })
    .prefault(['rest'])
    .describe('Which clusters move together, in order.'),
  approval: Rule.optional().describe('Who approves; may be left out where mode is observe.'),
  recovery: Rule.optional().describe('Who pauses and rolls back; default: approvers, count 1.'),
  soak: duration('0s', '30d').prefault('1h').describe('Healthy time before the next wave.'),
  stableFor: duration('0s', '1d')
    .prefault('2m')
    .describe('How long all nodes must run the new image before the soak begins.'),
  expires: duration('5m', '90d').prefault('7d').describe('When an unanswered ask ends.'),
  stallAfter: duration('1m', '7d')
    .prefault('30m')
    .describe('A wave in which no node finished for this long is called stalled.'),
})
  .check(
    relation<{ approval?: unknown; mode?: unknown }>(
      ({ approval, mode }) => approval !== undefined || (mode !== 'propose' && mode !== 'merge'),
      ['approval'],
      'is missing: it must say who approves, unless mode is observe.',
    ),
  )
  .transform(({ approval = nobody, recovery, ...environment }) => ({
    ...environment,
    approval,
    recovery: recovery ?? { ...approval, count: 1 },
  }))
  .describe('An environment and its policy.');
