import type { Family, ImageSlot } from './types.ts';

/** Equal for equal slots; for maps and sets, never shown. */
export function slotKey(slot: ImageSlot): string {
  const { family, region, kubernetes, architecture, variant, line } = slot;
  const place = `${family}/${region}/${kubernetes}/${architecture}/${variant}`;
  return line === undefined ? place : `${place}/${line}`;
}

/** The slot alone, of anything that carries more. */
export function slotOf(slot: ImageSlot): ImageSlot {
  const { family, region, kubernetes, architecture, variant, line } = slot;
  return {
    family,
    region,
    kubernetes,
    architecture,
    variant,
    ...(line !== undefined && { line }),
  };
}

/** Each slot once, in the order first met. */
export function distinctSlots<Slot extends ImageSlot>(slots: readonly Slot[]): readonly Slot[] {
  const byKey = new Map<string, Slot>();
  for (const slot of slots) {
    const key = slotKey(slot);
    if (!byKey.has(key)) byKey.set(key, slot);
  }
  return [...byKey.values()];
}

/** Minor number of `1.35`: 35. `undefined` when the text is no Kubernetes minor. */
export function minorOf(kubernetes: string): number | undefined {
  const match = /^1\.(\d{1,3})$/.exec(kubernetes);
  return match === null ? undefined : Number(match[1]);
}

/**
 * Why nobody builds an image for this slot, in words for people; `undefined` when somebody may. Such slots are not asked
 * for, so that a typing error is told instead of looking like a release that is late.
 */
export function whyNeverBuilt(slot: ImageSlot): string | undefined {
  const { family, kubernetes, architecture, variant } = slot;
  const minor = minorOf(kubernetes);
  if (minor === undefined) return `${kubernetes} is not a Kubernetes minor such as 1.35`;
  if (!variants[family].includes(variant)) return `${family} has no ${variant} images`;
  if (family === 'al2023' && architecture === 'arm64' && variant === 'neuron')
    return 'al2023 has no neuron images for arm64';
  if (family === 'al2' && architecture === 'arm64' && variant !== 'standard')
    return `al2 has no ${variant} images for arm64`;
  if (family === 'al2' && minor >= 33) return 'al2 has no images for Kubernetes 1.33 and later';
  if (family === 'bottlerocket' && variant === 'nvidia-fips' && minor < 35)
    return 'bottlerocket has nvidia-fips images from Kubernetes 1.35 on';
  if (family.startsWith('windows') && architecture === 'arm64')
    return `${family} has no images for arm64`;
  if (family === 'windows2025' && minor < 35)
    return 'windows2025 has images from Kubernetes 1.35 on';
  return undefined;
}

const variants: Readonly<Record<Family, readonly ImageSlot['variant'][]>> = {
  al2023: ['standard', 'nvidia', 'neuron'],
  // one GPU image serves both kinds of accelerator
  al2: ['standard', 'nvidia', 'neuron'],
  bottlerocket: ['standard', 'nvidia', 'fips', 'nvidia-fips'],
  windows2019: ['standard'],
  windows2022: ['standard'],
  windows2025: ['standard'],
  ubuntu: ['standard'],
  custom: ['standard', 'nvidia', 'neuron', 'fips', 'nvidia-fips'],
};
