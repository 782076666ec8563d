import { type AwsConnection, callAws, clientOptions, once } from './connection.ts';

/** What is published to a topic. */
export type Notice = {
  /** Names its region. */
  readonly topicArn: string;
  /** Line of an e-mail: cut to what SNS takes, 100 printable ASCII characters. */
  readonly subject?: string;
  /** At most 256 KiB of UTF-8; not empty. */
  readonly message: string;
  /** For subscription filters. */
  readonly attributes?: Readonly<Record<string, string>>;
};

/**
 * Publishes to SNS topics. Once: when the reply is lost, the message may be out.
 * @throws AwsError
 */
export function createSns(connection: AwsConnection): { publish(notice: Notice): Promise<void> } {
  const snsOf = once(async (region) => {
    const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
    const client = new SNSClient(clientOptions(connection, region));
    return (input: ConstructorParameters<typeof PublishCommand>[0], abortSignal: AbortSignal) =>
      client.send(new PublishCommand(input), { abortSignal });
  });
  return {
    async publish({ topicArn, subject, message, attributes = {} }) {
      const region = topicArn.split(':')[3] ?? '';
      const send = await snsOf(region);
      const line = subject === undefined ? '' : subjectOf(subject);
      await callAws(connection, 'SNS', 'Publish', (signal) =>
        send(
          {
            TopicArn: topicArn,
            Message: message,
            ...(line !== '' && { Subject: line }),
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([key, value]) => [
                key,
                { DataType: 'String', StringValue: value },
              ]),
            ),
          },
          signal,
        ),
      );
    },
  };
}

/** SNS refuses the whole message for one letter it does not like in the subject. */
function subjectOf(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/g, '?')
    .trim()
    .slice(0, 100)
    .trimEnd();
}
