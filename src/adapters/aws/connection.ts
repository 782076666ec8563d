import { NodeHttpHandler } from '@smithy/node-http-handler';
import { type Clock, second } from '../../shared/time.ts';
import { AwsError } from './aws-error.ts';

/** How AWS is reached; the same for all services. */
export type AwsConnection = {
  /** Used instead of AWS's own endpoints, for every service and region. */
  readonly endpoint?: string;
  /** Absent: the SDK's default chain (Pod Identity, role, profile, environment). */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly clock: Clock;
  /** Time limit of one try, in ms; default 10 s. Real time: a hung connection hangs in no other. */
  readonly timeoutMs?: number;
};

/** Tries of one read, the first included. */
const readAttempts = 4;

/**
 * What every SDK client is made with. The SDK itself never retries: ours is the one layer that does, by our own clock.
 * HTTP/1.1 for all, Bedrock included.
 */
export function clientOptions({ endpoint, credentials }: AwsConnection, region: string) {
  return {
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 3 * second }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  };
}

/**
 * Does one read, again after a pause where that may help: half a second, one, two.
 * @throws AwsError
 */
export async function readAws<Answer>(
  connection: AwsConnection,
  service: string,
  operation: string,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await callAws(connection, service, operation, send);
    } catch (error) {
      if (!(error instanceof AwsError) || !error.retryable || attempt === readAttempts) throw error;
      await connection.clock.sleep((second / 2) * 2 ** (attempt - 1));
    }
  }
}

/**
 * Does one call, once: whoever repeats a write looks first whether it was done.
 * @throws AwsError
 */
export async function callAws<Answer>(
  { timeoutMs = 10 * second }: AwsConnection,
  service: string,
  operation: string,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await send(AbortSignal.timeout(timeoutMs));
  } catch (cause) {
    throw new AwsError({ service, operation }, { cause });
  }
}

/** Makes a thing once per key and keeps it: SDK clients hold connections, and loading one takes a while. */
export function once<Made>(make: (key: string) => Made): (key: string) => Made {
  const made = new Map<string, Made>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(key, fresh);
    return fresh;
  };
}
