import type { ReleaseId } from '../shared/ids.ts';
import { familyOf, releaseId, versionOf } from './releases.ts';
import type { Family } from './types.ts';

/** What an EC2NodeClass alias means, or why Karpenter could not resolve it. */
export type Alias =
  | { readonly kind: 'release'; readonly family: Family; readonly release: ReleaseId }
  /** `@latest`: follows every publication by itself. */
  | { readonly kind: 'floating'; readonly family: Family }
  | { readonly kind: 'invalid'; readonly reason: string };

/**
 * Reads `spec.amiSelectorTerms[].alias`. Stricter than the CRD, which lets any version pass that Karpenter then fails to
 * resolve, without an error in the node class's own condition. Source: karpenter-provider-aws v1, CEL rules of EC2NodeClass.
 */
export function parseAlias(text: string): Alias {
  if (text.length > 30) return invalid('an alias has at most 30 characters');
  const [, name, version] = /^([a-zA-Z0-9]+)@(.+)$/.exec(text) ?? [];
  if (name === undefined || version === undefined)
    return invalid(`the alias is improperly formatted, it must match family@version`);
  const family = aliasFamilies.find((known) => known === name);
  if (family === undefined)
    return invalid(`${name} is not an alias family; there are ${aliasFamilies.join(', ')}`);
  if (version === 'latest') return { kind: 'floating', family };
  if (family.startsWith('windows'))
    return invalid("windows families may only specify version 'latest'");
  const release = releaseId(family, version);
  if (release === undefined)
    return invalid(
      `${version} is not a version of ${family}, which are spelled ${example[family]}`,
    );
  return { kind: 'release', family, release };
}

/**
 * The alias that pins a release: what is written into Git.
 * @returns `undefined` for families that have no pinned alias (Windows, Ubuntu, custom).
 */
export function aliasOf(release: ReleaseId): string | undefined {
  switch (familyOf(release)) {
    case 'al2023':
    case 'al2':
      return release;
    case 'bottlerocket':
      // people write it as the release is tagged; Karpenter trims the v
      return `bottlerocket@v${versionOf(release).replace(/^v/, '')}`;
    case 'windows2019':
    case 'windows2022':
    case 'windows2025':
    case 'ubuntu':
    case 'custom':
    case undefined:
      return undefined;
  }
}

const aliasFamilies = [
  'al2',
  'al2023',
  'bottlerocket',
  'windows2019',
  'windows2022',
  'windows2025',
] as const satisfies readonly Family[];

const example: Readonly<Record<(typeof aliasFamilies)[number], string>> = {
  al2: 'v20251209',
  al2023: 'v20260714',
  bottlerocket: 'v1.62.1',
  windows2019: 'latest',
  windows2022: 'latest',
  windows2025: 'latest',
};

function invalid(reason: string): Alias {
  return { kind: 'invalid', reason };
}
