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

/** A reply that begins and then says nothing for so long, in ms of real time, has been lost. */
const silentMs = 2_000;

/** A client that sends each request once: retries are the store's, which knows what may be sent again. */
export function createDynamoClient({
  region,
  endpoint,
  credentials,
}: ClientOptions): DynamoDBClient {
  return new DynamoDBClient({
    region,
    maxAttempts: 1,
    // The handler's own time limits, the request's and the silent socket's: an abort signal for each request costs more
    // than all else we do to it.
    requestHandler: { throwOnRequestTimeout: true, socketTimeout: silentMs },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}
