import type { Plural } from '../objects.ts';
import { plurals, qualifiedName, resources } from '../resources.ts';
import type { Memory } from '../simulation.ts';
import { ApiError, badRequest } from './api-error.ts';

export type Verb = 'get' | 'list' | 'watch' | 'patch';

const user = 'amiable';

/** Whether the bot may; `denied` holds entries such as `patch nodes`, or `list pods everywhere`: in namespaces it may. */
function allows({ denied }: Memory, verb: string, plural: Plural): boolean {
  return !denied.includes(`${verb} ${plural}`);
}

/** @throws ApiError 403, in the words of RBAC. */
export function demandAccess(
  memory: Memory,
  verb: Verb,
  { plural, namespace, name }: { plural: Plural; namespace?: string; name?: string },
): void {
  const everywhere =
    namespace === undefined && memory.denied.includes(`${verb} ${plural} everywhere`);
  if (allows(memory, verb, plural) && !everywhere) return;
  const { group } = resources[plural];
  const which = name === undefined ? qualifiedName(plural) : `${qualifiedName(plural)} "${name}"`;
  const where =
    namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw new ApiError(
    403,
    'Forbidden',
    `${which} is forbidden: User "${user}" cannot ${verb} resource "${plural}" in API group "${group}" ${where}`,
  );
}

/** Answers a SelfSubjectAccessReview about the resources that are served; others are not allowed. */
export function reviewed(memory: Memory, body: string) {
  const review = parse(body);
  const { verb = '', resource = '', group = '' } = review.spec?.resourceAttributes ?? {};
  const plural = plurals.find((known) => known === resource && resources[known].group === group);
  const verbs: readonly string[] =
    plural === 'nodes' || plural === 'applications'
      ? ['get', 'list', 'watch', 'patch']
      : ['get', 'list', 'watch'];
  const allowed = plural !== undefined && verbs.includes(verb) && allows(memory, verb, plural);
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: review.spec,
    status: { allowed, ...(!allowed && { reason: '' }) },
  };
}

type Review = {
  readonly spec?: {
    readonly resourceAttributes?: {
      readonly verb?: string;
      readonly resource?: string;
      readonly group?: string;
    };
  };
};

function parse(body: string): Review {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // answered below
  }
  throw badRequest('the object provided is unrecognized');
}
