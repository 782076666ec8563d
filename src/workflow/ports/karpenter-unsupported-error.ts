/** A cluster serves other versions of Karpenter's objects than are read here. Looking again helps only after an upgrade. */
export class KarpenterUnsupportedError extends Error {
  override readonly name = 'KarpenterUnsupportedError';

  /** @param served such as `karpenter.sh/v1beta1`; none: Karpenter is not installed. */
  constructor(
    cluster: string,
    served: readonly string[],
    { cause }: { readonly cause?: unknown } = {},
  ) {
    super(
      served.length === 0
        ? `${cluster} serves no karpenter.sh: Karpenter is not installed there`
        : `${cluster} serves ${served.join(', ')}, and Amiable reads v1, that is Karpenter 1.0 and later`,
      { cause },
    );
  }
}
