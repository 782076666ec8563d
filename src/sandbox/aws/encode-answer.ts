import type { ApiError } from './api-error.ts';
import type { Answer, Call } from './call.ts';

export type Response = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const namespaces: Readonly<Partial<Record<Call['service'], string>>> = {
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  sns: 'http://sns.amazonaws.com/doc/2010-03-31/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** Writes an answer as the protocol of its call wants it. */
export function encodeAnswer(
  { protocol, service, operation }: Pick<Call, 'protocol' | 'service' | 'operation'>,
  answer: Answer,
  requestId: string,
): Response {
  if ('json' in answer)
    return {
      status: 200,
      headers: {
        'content-type':
          protocol === 'rest-json' ? 'application/json' : `application/x-amz-${protocol}`,
        'x-amzn-requestid': requestId,
      },
      body: JSON.stringify(answer.json),
    };
  const root = `${operation}Response xmlns="${namespaces[service]}"`;
  const inside =
    protocol === 'ec2-query'
      ? `<requestId>${requestId}</requestId>${answer.xml}`
      : `<${operation}Result>${answer.xml}</${operation}Result>` +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return xml(200, `<${root}>${inside}</${operation}Response>`, requestId);
}

/** Writes an error as the protocol of its call wants it. */
export function encodeError(
  { protocol, service }: Pick<Call, 'protocol' | 'service'>,
  { code, message, status }: ApiError,
  requestId: string,
): Response {
  switch (protocol) {
    case 'json-1.0':
    case 'json-1.1':
      return {
        status,
        headers: { 'content-type': `application/x-amz-${protocol}`, 'x-amzn-requestid': requestId },
        body: JSON.stringify({ __type: code, ...(message !== '' && { message }) }),
      };
    case 'rest-json':
      return {
        status,
        headers: {
          'content-type': 'application/json',
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': code,
        },
        body: JSON.stringify({ message }),
      };
    case 'ec2-query':
      return xml(
        status,
        `<Response><Errors><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></Errors>` +
          `<RequestID>${requestId}</RequestID></Response>`,
        requestId,
      );
    case 'query': {
      const type = status >= 500 ? 'Receiver' : 'Sender';
      return xml(
        status,
        `<ErrorResponse xmlns="${namespaces[service]}"><Error><Type>${type}</Type><Code>${code}</Code>` +
          `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
        requestId,
      );
    }
  }
}

/** `<tag>value</tag>`, or nothing for a value that is absent. */
export function element(tag: string, value: string | number | boolean | undefined): string {
  return value === undefined ? '' : `<${tag}>${escapeXml(String(value))}</${tag}>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function xml(status: number, body: string, requestId: string): Response {
  return {
    status,
    headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId },
    body: `<?xml version="1.0" encoding="UTF-8"?>${body}`,
  };
}
