import { whyNeverBuilt } from './slot.ts';
import type { Architecture, Family, ImageSlot, Variant } from './types.ts';

/** Images Karpenter looks for behind an alias; FIPS is not among them. Source: karpenter-provider-aws, AMI families. */
const behindAlias: Partial<
  Readonly<Record<Family, readonly (readonly [Architecture, Variant])[]>>
> = {
  al2023: [
    ['x86_64', 'standard'],
    ['x86_64', 'nvidia'],
    ['x86_64', 'neuron'],
    ['arm64', 'standard'],
    ['arm64', 'nvidia'],
  ],
  al2: [
    ['x86_64', 'standard'],
    ['x86_64', 'nvidia'],
    ['x86_64', 'neuron'],
    ['arm64', 'standard'],
  ],
  bottlerocket: [
    ['x86_64', 'standard'],
    ['x86_64', 'nvidia'],
    ['arm64', 'standard'],
    ['arm64', 'nvidia'],
  ],
};

/** The slots a pinned alias of a family may resolve to in a cluster; none for families without pinned aliases. */
export function slotsOfAlias(
  family: Family,
  { region, kubernetes }: Pick<ImageSlot, 'region' | 'kubernetes'>,
): readonly ImageSlot[] {
  return (behindAlias[family] ?? [])
    .map(([architecture, variant]) => ({ family, region, kubernetes, architecture, variant }))
    .filter((slot) => whyNeverBuilt(slot) === undefined);
}
