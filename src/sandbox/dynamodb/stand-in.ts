import { startEmulator, type Verdict } from '../../adapters/dynamodb/emulator.ts';
import type { Clock, Instant } from '../../shared/time.ts';
import type { FaultKind, Faults } from '../faults.ts';
import { deniedByPolicy } from './denied-by-policy.ts';
import { type Described, describeRequest } from './describe-request.ts';

/** One request that reached the stand-in. */
export type ServedRequest = Described & {
  readonly at: Instant;
  /** What was wrong with it on purpose. */
  readonly fault?: FaultKind;
};

export type DynamoStandIn = {
  readonly url: string;
  close(): Promise<void>;
  /** The newest 10,000, oldest first. */
  requests(): readonly ServedRequest[];
};

const kept = 10_000;

/**
 * A DynamoDB that fails when told to. A fault's `match` is looked for in such as `PutItem log#ro_0123456789/00000003`
 * or, for a query, `Query due#0`. It refuses what the service's IAM policy refuses.
 * @param options.dataDir folder of the data; absent: in memory.
 */
export async function startDynamoStandIn({
  clock,
  faults,
  dataDir,
  port,
}: {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly dataDir?: string;
  readonly port?: number;
}): Promise<DynamoStandIn> {
  const served: ServedRequest[] = [];
  const { url, close } = await startEmulator({
    path: dataDir,
    port,
    judge(request) {
      const described = describeRequest(request);
      const fault = faults.take(`${described.operation} ${described.keys.join(' ')}`, [
        'lost-reply',
        'rate-limited',
        'error-500',
        'hang',
      ]);
      served.push({ ...described, at: clock.now(), ...(fault === undefined ? {} : { fault }) });
      if (served.length > kept) served.shift();
      const denied = deniedByPolicy(described);
      // What is refused is refused also when its reply is lost.
      if (denied !== undefined && (fault === undefined || fault === 'lost-reply')) return denied;
      return verdictOf(fault);
    },
  });
  return { url, close, requests: () => [...served] };
}

function verdictOf(fault: FaultKind | undefined): Verdict {
  switch (fault) {
    case 'lost-reply':
      return { do: 'serve-and-cut' };
    case 'hang':
      return { do: 'hang' };
    case 'rate-limited':
      return failure(400, 'ProvisionedThroughputExceededException', limited);
    case 'error-500':
      return failure(500, 'InternalServerError', 'Internal server error');
    // No streams here that could be cut or expire; `take` does not hand these out.
    case 'cut-watch':
    case 'gone-410':
    case undefined:
      return { do: 'serve' };
  }
}

const limited =
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.';

function failure(status: number, type: string, message: string): Verdict {
  const body = { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message };
  return { do: 'answer', status, body };
}
