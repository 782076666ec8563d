import { amiTypeOf } from '../../analysis/ami-type.ts';
import type { EksNotes } from '../../analysis/eks-notes.ts';
import { parseEksNotes } from '../../analysis/eks-notes.ts';
import { imagePackages } from '../../analysis/image-packages.ts';
import { isDriver } from '../../analysis/package-diff.ts';
import { contentsAt } from '../../analysis/variant-contents.ts';
import type { Variant } from '../../images/types.ts';
import type { RepositoryName } from '../../shared/ids.ts';
import type { Log } from '../log.ts';
import type { ReleaseNotes } from '../ports/git-host.ts';
import type { Contents, ImageContents, PublishedKind } from '../ports/image-contents.ts';
import { tagOfRelease } from './read-notes.ts';

/** Notes of more releases than these are not asked for at once. */
const mostReleases = 20;

/**
 * Kernel and NVIDIA driver of published images: of Amazon Linux as the release's notes list its packages, of Bottlerocket
 * the lines that its variants are built with.
 */
export function createImageContents({
  notes,
  repository,
  log,
}: {
  readonly notes: Pick<ReleaseNotes, 'notes'>;
  /** Where the notes of EKS images are. */
  readonly repository: RepositoryName;
  readonly log: Log;
}): ImageContents {
  const read = async (tag: string): Promise<EksNotes | undefined> => {
    try {
      const found = await notes.notes(repository, tag);
      return found === undefined ? undefined : parseEksNotes(found.title, found.body);
    } catch (cause) {
      log.warn({ repository, tag, cause }, 'release notes not read');
      return undefined;
    }
  };
  return {
    async of(kinds) {
      const releases = kinds.map(({ release }) => release).filter(isAmazonLinux);
      const tags = [...new Set(releases.map(tagOfRelease))].slice(0, mostReleases);
      const known = new Map(
        await Promise.all(tags.map(async (tag) => [tag, await read(tag)] as const)),
      );
      return kinds.map((kind) =>
        isAmazonLinux(kind.release)
          ? listed(known.get(tagOfRelease(kind.release)), kind)
          : built(kind),
      );
    },
  };
}

function isAmazonLinux(release: string): boolean {
  return /^al2(023)?@/.test(release);
}

function listed(
  notes: EksNotes | undefined,
  { release, kubernetes, architecture, variant }: PublishedKind,
): Contents {
  const amiType = amiTypeOf(release.replace(/@.*/, ''), architecture, variant);
  if (notes === undefined || amiType === undefined) return driverOf(variant, undefined);
  const packages = imagePackages(notes, { kubernetes, amiType });
  const kernel = packages.get('kernel') ?? undefined;
  const driver = [...packages].find(([name, version]) => isDriver(name) && version !== null)?.[1];
  return {
    ...(kernel === undefined ? {} : { kernel }),
    ...driverOf(variant, driver ?? undefined),
  };
}

/** Only images for GPUs of NVIDIA have its driver; of these, nothing said is nothing known. */
function driverOf(variant: Variant, driver: string | undefined): Pick<Contents, 'driver'> {
  if (!variant.startsWith('nvidia')) return { driver: null };
  return driver === undefined ? {} : { driver };
}

function built({ release, kubernetes, variant }: PublishedKind): Contents {
  const [, version] = /^bottlerocket@v?([\d.]+)$/.exec(release) ?? [];
  if (version === undefined || variant === 'neuron') return {};
  const { kernel, nvidia } = contentsAt({ kubernetes, variant }, version);
  return { ...(kernel === undefined ? {} : { kernel }), ...driverOf(variant, nvidia) };
}
