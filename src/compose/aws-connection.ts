import type { AwsConnection } from '../adapters/aws/connection.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';

/** Fixed credentials of the configuration; `undefined` leaves it to the SDK's own chain. */
export function awsCredentials({ credentials }: Config['aws']) {
  if (credentials === undefined) return undefined;
  return {
    accessKeyId: credentials.accessKeyId.reveal(),
    secretAccessKey: credentials.secretAccessKey.reveal(),
    ...(credentials.sessionToken === undefined
      ? {}
      : { sessionToken: credentials.sessionToken.reveal() }),
  };
}

/** How the service reaches AWS. */
export function awsConnection({ aws }: Pick<Config, 'aws'>, clock: Clock): AwsConnection {
  const credentials = awsCredentials(aws);
  return {
    clock,
    ...(aws.endpoint === undefined ? {} : { endpoint: aws.endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  };
}
