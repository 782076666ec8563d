/** One variant of Bottlerocket for EKS, and what its nodes say they run where somebody looked. */
export type BottlerocketVariant = {
  /** Such as `1.34`. */
  readonly kubernetes: string;
  readonly variant: 'standard' | 'nvidia' | 'fips' | 'nvidia-fips';
  /** Two numbers, of a Node's `kernelVersion`; beats our table. */
  readonly kernel?: string;
  /** Two numbers, of a Node's `containerRuntimeVersion`; beats our table. */
  readonly containerd?: string;
};

/**
 * Whether a kit's package is in a variant; `undefined` when we do not know, which is not "no".
 * Sources: Bottlerocket's changelog (1.33 and 1.34 variants, R580 in 1.34), and the variants' own package lists for 1.32
 * and older.
 */
export function variantHas(name: string, variant: BottlerocketVariant): boolean | undefined {
  const gpu = variant.variant.startsWith('nvidia');
  const [, what, series, rest = ''] =
    /^(kernel|containerd|kubernetes|kubelet|ecr-credential-provider|kmod)-(\d+\.\d+)(.*)$/.exec(
      name,
    ) ?? [];
  switch (what) {
    case 'kernel':
      return same(series, variant.kernel ?? kernelOf(variant));
    case 'containerd':
      return same(series, variant.containerd ?? containerdOf(variant));
    case 'kmod': {
      const kernel = same(series, variant.kernel ?? kernelOf(variant));
      if (!rest.includes('nvidia')) return kernel;
      if (!gpu || kernel === false) return false;
      const branch = same(/-r(\d+)$/.exec(rest)?.[1], minorOf(variant) >= 34 ? '580' : undefined);
      return kernel === undefined ? undefined : branch;
    }
    case undefined:
      break;
    default:
      return series === variant.kubernetes;
  }
  if (/^(?:open-vm-tools|ecs-|amazon-ecs)/.test(name)) return false;
  if (name.includes('nvidia')) return gpu;
  // Packages that only some variants install, and no list of ours says which.
  return /^(?:rocm-|amazon-ssm-agent|soci-)/.test(name) ? undefined : true;
}

function same(series: string | undefined, known: string | undefined): boolean | undefined {
  return series === undefined || known === undefined ? undefined : series === known;
}

function minorOf({ kubernetes }: BottlerocketVariant): number {
  return Number(kubernetes.split('.')[1]);
}

function kernelOf(variant: BottlerocketVariant): string | undefined {
  const minor = minorOf(variant);
  if (minor >= 28 && minor <= 32) return '6.1';
  if (minor === 33) return variant.variant.endsWith('fips') ? '6.1' : '6.12';
  return minor === 34 ? '6.12' : undefined;
}

/** 1.33 began with 2.0; when its images moved on is not in the notes we have. */
function containerdOf(variant: BottlerocketVariant): string | undefined {
  const minor = minorOf(variant);
  if (minor >= 28 && minor <= 32) return '1.7';
  return minor === 34 ? '2.1' : undefined;
}
