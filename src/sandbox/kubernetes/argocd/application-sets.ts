import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Application, ApplicationSet } from './objects.ts';

/** Makes and mends the Applications of every ApplicationSet, one for each element of its lists. */
export function stepApplicationSets(hub: ObjectStore, now: Instant): void {
  for (const set of hub.list('applicationsets'))
    for (const wanted of generated(set)) {
      const { name, namespace } = wanted.metadata;
      const found = hub.get('applications', name, namespace);
      if (found !== undefined && isDeepStrictEqual(found.spec, wanted.spec)) continue;
      hub.put('applications', found === undefined ? wanted : { ...found, spec: wanted.spec }, now);
    }
}

function generated(set: ApplicationSet): readonly Application[] {
  const { generators, template } = set.spec;
  const { uid, name, namespace = 'argocd' } = set.metadata;
  const owner = {
    apiVersion: set.apiVersion,
    kind: 'ApplicationSet',
    name,
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  return generators
    .flatMap(({ list }) => list.elements)
    .map((element) => {
      const { metadata, spec } = filled(template, element) as ApplicationSet['spec']['template'];
      return {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        metadata: { ...metadata, namespace, ownerReferences: [owner] },
        spec,
      };
    });
}

/** Puts `{{name}}` in every text; what the element does not say stays as it is. */
function filled(value: unknown, element: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (whole, key: string) => element[key] ?? whole);
  if (Array.isArray(value)) return value.map((one) => filled(one, element));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filled(one, element)]));
}
