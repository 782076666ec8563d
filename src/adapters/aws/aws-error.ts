/** A call to AWS that brought no answer, or a refusal. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** As AWS spells it: `SSM`, `EC2`. */
  readonly service: string;
  readonly operation: string;
  /** The service's own name for it, such as `AccessDeniedException`; absent when no answer came. */
  readonly code: string | undefined;
  /** A later try may succeed: throttled, out of order, not reached, no answer in time. */
  readonly retryable: boolean;

  constructor(
    { service, operation }: { readonly service: string; readonly operation: string },
    { cause }: { readonly cause: unknown },
  ) {
    const { code, text, retryable } = readCause(cause);
    super(`${service} ${operation} failed: ${text}`, { cause });
    this.service = service;
    this.operation = operation;
    this.code = code;
    this.retryable = retryable;
  }
}

const throttles = new Set([
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'Throttled',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
]);

/** Whether the service said that there were too many requests. */
export function isThrottle(code: string | undefined): boolean {
  return code !== undefined && throttles.has(code);
}

/**
 * Only what a service answered as our own fault is final. All else (no route, a cut connection, no credentials yet) may
 * pass, and giving up on it for good would be worse than one look too many.
 */
function readCause(cause: unknown) {
  if (!(cause instanceof Error)) return { code: undefined, text: String(cause), retryable: true };
  if (isAbort(cause)) return { code: undefined, text: 'no answer in time', retryable: true };
  const fault = '$fault' in cause ? cause.$fault : undefined;
  if (fault === undefined)
    // a refused connection can come as an AggregateError without words of its own
    return { code: undefined, text: cause.message || codeOf(cause) || cause.name, retryable: true };
  const retryable = fault !== 'client' || throttles.has(cause.name);
  return { code: cause.name, text: `${cause.name} ${cause.message}`.trim(), retryable };
}

function codeOf(cause: Error): string | undefined {
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** The SDK's word for a time limit of ours that ran out; its `TimeoutError` is also a connection that was cut. */
export function isAbort(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'AbortError';
}
