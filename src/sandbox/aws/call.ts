import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Clock } from '../../shared/time.ts';
import { ApiError } from './api-error.ts';
import type { World } from './world.ts';

/** How an answer or an error is written on the wire. */
export type Protocol = 'json-1.0' | 'json-1.1' | 'rest-json' | 'ec2-query' | 'query';

/** One request, decoded as far as its protocol goes. */
export type Call = {
  readonly service:
    | 'ssm'
    | 'secretsmanager'
    | 'bedrock'
    | 'eks'
    | 'ec2'
    | 'sns'
    | 'sts'
    | 'monitoring';
  readonly operation: string;
  readonly protocol: Protocol;
  /** From the credential scope of the signature: one endpoint serves all regions. */
  readonly region: string;
  /** JSON protocols: the parsed body; query protocols: the form. */
  readonly input: unknown;
  readonly form: URLSearchParams;
  /** Decoded parts of the path, for REST. */
  readonly path: readonly string[];
};

/** What every service may read and change. */
export type Context = {
  readonly world: World;
  readonly clock: Clock;
  /** Twelve digits. */
  readonly account: string;
  /** Makes what was changed last. */
  save(): void;
  /** Aborts when the stand-in is closed. */
  readonly closing: AbortSignal;
};

/** A JSON value for the JSON protocols, the inside of an XML document for the query protocols. */
export type Answer = { readonly json: unknown } | { readonly xml: string };

/** Names in descriptions of requests, as faults and counters match them: `SSM GetParameters`. */
export const serviceNames: Readonly<Record<Call['service'], string>> = {
  ssm: 'SSM',
  secretsmanager: 'SecretsManager',
  bedrock: 'Bedrock',
  eks: 'EKS',
  ec2: 'EC2',
  sns: 'SNS',
  sts: 'STS',
  monitoring: 'CloudWatch',
};

/**
 * Reads the input of a JSON operation.
 * @throws ApiError ValidationException, naming the first member that is wrong.
 */
export function inputOf<Shape extends z.ZodType>(shape: Shape, call: Call): z.infer<Shape> {
  const parsed = shape.safeParse(call.input);
  if (parsed.success) return parsed.data;
  const count = parsed.error.issues.length;
  const details = parsed.error.issues
    .map(
      ({ path, message }) =>
        `Value at '${path.join('.')}' failed to satisfy constraint: ${message}`,
    )
    .join('; ');
  throw new ApiError(
    'ValidationException',
    `${count} validation error${count === 1 ? '' : 's'} detected: ${details}`,
  );
}

/** Where a request wants to go and who signed it. Signatures are not computed anew: there is no secret to protect. */
export function scopeOf(headers: IncomingHttpHeaders): {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
} {
  const authorization = headers.authorization;
  if (authorization === undefined)
    throw new ApiError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
  const [, accessKeyId, region, service] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/\d{8}\/([a-z0-9-]+)\/([a-z0-9-]+)\/aws4_request, SignedHeaders=[^,]*host[^,]*, Signature=[0-9a-f]{64}$/.exec(
      authorization,
    ) ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined)
    throw new ApiError(
      'IncompleteSignatureException',
      'Authorization header requires existence of either a valid Credential, SignedHeaders and Signature parameter.',
    );
  if (!/^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region))
    throw new ApiError(
      'InvalidSignatureException',
      `Credential should be scoped to a valid region, not '${region}'.`,
      403,
    );
  if (headers['x-amz-date'] === undefined)
    throw new ApiError(
      'IncompleteSignatureException',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  return { accessKeyId, region, service };
}
