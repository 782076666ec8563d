import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../shared/time.ts';
import { StoreUnavailableError } from '../../workflow/ports/store-unavailable-error.ts';
import { mayPass } from './failure.ts';
import { tooLarge } from './item-size.ts';
import type { UnitCounter } from './unit-counter.ts';
import { type Consumed, unitsOf } from './units-of.ts';

/** What one call is, for counting and for errors. */
export type Doing = {
  /** Label of its units, such as `log.append`. */
  readonly operation: string;
  /** What an error says, such as `commit 3 of ro_0123456789`. */
  readonly what: string;
  readonly kind: 'reads' | 'writes';
  /** Index entries that it writes or deletes, counted only where the table does not report them. */
  readonly indexWrites?: number;
};

/** Sends one request to the table; every request of this folder goes through it. */
export type Call = <Output extends { readonly ConsumedCapacity?: Consumed | undefined }>(
  doing: Doing,
  send: (options: { readonly requestTimeout: number }) => Promise<Output>,
) => Promise<Output>;

export type CallOptions = {
  readonly clock: Clock;
  readonly units: UnitCounter;
  /** Real time for one attempt, in ms. */
  readonly callMs: number;
  /** The emulator does not report what indexes consume. */
  readonly estimateIndexes: boolean;
  /** From 0 up to but not 1: spreads the waits of replicas that were limited together. */
  readonly random: () => number;
  readonly onRetry?: ((what: string, cause: unknown) => void) | undefined;
};

const attempts = 3;
const firstWaitMs = 50;

/**
 * The one layer that retries (the SDK's is off): three attempts, waits of up to 50 and 100 ms on our clock.
 * Every request here may be sent twice: reads, overwrites with the same content, and conditional writes that know
 * their own earlier success.
 */
export function createCall({
  clock,
  units,
  callMs,
  estimateIndexes,
  random,
  onRetry,
}: CallOptions) {
  const call: Call = async (doing, send) => {
    const { operation, what, kind, indexWrites = 0 } = doing;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const output = await send({ requestTimeout: callMs });
        units.add(
          operation,
          kind,
          unitsOf(output.ConsumedCapacity, kind, estimateIndexes ? indexWrites : 0),
        );
        return output;
      } catch (error) {
        // A refused condition costs what the write would have; its answer does not say how much.
        if (error instanceof ConditionalCheckFailedException) units.add(operation, kind, 1);
        if (error instanceof Error && /item size/i.test(error.message)) {
          throw tooLarge(what, 'refused by the table', error);
        }
        if (!mayPass(error)) throw withWhat(what, error);
        if (attempt === attempts) throw new StoreUnavailableError(what, { cause: error });
        onRetry?.(what, error);
        await clock.sleep(firstWaitMs * 2 ** (attempt - 1) * (0.5 + random() / 2));
      }
    }
  };
  return call;
}

/** A failed condition is an answer, for the caller to read; everything else gets the name of what was being done. */
function withWhat(what: string, error: unknown): unknown {
  if (error instanceof ConditionalCheckFailedException) return error;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Error(`DynamoDB refused ${what}: ${said}`, { cause: error });
}
