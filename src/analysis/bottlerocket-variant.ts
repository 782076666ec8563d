import { rpmvercmp } from './rpm-version.ts';
import { type BottlerocketVariant, contentsAt } from './variant-contents.ts';

/**
 * Whether a kit's package is in a variant, in all of these releases or in none of them; `undefined` when we do not know,
 * or when it is only in some: then another package took its place.
 */
export function variantHas(
  name: string,
  variant: BottlerocketVariant,
  releases: readonly string[],
): boolean | undefined {
  const answers = new Set(releases.map((release) => hasAt(name, variant, release)));
  return answers.size === 1 ? [...answers][0] : undefined;
}

function hasAt(name: string, variant: BottlerocketVariant, release: string): boolean | undefined {
  const gpu = variant.variant.startsWith('nvidia');
  const contents = contentsAt(variant, release);
  const [, what, series, rest = ''] =
    /^(kernel|containerd|kubernetes|kubelet|ecr-credential-provider|kmod)-(\d+\.\d+)(.*)$/.exec(
      name,
    ) ?? [];
  switch (what) {
    case 'kernel':
      return same(series, contents.kernel);
    case 'containerd':
      return same(series, contents.containerd);
    case 'kmod': {
      const kernel = same(series, contents.kernel);
      if (!rest.includes('nvidia')) return kernel;
      if (!gpu || kernel === false) return false;
      const branch = same(/-r(\d+)$/.exec(rest)?.[1], contents.nvidia);
      return kernel === undefined ? undefined : branch;
    }
    case undefined:
      break;
    default:
      return series === variant.kubernetes;
  }
  if (/^(?:open-vm-tools|ecs-|amazon-ecs|docker)/.test(name)) return false;
  const systemd = /^systemd-(\d+)$/.exec(name)?.[1];
  if (systemd !== undefined) return same(systemd, contents.systemd);
  if (name === 'neuron') return !gpu; // "Exclude Neuron modules from all NVIDIA flavors", kernel kit 4.3.1
  if (name.includes('nvidia') || name === 'nvlsm') return gpu;
  // In variants for Kubernetes since v1.44.0, says its changelog.
  if (/^soci-/.test(name) && rpmvercmp(release, '1.44.0') >= 0) return true;
  // Packages that only some variants install, and no list of ours says which.
  return /^(?:rocm-|a(?:mazon|ws)-ssm-agent|aws-otel-|soci-)/.test(name) ? undefined : true;
}

function same(series: string | undefined, known: string | undefined): boolean | undefined {
  return series === undefined || known === undefined ? undefined : series === known;
}
