import { amiTypeOf } from '../../analysis/ami-type.ts';
import type { BottlerocketMove } from '../../analysis/bottlerocket-facts.ts';
import { bottlerocketFacts } from '../../analysis/bottlerocket-facts.ts';
import { parseBottlerocketNotes } from '../../analysis/bottlerocket-notes.ts';
import { eksFacts } from '../../analysis/eks-facts.ts';
import { parseEksNotes } from '../../analysis/eks-notes.ts';
import type { ImageMove, ReleaseFacts } from '../../analysis/types.ts';
import type { BottlerocketVariant } from '../../analysis/variant-contents.ts';
import { supportOf } from '../../images/kubernetes-support.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import type { RepositoryName } from '../../shared/ids.ts';
import { day } from '../../shared/time.ts';
import type { Advisories } from '../ports/advisories.ts';
import type { ReleaseNotes } from '../ports/git-host.ts';
import type { KitNotesSource } from '../ports/kit-notes.ts';
import type { World } from '../world.ts';
import { type RunningImage, type RunningImages, runningImages } from './cluster-images.ts';
import { readNotes, tagOfRelease } from './read-notes.ts';

export type FactSources = Pick<World, 'fleet' | 'clusters' | 'images' | 'clock' | 'log'> & {
  readonly notes: ReleaseNotes;
  readonly advisories: Advisories;
  readonly kitNotes: KitNotesSource;
  readonly repositories: { readonly eks: RepositoryName; readonly bottlerocket: RepositoryName };
};

/** All that can be known of a rollout's release, for each kind of image that the clusters run now. Never throws. */
export async function releaseFacts(sources: FactSources, rollout: Rollout): Promise<ReleaseFacts> {
  const running = await runningImages(sources, rollout);
  const more = {
    ...supportEnd(running.images, sources.clock.now()),
    ...(running.nodes === undefined || running.nodes === 0
      ? {}
      : { blastRadius: { clusters: clustersIn(running), nodes: running.nodes } }),
  };
  const facts =
    rollout.family === 'bottlerocket'
      ? await ofBottlerocket(sources, rollout, running)
      : await ofAmazonLinux(sources, rollout, running);
  return { ...facts, ...more, unknowns: [...running.unknowns, ...facts.unknowns] };
}

async function ofAmazonLinux(
  sources: FactSources,
  { release, family }: Rollout,
  { images }: RunningImages,
): Promise<ReleaseFacts> {
  const repository = sources.repositories.eks;
  const moves = moved(images, ({ architecture, variant }) =>
    amiTypeOf(family, architecture, variant),
  );
  const [found, feed] = await Promise.all([
    readNotes(sources, { repository, release, running: moves.map(({ from }) => from) }),
    sources.advisories.amazonLinux(),
  ]);
  const notes = found.flatMap(({ title, body }) => parseEksNotes(title, body) ?? []);
  return eksFacts({
    release,
    images: moves,
    notes: new Map(notes.map((one) => [one.tag, one])),
    url: pageOf(found, repository, release),
    feed,
  });
}

async function ofBottlerocket(
  sources: FactSources,
  { release }: Rollout,
  { images }: RunningImages,
): Promise<ReleaseFacts> {
  const repository = sources.repositories.bottlerocket;
  const moves = moved(
    images,
    ({ kubernetes, variant }) =>
      `aws-k8s-${kubernetes}${variant === 'standard' ? '' : `-${variant}`}`,
  ).map(
    (move): BottlerocketMove => ({
      ...move,
      variant: { kubernetes: move.kubernetes, variant: variantIn(move.amiType) },
    }),
  );
  const [found, feed, kitNotes] = await Promise.all([
    readNotes(sources, { repository, release, running: moves.map(({ from }) => from) }),
    sources.advisories.bottlerocket(),
    sources.kitNotes.read(),
  ]);
  return bottlerocketFacts({
    release,
    images: moves,
    notes: found.flatMap(({ tag, body }) => parseBottlerocketNotes(tag, body) ?? []),
    kitNotes,
    url: pageOf(found, repository, release),
    feed,
  });
}

/** Kinds that have one name in the notes are one: Bottlerocket's say nothing of the architecture. */
function moved(
  images: readonly RunningImage[],
  typeOf: (image: RunningImage) => string | undefined,
): readonly ImageMove[] {
  const moves = new Map<string, ImageMove & { readonly names: string[] }>();
  for (const image of images) {
    const { kubernetes, from, clusters } = image;
    const amiType = typeOf(image);
    if (amiType === undefined) continue;
    const key = [kubernetes, amiType, from].join(' ');
    const names = [...new Set([...(moves.get(key)?.names ?? []), ...clusters])];
    moves.set(key, { kubernetes, amiType, from, clusters: names.length, names });
  }
  return [...moves.values()];
}

function variantIn(amiType: string): BottlerocketVariant['variant'] {
  const [, variant] = /^aws-k8s-1\.\d+-(nvidia-fips|nvidia|fips)$/.exec(amiType) ?? [];
  return variant === 'nvidia' || variant === 'fips' || variant === 'nvidia-fips'
    ? variant
    : 'standard';
}

function pageOf(
  found: readonly { readonly tag: string; readonly url: string }[],
  repository: RepositoryName,
  release: string,
): string {
  const tag = tagOfRelease(release);
  const page = found.find((one) => one.tag === tag)?.url;
  return page ?? `https://github.com/${repository}/releases/tag/${tag}`;
}

function clustersIn({ images }: RunningImages): number {
  return new Set(images.flatMap(({ clusters }) => clusters)).size;
}

/** Days until standard support ends, for the minor that is out of it first. */
function supportEnd(images: readonly RunningImage[], now: number) {
  const ends = [...new Set(images.map(({ kubernetes }) => kubernetes))].flatMap((kubernetes) => {
    const support = supportOf(kubernetes, now);
    if (support.kind === 'unknown') return [];
    const days = support.kind === 'standard' ? Math.floor((support.until - now) / day) : -1;
    return [{ kubernetes, days }];
  });
  const first = ends.sort((a, b) => a.days - b.days).at(0);
  return first === undefined ? {} : { supportEndsInDays: first };
}
