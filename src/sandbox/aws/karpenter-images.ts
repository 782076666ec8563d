import type { Instant } from '../../shared/time.ts';
import { describeImages, type ImageQuestion } from './ec2-images.ts';
import { readParameter, type StoredImage, type World } from './world.ts';

/** A term of `spec.amiSelectorTerms`; terms are ORed, the fields inside one are ANDed. */
export type SelectorTerm = {
  readonly alias?: string;
  readonly id?: string;
  readonly name?: string;
  readonly owner?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly ssmParameter?: string;
};

export type Requirement = {
  readonly key: string;
  readonly operator: 'In' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
};

/** An entry of an EC2NodeClass's `status.amis`. */
export type ResolvedAmi = {
  readonly id: string;
  readonly name: string;
  readonly deprecated?: true;
  readonly requirements: readonly Requirement[];
};

type Asked = {
  readonly region: string;
  readonly account: string;
  /** Minor of the control plane. */
  readonly kubernetes: string;
  readonly now: Instant;
};

/**
 * What Karpenter makes of selector terms, against this AWS. It looks anew each time: Karpenter's own caches (24 hours
 * for `@latest`, 5 minutes for SSM parameters) belong to whoever plays Karpenter.
 * @returns `unresolved` when nothing matches: the node class keeps its old images and no new node can launch.
 */
export function resolveTerms(
  world: World,
  asked: Asked,
  terms: readonly SelectorTerm[],
): readonly ResolvedAmi[] | 'unresolved' {
  const chosen = new Map<string, { image: StoredImage; ami: ResolvedAmi }>();
  for (const term of terms)
    for (const { image, requirements } of matchesOf(world, asked, term)) {
      const isDeprecated = image.deprecatedAt !== undefined && image.deprecatedAt <= asked.now;
      const ami: ResolvedAmi = {
        id: image.imageId,
        name: image.name,
        ...(isDeprecated && { deprecated: true as const }),
        requirements,
      };
      const key = JSON.stringify(requirements);
      const other = chosen.get(key);
      if (other === undefined || goesBefore({ image, ami }, other)) chosen.set(key, { image, ami });
    }
  return chosen.size === 0 ? 'unresolved' : [...chosen.values()].map(({ ami }) => ami);
}

type Candidate = { readonly image: StoredImage; readonly ami: ResolvedAmi };

/** Exactly one image per architecture and requirements is kept: not deprecated, then younger, then greater by name. */
function goesBefore(a: Candidate, b: Candidate): boolean {
  const [deprecatedA, deprecatedB] = [a.ami.deprecated === true, b.ami.deprecated === true];
  if (deprecatedA !== deprecatedB) return deprecatedB;
  if (a.image.createdAt !== b.image.createdAt) return a.image.createdAt > b.image.createdAt;
  return a.image.name > b.image.name;
}

type Match = { readonly image: StoredImage; readonly requirements: readonly Requirement[] };

function matchesOf(world: World, asked: Asked, term: SelectorTerm): readonly Match[] {
  const find = (question: ImageQuestion): readonly StoredImage[] => {
    const filters = [...(question.filters ?? []), { name: 'state', values: ['available'] }];
    return describeImages(world, asked, { ...question, filters, includeDeprecated: true });
  };
  const byId = (id: string) => find({ filters: [{ name: 'image-id', values: [id] }] });
  if (term.alias !== undefined)
    return aliasPaths(term.alias, asked.kubernetes).flatMap(({ path, accelerator }) => {
      const id = readParameter(world, asked.region, path, asked.now)?.value;
      // a path that fails is skipped in silence: the alias is good if any path resolves
      return (id === undefined ? [] : byId(id)).map((image) => ({
        image,
        requirements: [architectureOf(image), ...acceleratorRequirements[accelerator]],
      }));
    });
  return withoutAlias(world, asked, term, find, byId).map((image) => ({
    image,
    requirements: [architectureOf(image)],
  }));
}

