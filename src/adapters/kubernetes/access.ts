import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';

/** What a cluster lets us do. */
export type Access = {
  /** As the API server tells it, such as `v1.35.6-eks-3f9d1e7`. */
  readonly version: string;
  /** Rights that tracking needs and that are missing, as `list nodeclaims.karpenter.sh`; empty: all are there. */
  readonly missing: readonly string[];
  /** Whether the brake could be set: `patch nodes`, which is optional. */
  readonly mayBrake: boolean;
};

type Right = {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
};

const watched: readonly (readonly [string, string])[] = [
  ['karpenter.sh', 'nodepools'],
  ['karpenter.sh', 'nodeclaims'],
  ['karpenter.k8s.aws', 'ec2nodeclasses'],
  ['', 'nodes'],
  ['', 'pods'],
  ['', 'events'],
  ['policy', 'poddisruptionbudgets'],
];

const Version = z.object({ gitVersion: z.string().default('unknown') });
const Review = z.object({ status: z.object({ allowed: z.boolean() }) });

/** @throws ClusterUnreachableError when the server does not answer, or does not know us. */
export async function accessTo(api: ApiClient): Promise<Access> {
  const { gitVersion } = Version.parse(await api.get('/version'));
  const rights = watched.flatMap(([group, resource]) =>
    ['list', 'watch'].map((verb): Right => ({ verb, group, resource })),
  );
  const missing = await missingOf(api, rights);
  const brake: Right = { verb: 'patch', group: '', resource: 'nodes' };
  return { version: gitVersion, missing, mayBrake: (await missingOf(api, [brake])).length === 0 };
}

/** The right to read one Application, asked where Argo CD runs. */
export function applicationAccess(
  api: ApiClient,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<readonly string[]> {
  const right = { verb: 'get', group: 'argoproj.io', resource: 'applications', namespace, name };
  return missingOf(api, [right]);
}

async function missingOf(api: ApiClient, rights: readonly Right[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const right of rights) if (!(await isAllowed(api, right))) missing.push(spell(right));
  return missing;
}

async function isAllowed(api: ApiClient, right: Right): Promise<boolean> {
  try {
    const answer = await api.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: right },
    });
    return Review.parse(answer).status.allowed;
  } catch (cause) {
    if (!(cause instanceof ClusterUnreachableError) || cause.status !== 403) throw cause;
    // some clusters forbid asking; trying tells as well, except for what must not be tried
    return right.verb === 'list' ? mayList(api, right) : right.verb !== 'patch';
  }
}

async function mayList(api: ApiClient, { group, resource }: Right): Promise<boolean> {
  const root = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  try {
    await api.get(`${root}/${resource}`, { limit: 1 });
    return true;
  } catch (cause) {
    if (cause instanceof ClusterUnreachableError && [403, 404].includes(cause.status ?? 0))
      return false;
    throw cause;
  }
}

function spell({ verb, group, resource, namespace }: Right): string {
  const qualified = group === '' ? resource : `${resource}.${group}`;
  return `${verb} ${qualified}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
