import type { ReleaseId } from '../shared/ids.ts';
import { customRelease } from './releases.ts';
import type { Architecture, Variant } from './types.ts';

/** Images of one's own, built again and again: what tells them from all others, as the configuration says. */
export type CustomLine = {
  /** Stands in front of the `@` of its releases: lower-case letters and digits. */
  readonly name: string;
  /** The AWS account that builds them; a name alone is anybody's. */
  readonly owner: string;
  /** EC2 name with `{version}`, `{kubernetes}`, `{architecture}` and `*` in it. */
  readonly image: string;
  /** Tags that an image must have to be offered; one that is pinned may have lost them. */
  readonly tags: Readonly<Record<string, string>>;
  readonly variant: Variant;
};

/** What an image of a line is. */
export type CustomRelease = {
  readonly release: ReleaseId;
  readonly architecture: Architecture;
  readonly variant: Variant;
  readonly line: string;
  /** Absent: the name does not say it, so that every cluster may use it. */
  readonly kubernetes?: string;
};

const placeholders: Readonly<Record<string, string>> = {
  '{version}': '(?<version>v?[0-9][0-9.-]*)',
  '{kubernetes}': String.raw`(?<kubernetes>1\.[0-9]{1,3})`,
  '{architecture}': '(?<architecture>x86_64|amd64|arm64|aarch64)',
  '*': '.*',
};

/** The name as a filter of EC2's: every placeholder is a wildcard. */
export function nameFilter({ image }: Pick<CustomLine, 'image'>): string {
  return image.replaceAll(/\{\w+\}/g, '*').replaceAll(/\*{2,}/g, '*');
}

/**
 * Reads what an image of this line is; `undefined` when owner or name are not the line's. Its version is what stands for
 * `{version}`, else the day it was made (UTC).
 */
export function customReleaseOf(
  line: CustomLine,
  image: {
    readonly name: string;
    readonly ownerId: string;
    readonly architecture: Architecture;
    /** ISO 8601. */
    readonly createdAt: string;
  },
): CustomRelease | undefined {
  if (image.ownerId !== line.owner) return undefined;
  const found = patternOf(line).exec(image.name);
  if (found === null) return undefined;
  const { version = image.createdAt.slice(0, 10), kubernetes, architecture } = found.groups ?? {};
  // A name that says another architecture than EC2 is not to be trusted in the rest either.
  if (architecture !== undefined && spelled[architecture] !== image.architecture) return undefined;
  const release = customRelease(
    line.name,
    version.replace(/^v/, '').replaceAll(/[-.]+/g, '.').replace(/\.$/, ''),
  );
  return release === undefined
    ? undefined
    : {
        release,
        architecture: image.architecture,
        variant: line.variant,
        line: line.name,
        ...(kubernetes !== undefined && { kubernetes }),
      };
}

const spelled: Readonly<Record<string, Architecture>> = {
  x86_64: 'x86_64',
  amd64: 'x86_64',
  arm64: 'arm64',
  aarch64: 'arm64',
};

function patternOf({ image }: CustomLine): RegExp {
  const parts = image.split(/(\{version\}|\{kubernetes\}|\{architecture\}|\*)/);
  const source = parts
    .map((part) => placeholders[part] ?? part.replaceAll(/[.+?^$()[\]{}|\\/-]/g, String.raw`\$&`))
    .join('');
  return new RegExp(`^${source}$`);
}
