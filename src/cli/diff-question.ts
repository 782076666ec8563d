import { newestVariantOf } from '../analysis/variant-contents.ts';
import { CommandError } from './output.ts';

/** Two releases of one family and the kind of image to compare. */
export type DiffQuestion = {
  readonly family: 'eks' | 'bottlerocket';
  /** `v20251108`; `1.50.0` for Bottlerocket. */
  readonly from: string;
  readonly to: string;
  /** Absent: the newest minor that both releases' notes know; never of Bottlerocket. */
  readonly kubernetes?: string;
  /** EKS AMI type; of Bottlerocket the part after the minor: `standard`, `nvidia`, `fips`, `nvidia-fips`. */
  readonly type: string;
};

const eksTypes = [
  'AL2023_x86_64_STANDARD',
  'AL2023_ARM_64_STANDARD',
  'AL2023_x86_64_NVIDIA',
  'AL2023_ARM_64_NVIDIA',
  'AL2023_x86_64_NEURON',
  'AL2_x86_64',
  'AL2_x86_64_GPU',
  'AL2_ARM_64',
] as const;

/**
 * Reads `FROM TO --kubernetes M --type T`.
 * @throws CommandError (2) for what names no release, minor or kind of image, and for two families at once.
 */
export function diffQuestion(
  [from = '', to = '', ...more]: readonly string[],
  {
    kubernetes,
    type,
  }: { readonly kubernetes?: string | undefined; readonly type?: string | undefined },
): DiffQuestion {
  if (from === '' || to === '' || more.length > 0) {
    throw new CommandError(
      'Use: amiable diff FROM TO, two tags such as v20251108 or bottlerocket@1.50.0',
      2,
    );
  }
  const [before, after] = [releaseAsked(from), releaseAsked(to)];
  if (before.family !== after.family) {
    throw new CommandError(`${from} and ${to} are releases of different families.`, 2);
  }
  if (kubernetes !== undefined && !/^1\.\d{2}$/.test(kubernetes)) {
    throw new CommandError(`--kubernetes is a minor such as 1.34, not ${kubernetes}.`, 2);
  }
  const { family } = before;
  const question = { family, from: before.version, to: after.version };
  if (family === 'eks') {
    const known = eksTypes.find((one) => one === (type ?? eksTypes[0]));
    if (known === undefined) throw wrongType(type, eksTypes);
    return { ...question, type: known, ...(kubernetes === undefined ? {} : { kubernetes }) };
  }
  return { ...question, ...bottlerocketType(type, kubernetes, [question.from, question.to]) };
}

function releaseAsked(text: string): Pick<DiffQuestion, 'family'> & { readonly version: string } {
  const eks = /^(?:al2(?:023)?@)?(v\d{8})$/.exec(text)?.[1];
  if (eks !== undefined) return { family: 'eks', version: eks };
  const bottlerocket = /^(?:bottlerocket@v?|v)(\d{1,4}\.\d{1,4}\.\d{1,4})$/.exec(text)?.[1];
  if (bottlerocket !== undefined) return { family: 'bottlerocket', version: bottlerocket };
  throw new CommandError(
    `${text} is no release; they are spelled v20251108 and bottlerocket@1.50.0.`,
    2,
  );
}

/** `aws-k8s-1.34-nvidia`, or as EKS says it: `BOTTLEROCKET_x86_64_NVIDIA`. */
function bottlerocketType(
  type: string | undefined,
  kubernetes: string | undefined,
  releases: readonly string[],
): Required<Pick<DiffQuestion, 'kubernetes' | 'type'>> {
  const newest = newestVariantOf(releases);
  const spelled =
    /^(?:aws-k8s-(1\.\d{2})|BOTTLEROCKET_(?:x86_64|ARM_64))(?:[-_](nvidia[-_]fips|nvidia|fips))?$/i.exec(
      type ?? `aws-k8s-${kubernetes ?? newest}`,
    );
  if (spelled === null) throw wrongType(type, ['aws-k8s-1.34', 'aws-k8s-1.34-nvidia']);
  const [, minor, variant = 'standard'] = spelled;
  if (minor !== undefined && kubernetes !== undefined && minor !== kubernetes) {
    throw new CommandError(`--type ${type} is not for Kubernetes ${kubernetes}.`, 2);
  }
  return {
    kubernetes: minor ?? kubernetes ?? newest,
    type: variant.toLowerCase().replace('_', '-'),
  };
}

function wrongType(type: string | undefined, allowed: readonly string[]): CommandError {
  return new CommandError(`--type is one of ${allowed.join(', ')}, not ${type}.`, 2);
}
