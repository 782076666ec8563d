import { randomUUID } from 'node:crypto';
import { ApiError } from './api-error.ts';
import type { Answer, Call, Context } from './call.ts';
import { element } from './encode-answer.ts';

/** SNS, publishing to standard topics (no FIFO). */
export function snsApi({ world, clock, save }: Context, { operation, region, form }: Call): Answer {
  if (operation !== 'Publish')
    throw new ApiError('InvalidAction', `The action ${operation} is not valid for this endpoint.`);
  const topicArn = form.get('TopicArn') ?? '';
  if (!new RegExp(`^arn:aws:sns:${region}:\\d{12}:[A-Za-z0-9_-]{1,256}$`).test(topicArn))
    throw new ApiError('InvalidParameter', 'Invalid parameter: TopicArn');
  if (!world.topics.includes(topicArn)) throw new ApiError('NotFound', 'Topic does not exist', 404);
  const message = form.get('Message') ?? '';
  if (message === '') throw new ApiError('InvalidParameter', 'Invalid parameter: Empty message');
  if (Buffer.byteLength(message) > 262_144)
    throw new ApiError('InvalidParameter', 'Invalid parameter: Message too long');
  const subject = form.get('Subject') ?? undefined;
  if (subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(subject))
    throw new ApiError('InvalidParameter', 'Invalid parameter: Subject');
  const messageId = randomUUID();
  world.messages.push({
    topicArn,
    messageId,
    message,
    attributes: attributesOf(form),
    at: clock.now(),
    ...(subject !== undefined && { subject }),
  });
  save();
  return { xml: element('MessageId', messageId) };
}

function attributesOf(form: URLSearchParams): Readonly<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (let i = 1; form.has(`MessageAttributes.entry.${i}.Name`); i += 1) {
    const entry = `MessageAttributes.entry.${i}`;
    attributes[form.get(`${entry}.Name`) ?? ''] = form.get(`${entry}.Value.StringValue`) ?? '';
  }
  return attributes;
}
