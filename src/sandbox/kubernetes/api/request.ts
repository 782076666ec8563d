import type { Plural } from '../objects.ts';
import { plurals, resources } from '../resources.ts';

/** What a path asks for, below a cluster's base path. */
export type Target =
  | { readonly kind: 'version' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'access-review' }
  | { readonly kind: 'groups'; readonly group: string }
  | {
      readonly kind: 'resource';
      readonly plural: Plural;
      readonly namespace?: string;
      readonly name?: string;
    };

export function targetOf(path: string): Target | undefined {
  if (path === '/version') return { kind: 'version' };
  if (path === '/readyz' || path === '/livez') return { kind: 'ready' };
  if (path === '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews')
    return { kind: 'access-review' };
  const asked = /^\/apis\/([^/]+)$/.exec(path)?.[1];
  if (asked !== undefined) return { kind: 'groups', group: decodeURIComponent(asked) };
  const parts = path.split('/').slice(1).map(decodeURIComponent);
  const group = parts[0] === 'api' ? '' : parts[0] === 'apis' ? parts[1] : undefined;
  const [version, ...rest] = parts.slice(group === '' ? 1 : 2);
  if (group === undefined) return undefined;
  const [namespace, below] =
    rest[0] === 'namespaces' && rest.length > 2 ? [rest[1], rest.slice(2)] : [undefined, rest];
  const plural = plurals.find(
    (known) =>
      known === below[0] &&
      resources[known].group === group &&
      resources[known].version === version,
  );
  if (plural === undefined || below.length > 2) return undefined;
  const [, name] = below;
  const { namespaced } = resources[plural];
  if (namespace !== undefined ? !namespaced : namespaced && name !== undefined) return undefined;
  return {
    kind: 'resource',
    plural,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && name !== '' && { name }),
  };
}
