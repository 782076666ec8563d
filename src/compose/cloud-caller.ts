import { callerIdentity } from '../adapters/aws/caller-identity.ts';
import type { Config } from '../config/config.ts';
import type { Person } from '../config/people.ts';
import type { Clock } from '../shared/time.ts';
import { awsConnection } from './aws-connection.ts';

/** Whoever typed a command: the cloud identity that AWS names, and the person it stands for. */
export type CloudCaller = {
  readonly arn: string;
  /** Absent: the configuration maps this identity to nobody. */
  readonly person?: Person;
};

/** Asks AWS who we are, and the configuration who that is. @throws AwsError when AWS does not say. */
export async function cloudCaller(
  config: Pick<Config, 'aws' | 'people'>,
  clock: Clock,
): Promise<CloudCaller> {
  const { arn } = await callerIdentity({
    ...awsConnection(config, clock),
    region: config.aws.region,
  });
  const person = personOf(config.people, arn);
  return { arn, ...(person === undefined ? {} : { person }) };
}

/** Whom an identity stands for: itself, or the role whose session it is. A role's path is not in its sessions' ARNs. */
export function personOf(people: readonly Person[], arn: string): Person | undefined {
  const exact = people.find(({ aws }) => aws.includes(arn));
  if (exact !== undefined) return exact;
  const [, partition, account, role] =
    /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (role === undefined) return undefined;
  const isRole = new RegExp(`^arn:${partition}:iam::${account}:role/(?:.*/)?${escaped(role)}$`);
  return people.find(({ aws }) => aws.some((one) => isRole.test(one)));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
