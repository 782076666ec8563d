/** Answers that DynamoDB gives when it limits us or is ill; nothing is wrong with the request. */
const passing = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'InternalFailure',
  'ServiceUnavailable',
  // The SDK mends these itself before the next attempt: new credentials, a corrected clock.
  'CredentialsProviderError',
  'ExpiredTokenException',
  'RequestTimeTooSkewed',
  'InvalidSignatureException',
  // Our own time limit.
  'AbortError',
  'TimeoutError',
]);

const network = /^(E[A-Z]+|UND_ERR_\w+)$/;

/** Whether the same request may succeed later: limits, outages, a lost reply. Anything else is a bug or a missing right. */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (passing.has(error.name)) return true;
  if ('code' in error && typeof error.code === 'string' && network.test(error.code)) return true;
  // A reply that is not DynamoDB's: a proxy's page, half a document.
  return (statusOf(error) ?? 0) >= 500 || (error instanceof SyntaxError && '$response' in error);
}

function statusOf(error: Error): number | undefined {
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status: unknown = 'httpStatusCode' in metadata ? metadata.httpStatusCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
