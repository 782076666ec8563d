import { mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { startAwsStandIn } from '../../../src/sandbox/aws/aws-stand-in.ts';
import { Faults } from '../../../src/sandbox/faults.ts';
import { folder, handClock, july, startForTest } from './start-for-test.ts';

const topic = 'arn:aws:sns:eu-west-1:111122223333:amiable';

test('secrets are read by name and by ARN, in their region', async () => {
  const { aws, client } = await startForTest();
  const arn = aws.putSecret('eu-west-1', 'amiable/slack', '{"token":"x"}');
  expect(arn).toMatch(/^arn:aws:secretsmanager:eu-west-1:111122223333:secret:amiable\/slack-.{6}$/);
  const read = (SecretId: string, region?: string) =>
    new SecretsManagerClient(client(region)).send(new GetSecretValueCommand({ SecretId }));
  expect((await read('amiable/slack')).SecretString).toBe('{"token":"x"}');
  expect((await read(arn)).Name).toBe('amiable/slack');
  await expect(read('amiable/slack', 'us-east-1')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('messages reach topics that exist, with subject and attributes', async () => {
  const { aws, client, clock } = await startForTest();
  aws.putTopic(topic);
  const sns = new SNSClient(client());
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'recall' } };
  const { MessageId } = await sns.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: 'Recall',
      Message: 'a & <b>',
      MessageAttributes,
    }),
  );
  expect(aws.messages()).toEqual([
    {
      topicArn: topic,
      messageId: MessageId,
      subject: 'Recall',
      message: 'a & <b>',
      attributes: { kind: 'recall' },
      at: clock.now(),
    },
  ]);
});

test.each([
  ['NotFound', { TopicArn: `${topic}-2`, Message: 'm' }],
  ['InvalidParameter', { TopicArn: topic, Message: '' }],
  ['InvalidParameter', { TopicArn: topic, Message: 'm'.repeat(262_145) }],
  ['InvalidParameter', { TopicArn: topic, Message: 'm', Subject: 's'.repeat(101) }],
  ['InvalidParameter', { TopicArn: topic, Message: 'm', Subject: 'Grüße' }],
  ['InvalidParameter', { TopicArn: topic.replace('eu-west-1', 'us-east-1'), Message: 'm' }],
])('%s: a message that SNS would refuse is refused', async (name, input) => {
  const { aws, client } = await startForTest();
  aws.putTopic(topic);
  const publish = new SNSClient(client()).send(new PublishCommand(input));
  await expect(publish).rejects.toMatchObject({ name: expect.stringContaining(name) });
  expect(aws.messages()).toEqual([]);
});

test('clusters say their minor, and where they are', async () => {
  const { aws, client } = await startForTest();
  const cluster = { version: '1.35', endpoint: 'https://k', certificateAuthority: 'Y2E=' };
  aws.putCluster('eu-west-1', { ...cluster, name: 'prod-eu1', status: 'ACTIVE' });
  aws.putCluster('eu-west-1', { ...cluster, name: 'new', status: 'CREATING' });
  const eks = new EKSClient(client());
  const describe = async (name: string) =>
    (await eks.send(new DescribeClusterCommand({ name }))).cluster;
  expect(await describe('prod-eu1')).toMatchObject({
    version: '1.35',
    endpoint: 'https://k',
    certificateAuthority: { data: 'Y2E=' },
  });
  expect((await describe('new'))?.endpoint).toBeUndefined();
  await expect(describe('other')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'No cluster found for name: other.',
    $metadata: { httpStatusCode: 404 },
  });
});

test('who asks is told', async () => {
  const { client } = await startForTest();
  const identity = await new STSClient(client()).send(new GetCallerIdentityCommand({}));
  expect(identity.Account).toBe('111122223333');
});

const read = new GetParametersCommand({ Names: [`${folder}/recommended`] });

test('another key is refused, and so is a region that cannot be', async () => {
  const { client } = await startForTest();
  const credentials = { accessKeyId: 'AKIASOMEBODYELSE', secretAccessKey: 'x' };
  await expect(new SSMClient({ ...client(), credentials }).send(read)).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
  });
  await expect(new SSMClient({ ...client(), region: 'nowhere' }).send(read)).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
});