function withoutAlias(
  world: World,
  asked: Asked,
  term: SelectorTerm,
  find: (question: ImageQuestion) => readonly StoredImage[],
  byId: (id: string) => readonly StoredImage[],
): readonly StoredImage[] {
  if (term.id !== undefined) return byId(term.id);
  if (term.ssmParameter !== undefined) {
    const name = term.ssmParameter.replace(/^arn:aws[^:]*:ssm:[^:]*:[^:]*:parameter/, '');
    const id = readParameter(world, asked.region, name, asked.now)?.value;
    return id?.startsWith('ami-') === true ? byId(id) : [];
  }
  const filters = Object.entries(term.tags ?? {}).map(([key, value]) =>
    value === '*' ? { name: 'tag-key', values: [key] } : { name: `tag:${key}`, values: [value] },
  );
  if (term.name !== undefined) filters.push({ name: 'name', values: [term.name] });
  if (filters.length === 0) return [];
  const owners = term.owner !== undefined ? [term.owner] : ['self', 'amazon'];
  return find({
    owners: term.owner === undefined && term.name === undefined ? [] : owners,
    filters,
  });
}

type Accelerator = 'none' | 'gpu' | 'neuron';

/** Every parameter Karpenter tries for an alias; there is none for Bottlerocket's fips images. */
function aliasPaths(
  alias: string,
  kubernetes: string,
): readonly { readonly path: string; readonly accelerator: Accelerator }[] {
  const [family = '', version = ''] = alias.split('@');
  const eks = `/aws/service/eks/optimized-ami/${kubernetes}`;
  if (family === 'al2023') {
    const combinations = [
      ['x86_64', 'standard', 'none'],
      ['x86_64', 'nvidia', 'gpu'],
      ['x86_64', 'neuron', 'neuron'],
      ['arm64', 'standard', 'none'],
      ['arm64', 'nvidia', 'gpu'],
    ] as const;
    return combinations.map(([arch, variant, accelerator]) => {
      const name = `amazon-eks-node-al2023-${arch}-${variant}-${kubernetes}-${version}`;
      const folder = version === 'latest' ? 'recommended' : name;
      return {
        path: `${eks}/amazon-linux-2023/${arch}/${variant}/${folder}/image_id`,
        accelerator,
      };
    });
  }
  if (family === 'al2') {
    // from 1.33 on Karpenter refuses the alias outright (reason UnsupportedAlias)
    if (Number(kubernetes.slice(2)) >= 33) return [];
    // the one GPU image serves both kinds of accelerator, and is listed once for each
    const kinds = [
      ['', 'none'],
      ['-arm64', 'none'],
      ['-gpu', 'neuron'],
      ['-gpu', 'gpu'],
    ] as const;
    return kinds.map(([kind, accelerator]) => {
      const name = `amazon-eks${kind}-node-${kubernetes}-${version}`;
      const folder = version === 'latest' ? 'recommended' : name;
      return { path: `${eks}/amazon-linux-2${kind}/${folder}/image_id`, accelerator };
    });
  }
  if (family === 'bottlerocket') {
    const trimmed = version.replace(/^v/, '');
    return ['', '-nvidia'].flatMap((flavor) =>
      ['x86_64', 'arm64'].map((arch) => ({
        path: `/aws/service/bottlerocket/aws-k8s-${kubernetes}${flavor}/${arch}/${trimmed}/image_id`,
        accelerator: flavor === '' ? ('none' as const) : ('gpu' as const),
      })),
    );
  }
  if (!family.startsWith('windows') || version !== 'latest') return [];
  const year = family.slice('windows'.length);
  const name = `Windows_Server-${year}-English-Core-EKS_Optimized-${kubernetes}`;
  return [{ path: `/aws/service/ami-windows-latest/${name}/image_id`, accelerator: 'none' }];
}

const gpu = 'karpenter.k8s.aws/instance-gpu-count';
const neuron = 'karpenter.k8s.aws/instance-accelerator-count';

const acceleratorRequirements: Readonly<Record<Accelerator, readonly Requirement[]>> = {
  none: [
    { key: gpu, operator: 'DoesNotExist' },
    { key: neuron, operator: 'DoesNotExist' },
  ],
  gpu: [{ key: gpu, operator: 'Exists' }],
  neuron: [{ key: neuron, operator: 'Exists' }],
};

function architectureOf({ architecture }: StoredImage): Requirement {
  const value = architecture === 'x86_64' ? 'amd64' : 'arm64';
  return { key: 'kubernetes.io/arch', operator: 'In', values: [value] };
}
