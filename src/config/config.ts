import { z } from 'zod';
import { Analysis } from './analysis.ts';
import { Aws, GitHub, Slack, Store } from './connections.ts';
import { Environment } from './environment.ts';
import { listOf, section, text } from './fields.ts';
import { Cluster, Repository } from './fleet.ts';
import { Holds } from './holds.ts';
import { Images } from './images.ts';
import { Owners } from './owners.ts';
import { PageSection } from './page.ts';
import { withNamesSpelledOut } from './pattern-names.ts';
import { Group, Person } from './people.ts';
import { Detection, Digest, Log, Paces, Server } from './service.ts';

/**
 * `amiable.yaml`, read: every default is filled in, every duration is in milliseconds, every address and list stands in
 * one form. What one key says of another is checked in `cross-checks.ts`.
 */
export const Config = section({
  version: z
    .literal(1, { error: () => '1, the only version of this format' })
    .describe('Version of this format: 1.'),
  fleet: text(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, '1 to 63 of a-z, 0-9 and -')
    .prefault('fleet')
    .describe('Name of the fleet; a rollout belongs to one. Do not change it later.'),
  slack: Slack,
  github: GitHub,
  aws: Aws,
  analysis: Analysis.prefault({}),
  store: Store,
  repositories: nonEmpty(Repository, 'repositories').describe(
    'The Git repositories with node classes in them.',
  ),
  clusters: nonEmpty(Cluster, 'clusters').describe('The EKS clusters, and how they are reached.'),
  environments: nonEmpty(Environment, 'environments').describe(
    'The environments: promotion order and who decides.',
  ),
  people: listOf(Person, 'a list of people').prefault([]).describe('Who people are elsewhere.'),
  groups: listOf(Group, 'a list of user groups')
    .prefault([])
    .describe('User groups whose membership is looked at in another way.'),
  detection: Detection.prefault({}),
  images: Images.prefault({}),
  holds: Holds,
  owners: Owners,
  digest: Digest.prefault({}),
  page: PageSection.optional(),
  server: Server.prefault({}),
  log: Log.prefault({}),
  paces: Paces.prefault({}),
}).transform(({ aws, analysis, store, digest, slack, repositories, ...rest }) => ({
  ...rest,
  aws,
  slack,
  repositories: withNames(repositories, rest),
  analysis: {
    ...analysis,
    bedrock: { ...analysis.bedrock, region: analysis.bedrock.region ?? aws.region },
  },
  store: storeOf(store, aws),
  digest: { ...digest, channel: digest.channel ?? slack.channel },
}));
export type Config = z.infer<typeof Config>;

function withNames(
  repositories: readonly z.infer<typeof Repository>[],
  {
    environments,
    clusters,
  }: Record<'environments' | 'clusters', readonly { readonly name: string }[]>,
) {
  const names = {
    environments: environments.map(({ name }) => name),
    clusters: clusters.map(({ name }) => name),
  };
  return repositories.map((entry) => ({
    ...entry,
    files: entry.files.map((file) => withNamesSpelledOut(file, names)),
  }));
}

function nonEmpty<Item extends z.ZodType>(item: Item, of: string) {
  const allowed = `a list of ${of}, at least one`;
  return listOf(item, allowed).min(1, { error: () => allowed });
}

/** Where records are kept. */
export type StoreConfig =
  | {
      readonly kind: 'dynamodb';
      readonly table: string;
      readonly region: string;
      readonly endpoint?: string;
    }
  | { readonly kind: 'embedded'; readonly folder: string };

/** The store a configuration names, with what the AWS section says where it says nothing itself. */
export function storeOf(
  { table, region, endpoint, embedded }: z.infer<typeof Store>,
  aws: Pick<z.infer<typeof Aws>, 'region' | 'endpoint'>,
): StoreConfig {
  if (embedded !== undefined) return { kind: 'embedded', folder: embedded };
  if (table === undefined) throw new Error('A store of neither kind has passed the check.');
  const address = endpoint ?? aws.endpoint;
  return {
    kind: 'dynamodb',
    table,
    region: region ?? aws.region,
    ...(address === undefined ? {} : { endpoint: address }),
  };
}
