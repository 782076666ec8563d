import { z } from 'zod';
import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { Digest, RepositoryName } from '../shared/ids.ts';
import { isInShare, type Share } from './share.ts';

/** One pin to be moved, and where it is sure to be the same pin still. */
export const PinEdit = z.object({
  repository: RepositoryName,
  branch: z.string(),
  path: z.string(),
  /** Such as `EC2NodeClass/default`; the path inside the object follows a `#`. */
  object: z.string(),
  /** Hash of the enclosing object without its pins, or of the whole file where it does not parse. */
  rest: z.string(),
  kind: z.enum(['alias', 'id', 'name', 'ssmParameter']),
  from: z.string(),
  to: z.string(),
  /** Of a version that stands alone: what family a comment says it is. */
  family: z.string().optional(),
  /** Clusters that read this file. */
  clusters: z.array(z.string()).min(1),
});
export type PinEdit = z.infer<typeof PinEdit>;

/** The image the release has for one cluster, architecture and variant: what its nodes are to run. */
export const ChangeImage = z.object({
  cluster: z.string(),
  region: z.string(),
  kubernetes: z.string(),
  architecture: z.enum(['x86_64', 'arm64']),
  variant: z.string(),
  imageId: z.string(),
});
export type ChangeImage = z.infer<typeof ChangeImage>;

/** All pin edits of one environment: what people approve, by its digest. */
export const Change = z.object({
  v: z.literal(1),
  environment: z.string(),
  /** What it moves to: a release, or on the way back what ran before. */
  release: z.string(),
  images: z.array(ChangeImage),
  /** `policyHash` of the environment's rules. */
  policy: z.string(),
  pins: z.array(PinEdit),
});
export type Change = z.infer<typeof Change>;

const bySpelling = <T>(spell: (value: T) => string) => {
  return (a: T, b: T) => (spell(a) < spell(b) ? -1 : 1);
};

/** The same change in one order, so that it has one digest. */
export function changeOf(parts: Omit<Change, 'v'>): Change {
  return {
    v: 1,
    ...parts,
    images: parts.images.toSorted(bySpelling((image) => canonicalJson(image))),
    pins: parts.pins.toSorted(
      bySpelling(({ repository, branch, path, object }) =>
        [repository, branch, path, object].join('\n'),
      ),
    ),
  };
}

/** SHA-256 of the change's canonical JSON: what an approval names. */
export function digestOf(change: Change): Digest {
  return Digest.parse(sha256(canonicalJson(change)));
}

/** The edits of a wave, as one part a repository: one pull request each. */
export function partsOf(
  change: Change,
  share: Share,
): ReadonlyMap<RepositoryName, readonly PinEdit[]> {
  const parts = new Map<RepositoryName, PinEdit[]>();
  for (const pin of change.pins) {
    if (!isInShare(share, pin)) continue;
    const part = parts.get(pin.repository) ?? [];
    part.push(pin);
    parts.set(pin.repository, part);
  }
  return parts;
}

/** What is left of a change for some waves, as it would be computed for them alone. */
export function restrictedTo(change: Change, shares: readonly Share[]): Change {
  const clusters = new Set(shares.flatMap((share) => share.clusters));
  return changeOf({
    ...change,
    images: change.images.filter(({ cluster }) => clusters.has(cluster)),
    pins: change.pins.filter((pin) => shares.some((share) => isInShare(share, pin))),
  });
}

/** A change as one wave of whole clusters, or of some of their node classes, has to do with it. */
export function ofWave(change: Change, wave: Share): Change {
  // Whole clusters are told apart by name wherever it matters.
  return wave.nodeClasses === undefined && wave.otherThan === undefined
    ? change
    : restrictedTo(change, [wave]);
}

/** Whether a change computed now is what is left of the one that was asked about. */
export function isStill(asked: Change, now: Change, left: readonly Share[]): boolean {
  const rest = restrictedTo(asked, left);
  const split = left.some(
    ({ nodeClasses, otherThan }) => nodeClasses !== undefined || otherThan !== undefined,
  );
  if (!split) return digestOf(now) === digestOf(rest);
  // Of a cluster that has moved in part, images of what moved are asked about no more; new ones there are none.
  const known = new Set(rest.images.map((image) => canonicalJson(image)));
  return (
    digestOf({ ...now, images: [] }) === digestOf({ ...rest, images: [] }) &&
    now.images.every((image) => known.has(canonicalJson(image)))
  );
}

/** AMI ids the clusters' nodes are to run. */
export function wantedImages(change: Change, cluster: string): ReadonlySet<string> {
  return new Set(
    change.images.filter((image) => image.cluster === cluster).map(({ imageId }) => imageId),
  );
}

/**
 * The way back for some clusters: every pin from what the changes wrote to what they replaced. An environment's waves
 * may have moved under several changes, when it was asked again in between.
 * @param images those that ran before, as recorded when the waves began.
 */
export function reverseOf(
  changes: readonly Change[],
  {
    clusters,
    release,
    images,
  }: {
    readonly clusters: readonly string[];
    readonly release: string;
    readonly images: readonly ChangeImage[];
  },
): Change {
  const [first] = changes;
  if (first === undefined) throw new Error('There is no change to go back from');
  const pins = changes
    .flatMap((change) => change.pins)
    .filter((pin) => pin.clusters.some((cluster) => clusters.includes(cluster)))
    .map((pin) => ({ ...pin, from: pin.to, to: pin.from }));
  const key = ({ repository, branch, path, object }: PinEdit) =>
    [repository, branch, path, object].join('\n');
  return changeOf({
    environment: first.environment,
    release,
    images: images.filter(({ cluster }) => clusters.includes(cluster)),
    policy: first.policy,
    pins: [...new Map(pins.map((pin) => [key(pin), pin])).values()],
  });
}
