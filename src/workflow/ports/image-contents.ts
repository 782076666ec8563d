import type { Architecture, Variant } from '../../images/types.ts';

/** A published image, as far as its notes tell images apart. */
export type PublishedKind = {
  readonly release: string;
  readonly kubernetes: string;
  readonly architecture: Architecture;
  readonly variant: Variant;
};

/** What publishers say is in an image; absent: they do not say. `driver` is NVIDIA's; null: there is none in such an image. */
export type Contents = { readonly kernel?: string; readonly driver?: string | null };

/** What the notes of releases tell of their images. Never throws: what cannot be read is not known. */
export type ImageContents = {
  of(kinds: readonly PublishedKind[]): Promise<readonly Contents[]>;
};
