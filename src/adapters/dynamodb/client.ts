import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export type ClientOptions = {
  readonly region: string;
  /** Where the table is, when it is not in AWS: the embedded store, the sandbox. */
  readonly endpoint?: string | undefined;
  /** Absent: the SDK's own chain (role of the pod, environment, profile). */
  readonly credentials?:
    | {
        readonly accessKeyId: string;
        readonly secretAccessKey: string;
        readonly sessionToken?: string;
      }
    | undefined;
};

/** A client that sends each request once: retries are the store's, which knows what may be sent again. */
export function createDynamoClient({
  region,
  endpoint,
  credentials,
}: ClientOptions): DynamoDBClient {
  return new DynamoDBClient({
    region,
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}
