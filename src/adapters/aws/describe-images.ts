import { ImageId } from '../../images/published-image.ts';
import type { DescribedImage, Images } from '../../workflow/ports/images.ts';
import { type AwsConnection, clientOptions, once, readAws } from './connection.ts';

/** EC2 takes 200 values of all filters together; half of it leaves room. */
const idsPerRequest = 100;

/** Filters as EC2 spells them. */
type Question = {
  readonly Owners?: string[];
  readonly Filters: { Name: string; Values: string[] }[];
  readonly IncludeDeprecated: boolean;
  readonly IncludeDisabled: boolean;
};

/** What EC2 knows of images, in one region. @throws AwsError */
export type Ec2Images = {
  /** Unknown ids are absent. */
  readonly describe: Images['describe'];
  /** Usable images of one owner, by name (with wildcards) and tags, in no order. */
  list(
    region: string,
    of: {
      readonly owner: string;
      readonly name: string;
      readonly tags: Readonly<Record<string, string>>;
    },
  ): Promise<readonly DescribedImage[]>;
};

/**
 * Asks EC2 about images. Ids by filter, because one unknown id in `ImageIds` fails the whole call; with deprecated and
 * disabled images, because those are the ones worth knowing about.
 */
export function createEc2Images(connection: AwsConnection): Ec2Images {
  const ec2Of = once(async (region) => {
    // 28 MB: loaded when a pin is an id, and not before
    const { DescribeImagesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
    const client = new EC2Client(clientOptions(connection, region));
    return (question: Question, token: string | undefined, abortSignal: AbortSignal) =>
      client.send(
        new DescribeImagesCommand({
          ...question,
          ...(token !== undefined && { NextToken: token }),
        }),
        { abortSignal },
      );
  });
  const ask = async (region: string, question: Question): Promise<readonly DescribedImage[]> => {
    const send = await ec2Of(region);
    const found: DescribedImage[] = [];
    let token: string | undefined;
    do {
      const page = await readAws(connection, 'EC2', 'DescribeImages', (signal) =>
        send(question, token, signal),
      );
      found.push(...(page.Images ?? []).flatMap((image) => viewOf(image) ?? []));
      token = page.NextToken;
    } while (token !== undefined && token !== '');
    return found;
  };
  return {
    async describe(region, imageIds) {
      // filters know wildcards, and ids come from files that anybody may have written
      const ids = [...new Set(imageIds)].filter((id) => ImageId.safeParse(id).success);
      const found: DescribedImage[] = [];
      for (let i = 0; i < ids.length; i += idsPerRequest) {
        const Filters = [{ Name: 'image-id', Values: ids.slice(i, i + idsPerRequest) }];
        found.push(
          ...(await ask(region, { Filters, IncludeDeprecated: true, IncludeDisabled: true })),
        );
      }
      return found;
    },
    list: (region, { owner, name, tags }) =>
      ask(region, {
        Owners: [owner],
        Filters: [
          { Name: 'name', Values: [name] },
          { Name: 'state', Values: ['available'] },
          ...Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] })),
        ],
        IncludeDeprecated: false,
        IncludeDisabled: false,
      }),
  };
}

type Ec2Image = {
  readonly ImageId?: string | undefined;
  readonly Name?: string | undefined;
  readonly Architecture?: string | undefined;
  readonly State?: string | undefined;
  readonly OwnerId?: string | undefined;
  readonly ImageOwnerAlias?: string | undefined;
  readonly CreationDate?: string | undefined;
  readonly DeprecationTime?: string | undefined;
  readonly Tags?:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | undefined;
};

/** `undefined` for what no node of ours can run (i386, macOS) and for what says less than an image must. */
function viewOf(image: Ec2Image): DescribedImage | undefined {
  const { ImageId: imageId, Name: name, Architecture, State, OwnerId, CreationDate } = image;
  if (Architecture !== 'x86_64' && Architecture !== 'arm64') return undefined;
  if (imageId === undefined || name === undefined || State === undefined) return undefined;
  if (OwnerId === undefined || CreationDate === undefined) return undefined;
  const { ImageOwnerAlias, DeprecationTime, Tags = [] } = image;
  return {
    imageId,
    name,
    architecture: Architecture,
    state: State,
    ownerId: OwnerId,
    createdAt: CreationDate,
    ...(ImageOwnerAlias !== undefined && { ownerAlias: ImageOwnerAlias }),
    ...(DeprecationTime !== undefined && { deprecatedAt: DeprecationTime }),
    tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
  };
}
