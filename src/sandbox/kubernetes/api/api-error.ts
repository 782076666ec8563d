/** A refusal of the API server, in its own form. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: number, reason: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The Status object that carries an error, in an answer or in a watch. */
export function statusObject({ code, reason, message, retryAfterSeconds }: ApiError) {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(retryAfterSeconds !== undefined && { details: { retryAfterSeconds } }),
    code,
  };
}

export const unauthorized = () => new ApiError(401, 'Unauthorized', 'Unauthorized');

export const noSuchPath = () =>
  new ApiError(404, 'NotFound', 'the server could not find the requested resource');

export const internalError = () =>
  new ApiError(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out');

export const tooManyRequests = () =>
  new ApiError(429, 'TooManyRequests', 'Too many requests, please try again later.', 1);

/** For a watch that asks for changes nobody remembers. */
export const expired = (asked: number, oldest: number) =>
  new ApiError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);

/** For a list that is continued too late. */
export const continueExpired = () =>
  new ApiError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result.',
  );

export const badRequest = (message: string) => new ApiError(400, 'BadRequest', message);
