import { resources } from '../resources.ts';
import type { Memory } from '../simulation.ts';
import { noSuchPath } from './api-error.ts';

/** What `GET /apis/<group>` says: the versions that are served. @throws ApiError 404 for a group nobody serves. */
export function groupOf({ servedVersions }: Memory, name: string) {
  const served = Object.values(resources).filter(({ group }) => group === name);
  const versions = servedVersions?.[name] ?? [...new Set(served.map(({ version }) => version))];
  if (versions.length === 0) throw noSuchPath();
  const spelled = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return {
    kind: 'APIGroup',
    apiVersion: 'v1',
    name,
    versions: spelled,
    preferredVersion: spelled[0],
  };
}
