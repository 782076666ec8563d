import { createImages } from '../adapters/aws/images.ts';
import { awsConnection } from '../compose/aws-connection.ts';
import type { Config } from '../config/config.ts';
import { releaseOf } from '../images/image-name.ts';
import { familyOf, releaseId } from '../images/releases.ts';
import { whyNeverBuilt } from '../images/slot.ts';
import type { Architecture, ImageSlot, Variant } from '../images/types.ts';
import { systemClock } from '../shared/clock.ts';
import type { ReleaseId } from '../shared/ids.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';

/** One image as `--json` prints it; names and meanings are stable, fields are only added. */
type Row = ImageSlot & {
  readonly release: ReleaseId;
  readonly imageId: string;
  readonly name: string;
  /** Such as `1.35.6-20260714`; only where the family has one. */
  readonly releaseVersion?: string;
  /** `resolve AMI-ID` only: `available`, `disabled`, … */
  readonly state?: string;
  /** `resolve AMI-ID` only: `amazon`, or the account. */
  readonly owner?: string;
};

const families = ['al2023', 'bottlerocket'] as const;
const architectures: readonly Architecture[] = ['x86_64', 'arm64'];
const variants: readonly Variant[] = ['standard', 'nvidia', 'neuron', 'fips', 'nvidia-fips'];

/**
 * `images latest` and `images resolve RELEASE|AMI-ID`.
 * @param config absent: AWS's own endpoints, and the SDK's chain of credentials.
 * @throws CommandError (1) when there is no such image, (2) for a wrong command line.
 */
export async function images(
  [what, asked]: readonly string[],
  options: Pick<Options, 'region' | 'kubernetes' | 'family' | 'json'>,
  { out, err }: Output,
  config?: Config,
): Promise<void> {
  const connection =
    config === undefined ? { clock: systemClock } : awsConnection(config, systemClock);
  const aws = createImages(connection, {
    warn: (fields, message) => err(`${message}: ${JSON.stringify(fields)}`),
  });
  const rows = await (async (): Promise<readonly Row[]> => {
    if (what === 'latest' && asked === undefined) {
      return aws.recommended(slotsOf(familyAsked(options.family), options));
    }
    if (what !== 'resolve' || asked === undefined) {
      throw new CommandError(
        'Use: amiable images latest, or amiable images resolve RELEASE|AMI-ID, each with --region R --kubernetes M',
        2,
      );
    }
    if (asked.startsWith('ami-')) return resolveId(aws, asked, options);
    const release = releaseAsked(asked);
    return aws.ofRelease(release, slotsOf(familyOf(release), options));
  })();
  if (options.json === true) out(JSON.stringify(rows, undefined, 2));
  else for (const row of rows) out(lineOf(row));
  if (rows.length === 0) {
    throw new CommandError(`There is no such image in ${regionOf(options)}.`, 1);
  }
}

function familyAsked(family = 'al2023'): (typeof families)[number] {
  const known = families.find((one) => one === family);
  if (known === undefined) {
    throw new CommandError(`--family is one of ${families.join(', ')}, not ${family}.`, 2);
  }
  return known;
}

/** `v20261118` is taken for `al2023@v20261118`. */
function releaseAsked(text: string): ReleaseId {
  const [, family = 'al2023', version = ''] = /^(?:([a-z0-9]+)@)?(.+)$/.exec(text) ?? [];
  const release = releaseId(familyAsked(family), version);
  if (release === undefined) {
    throw new CommandError(
      `${text} is no release; they are spelled al2023@v20261118 and bottlerocket@1.62.1.`,
      2,
    );
  }
  return release;
}

/** Every image the family may have there; those nobody builds are not asked for. */
function slotsOf(
  family: ImageSlot['family'],
  options: Pick<Options, 'region' | 'kubernetes'>,
): readonly ImageSlot[] {
  const region = regionOf(options);
  const { kubernetes } = options;
  if (kubernetes === undefined) {
    throw new CommandError('--kubernetes M is needed, a minor such as 1.35.', 2);
  }
  if (!/^1\.\d{2}$/.test(kubernetes)) {
    throw new CommandError(`--kubernetes is a minor such as 1.35, not ${kubernetes}.`, 2);
  }
  return architectures
    .flatMap((architecture) =>
      variants.map((variant) => ({ family, region, kubernetes, architecture, variant })),
    )
    .filter((slot) => whyNeverBuilt(slot) === undefined);
}

function regionOf({ region }: Pick<Options, 'region'>): string {
  if (region === undefined) {
    throw new CommandError('--region R is needed, such as eu-west-1.', 2);
  }
  if (!/^[a-z]{2,4}(?:-[a-z]+)+-\d$/.test(region)) {
    throw new CommandError(`--region is a region of AWS such as eu-west-1, not ${region}.`, 2);
  }
  return region;
}

/** What EC2 knows of an id. */
async function resolveId(
  aws: ReturnType<typeof createImages>,
  imageId: string,
  options: Pick<Options, 'region' | 'kubernetes'>,
): Promise<readonly Row[]> {
  if (!/^ami-[0-9a-f]{8,17}$/.test(imageId)) {
    throw new CommandError(`${imageId} is no AMI id.`, 2);
  }
  const region = regionOf(options);
  const [image] = await aws.describe(region, [imageId]);
  if (image === undefined) return [];
  const named = releaseOf(image.name);
  if (named === undefined) {
    throw new CommandError(`${imageId} is ${image.name}, which is no EKS node image of AWS.`, 1);
  }
  const { kubernetes } = options;
  if (kubernetes !== undefined && kubernetes !== named.kubernetes) {
    throw new CommandError(
      `${imageId} is ${image.name}, for Kubernetes ${named.kubernetes} and not ${kubernetes}.`,
      1,
    );
  }
  const { family, release, architecture, variant } = named;
  const owner = image.ownerAlias ?? image.ownerId;
  const place = { family, region, kubernetes: named.kubernetes, architecture, variant };
  return [{ ...place, release, imageId, name: image.name, state: image.state, owner }];
}

function lineOf(row: Row): string {
  const { release, imageId, architecture, variant, kubernetes, name, state, owner } = row;
  const more = state === undefined ? '' : `  ${state}, owned by ${owner}`;
  return `${imageId}  ${release}  ${architecture} ${variant}  ${kubernetes}  ${name}${more}`;
}
