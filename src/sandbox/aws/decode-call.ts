import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import type { Call, Protocol } from './call.ts';

type Decoded = Omit<Call, 'region' | 'input'>;

const targets: Readonly<Record<string, { service: Call['service']; protocol: Protocol }>> = {
  AmazonSSM: { service: 'ssm', protocol: 'json-1.1' },
  secretsmanager: { service: 'secretsmanager', protocol: 'json-1.1' },
  GraniteServiceVersion20100801: { service: 'monitoring', protocol: 'json-1.0' },
};

const queryVersions: Readonly<Record<string, Call['service']>> = {
  '2016-11-15': 'ec2',
  '2010-03-31': 'sns',
  '2011-06-15': 'sts',
};

/**
 * Tells which operation of which service a request means, as the host name would in AWS: by `X-Amz-Target` (JSON),
 * by `Action` and `Version` (query), or by the path (REST-JSON). `undefined`: none that is served here.
 */
export function decodeCall(request: IncomingMessage, body: string): Decoded | undefined {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const path = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix = '', operation = ''] = target.split('.');
    const meant = targets[prefix];
    return meant && decoded(meant.service, operation, meant.protocol, path);
  }
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    const form = new URLSearchParams(body);
    const service = queryVersions[form.get('Version') ?? ''];
    const protocol = service === 'ec2' ? 'ec2-query' : 'query';
    return service && { ...decoded(service, form.get('Action') ?? '', protocol, path), form };
  }
  const route = `${request.method} ${path.map((part, i) => (i % 2 === 0 ? part : '*')).join('/')}`;
  if (route === 'POST model/*/converse') return decoded('bedrock', 'Converse', 'rest-json', path);
  if (request.method === 'POST' && path[0] === 'guardrail' && path[4] === 'apply')
    return decoded('bedrock', 'ApplyGuardrail', 'rest-json', path);
  if (route === 'GET clusters/*') return decoded('eks', 'DescribeCluster', 'rest-json', path);
  return undefined;
}

/** The JSON body of a request; `{}` when there is none. */
export function jsonOf(body: string): unknown {
  if (body === '') return {};
  try {
    return JSON.parse(body);
  } catch (cause) {
    const error = new ApiError('SerializationException', 'The body is not JSON');
    error.cause = cause;
    throw error;
  }
}

function decoded(
  service: Call['service'],
  operation: string,
  protocol: Protocol,
  path: readonly string[],
): Decoded {
  return { service, operation, protocol, path, form: new URLSearchParams() };
}