/** A request that no SDK would send. */
function raw(endpoint: string, headers: Record<string, string>, body = '{}'): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(endpoint, { method: 'POST', headers }, (response) => {
      let text = `${response.statusCode} `;
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve(text));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

test('requests without a signature, signed for another service, for another host or from a foreign page get nothing', async () => {
  const { aws } = await startForTest();
  const target = { 'x-amz-target': 'AmazonSSM.GetParameters' };
  expect(await raw(aws.endpoint, target)).toMatch(/^403 .*MissingAuthenticationToken/);
  expect(await raw(aws.endpoint, { ...target, host: 'rebound.example' })).toMatch(
    /^403 Only local/,
  );
  expect(await raw(aws.endpoint, { ...target, origin: 'https://evil.example' })).toMatch(
    /^403 Only local/,
  );
  expect(await raw(aws.endpoint, {})).toMatch(/^404/);
  const scope = `${aws.credentials.accessKeyId}/20260715/eu-west-1/ec2/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const signed = { ...target, authorization, 'x-amz-date': '20260715T120000Z' };
  expect(await raw(aws.endpoint, signed)).toMatch(/^403 .*scoped to correct service: 'ssm'/);
  expect(await raw(aws.endpoint, target, 'x'.repeat(2_000_001))).toMatch(/^413/);
});

test('a lost reply is done and not told; an error is told and not done', async () => {
  const { aws, faults, client } = await startForTest();
  aws.putTopic(topic);
  const publish = () =>
    new SNSClient(client()).send(new PublishCommand({ TopicArn: topic, Message: 'm' }));
  faults.order({ service: 'aws', kind: 'lost-reply', match: 'SNS Publish', times: 1 });
  await expect(publish()).rejects.toThrow();
  expect(aws.messages()).toHaveLength(1);
  faults.order({ service: 'aws', kind: 'error-500', match: 'SNS Publish', times: 1 });
  await expect(publish()).rejects.toMatchObject({ $metadata: { httpStatusCode: 500 } });
  expect(aws.messages()).toHaveLength(1);
  await publish();
  expect(aws.messages()).toHaveLength(2);
});

test('a request that hangs never ends by itself', async () => {
  const { faults, client } = await startForTest();
  faults.order({ service: 'aws', kind: 'hang', match: 'SSM', times: 1 });
  const abortSignal = AbortSignal.timeout(50);
  await expect(new SSMClient(client()).send(read, { abortSignal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('requests are counted by what they ask and where', async () => {
  const { aws, client } = await startForTest();
  await new SSMClient(client()).send(read);
  await new SSMClient(client('us-east-1')).send(read);
  await new STSClient(client()).send(new GetCallerIdentityCommand({}));
  expect(aws.requestCount()).toBe(3);
  expect(aws.requestCount('SSM GetParameters')).toBe(2);
  expect(aws.requestCount('SSM', 'us-east-1')).toBe(1);
  aws.resetRequestCount();
  expect(aws.requestCount()).toBe(0);
});

test('what it holds survives a restart, and publishing the same again changes nothing', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'aws-stand-in-'));
  const clock = handClock();
  const first = await startForTest({ dataDir, clock });
  first.aws.publish(july);
  first.aws.putTopic(topic);
  await first.aws.close();
  const second = await startForTest({ dataDir, clock });
  const terms = [{ alias: 'al2023@v20260714' }];
  const where = { region: 'eu-west-1', kubernetes: '1.35', terms };
  expect(second.aws.resolve(where)).toEqual(first.aws.resolve(where));
  second.aws.publish(july);
  const { Parameters } = await new SSMClient(second.client()).send(read);
  expect(Parameters?.[0]?.Version).toBe(1);
});

test('a state that cannot be read stops the start instead of being forgotten', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'aws-stand-in-'));
  writeFileSync(join(dataDir, 'aws.json'), '{"half');
  const start = startAwsStandIn({ clock: handClock(), faults: new Faults('aws'), dataDir });
  await expect(start).rejects.toThrow(/cannot be read/);
});
