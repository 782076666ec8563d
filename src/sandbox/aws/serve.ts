import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FaultKind, Faults } from '../faults.ts';
import { isForLoopback } from '../loopback-server.ts';
import { readBody } from '../read-body.ts';
import { ApiError } from './api-error.ts';
import { type Answer, type Call, scopeOf, serviceNames } from './call.ts';
import { decodeCall, jsonOf } from './decode-call.ts';
import { encodeAnswer, encodeError, type Response } from './encode-answer.ts';

const maxBodyBytes = 2_000_000;

type Serving = {
  readonly faults: Faults;
  readonly accessKeyId: string;
  /** Called with each request that is understood, before its fate is known. */
  count(request: string, region: string): void;
  handle(call: Call): Promise<Answer> | Answer;
};

/** The HTTP side of the stand-in: who may talk to it, what is asked, faults, and the answer's form. Not yet listening. */
export function awsServer(serving: Serving): Server {
  return createServer((request, response) => {
    answerTo(serving, request, response).catch((error: unknown) => {
      // a bug of the stand-in must look like one, not like an answer of AWS
      response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`The AWS stand-in failed: ${String(error)}`);
    });
  });
}

async function answerTo(serving: Serving, request: IncomingMessage, response: ServerResponse) {
  if (!isForLoopback(request)) return send(response, plain(403, 'Only local clients are served'));
  const body = await readBody(request, maxBodyBytes);
  if (body === undefined) return send(response, plain(413, 'Request Entity Too Large'));
  const decoded = decodeCall(request, body);
  if (decoded === undefined) return send(response, plain(404, '<UnknownOperationException/>'));
  const requestId = randomUUID();
  const description = `${serviceNames[decoded.service]} ${decoded.operation}`;
  let fault: FaultKind | undefined;
  let outcome: Response;
  try {
    const { accessKeyId, region, service } = scopeOf(request.headers);
    if (service !== decoded.service)
      throw new ApiError(
        'InvalidSignatureException',
        `Credential should be scoped to correct service: '${decoded.service}'.`,
        403,
      );
    if (accessKeyId !== serving.accessKeyId)
      throw new ApiError(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
        403,
      );
    serving.count(description, region);
    fault = serving.faults.take(description, ['hang', 'error-500', 'rate-limited', 'lost-reply']);
    if (fault === 'hang') return undefined; // never answered, nothing done
    if (fault === 'error-500') throw internalError(decoded.service);
    if (fault === 'rate-limited') throw rateLimited(decoded.service);
    const input = decoded.protocol.endsWith('query') ? {} : jsonOf(body);
    const answer = await serving.handle({ ...decoded, region, input });
    outcome = encodeAnswer(decoded, answer, requestId);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    outcome = encodeError(decoded, error, requestId);
  }
  if (fault === 'lost-reply') return request.socket.destroy();
  return send(response, outcome);
}

/** What each service calls it when there are too many requests. */
export function rateLimited(service: Call['service']): ApiError {
  switch (service) {
    case 'ec2':
      return new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'bedrock':
      return new ApiError(
        'ThrottlingException',
        'Too many requests, please wait before trying again.',
        429,
      );
    case 'sns':
    case 'sts':
      return new ApiError('Throttling', 'Rate exceeded');
    case 'monitoring':
      return new ApiError('ThrottlingException', 'Rate exceeded');
    case 'eks':
      return new ApiError('ThrottlingException', 'Rate exceeded', 429);
    case 'ssm':
    case 'secretsmanager':
      return new ApiError('ThrottlingException', 'Rate exceeded');
  }
}

function internalError(service: Call['service']): ApiError {
  const message = 'An internal error has occurred. Retry your request.';
  switch (service) {
    case 'ec2':
      return new ApiError('InternalError', message, 500);
    case 'bedrock':
      return new ApiError('InternalServerException', message, 500);
    case 'eks':
      return new ApiError('ServerException', message, 500);
    case 'sns':
    case 'sts':
    case 'monitoring':
      return new ApiError('InternalFailure', message, 500);
    case 'ssm':
      return new ApiError('InternalServerError', message, 500);
    case 'secretsmanager':
      return new ApiError('InternalServiceError', message, 500);
  }
}

function plain(status: number, body: string): Response {
  return { status, headers: { 'content-type': 'text/plain' }, body };
}

function send(response: ServerResponse, { status, headers, body }: Response): void {
  if (response.destroyed) return;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
