import type { ReleaseId } from '../shared/ids.ts';
import { type CustomLine, customReleaseOf } from './custom-line.ts';
import { releaseOf } from './image-name.ts';
import type { Architecture, Family, ImageSlot } from './types.ts';

/** An AMI as far as it takes to say what it is. */
export type OwnedImage = {
  readonly name: string;
  readonly architecture: Architecture;
  readonly ownerId: string;
  /** EC2's own word for accounts it vouches for, such as `amazon`; nobody else can carry it. */
  readonly ownerAlias?: string;
  /** ISO 8601. */
  readonly createdAt: string;
};

/** What an AMI is, or why nobody can say. `kubernetes` is absent where an image serves any minor. */
export type Identified =
  | {
      readonly kind: 'known';
      readonly release: ReleaseId;
      readonly image: Pick<ImageSlot, 'family' | 'architecture' | 'variant' | 'line'> & {
        readonly kubernetes?: string;
      };
    }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Accounts that publish node images, beside the `amazon` alias. Canonical's: commercial, GovCloud, China. */
const publishers: Readonly<
  Record<'eks' | 'bottlerocket' | 'windows' | 'canonical', readonly string[]>
> = {
  eks: ['602401143452'],
  bottlerocket: ['092701018921'],
  windows: ['801119661308'],
  canonical: ['099720109477', '513442679011', '837727238323'],
};

/**
 * Says what an AMI is by its name, if its owner is the one who publishes such images: anybody can give an image of
 * theirs the name of one of Amazon's.
 */
export function identifyImage(image: OwnedImage, lines: readonly CustomLine[] = []): Identified {
  for (const line of lines) {
    const custom = customReleaseOf(line, image);
    if (custom === undefined) continue;
    const { release, ...rest } = custom;
    return { kind: 'known', release, image: { family: 'custom', ...rest } };
  }
  const named = releaseOf(image.name);
  const owner = image.ownerAlias ?? image.ownerId;
  if (named === undefined)
    return unknown(`EC2 calls it ${short(image.name)}, owned by ${owner}: no family known here`);
  const { release, family, kubernetes, architecture, variant, line } = named;
  if (!isPublisher(family, image))
    return unknown(`it is named like an image of ${family}, but its owner is ${owner}`);
  if (architecture !== image.architecture)
    return unknown(`its name says ${architecture}, but EC2 says ${image.architecture}`);
  return {
    kind: 'known',
    release,
    image: { family, kubernetes, architecture, variant, ...(line !== undefined && { line }) },
  };
}

function isPublisher(family: Family, { ownerId, ownerAlias }: OwnedImage): boolean {
  switch (family) {
    case 'al2023':
    case 'al2':
      return ownerAlias === 'amazon' || publishers.eks.includes(ownerId);
    case 'bottlerocket':
      return ownerAlias === 'amazon' || publishers.bottlerocket.includes(ownerId);
    case 'windows2019':
    case 'windows2022':
    case 'windows2025':
      return ownerAlias === 'amazon' || publishers.windows.includes(ownerId);
    case 'ubuntu':
      return publishers.canonical.includes(ownerId);
    case 'custom':
      return false;
  }
}

function short(name: string): string {
  return name.length > 80 ? `${name.slice(0, 80)}…` : name;
}

function unknown(reason: string): Identified {
  return { kind: 'unknown', reason };
}
