import { expect, test } from 'vitest';
import { callerIdentity } from '../../../src/adapters/aws/caller-identity.ts';
import { createClusterVersion } from '../../../src/adapters/aws/cluster-version.ts';
import { createSecrets } from '../../../src/adapters/aws/secrets.ts';
import { createSns } from '../../../src/adapters/aws/sns.ts';
import { startForTest } from '../../sandbox/aws/start-for-test.ts';

async function start() {
  const started = await startForTest();
  const { endpoint, credentials } = started.aws;
  return {
    ...started,
    connection: { endpoint, credentials, clock: started.clock, region: 'eu-west-1' },
  };
}

test('a secret is found by name or ARN, also in the region of the ARN', async () => {
  const { aws, connection } = await start();
  aws.putSecret('eu-west-1', 'amiable/slack', 'xoxb');
  const arn = aws.putSecret('us-east-1', 'amiable/github', 'pem');
  const secret = createSecrets(connection);
  expect(await secret('secretsmanager:amiable/slack')).toBe('xoxb');
  expect(await secret('amiable/slack')).toBe('xoxb');
  expect(await secret(`secretsmanager:${arn}`)).toBe('pem');
});

test('a key picks one text of a secret, and what is wrong is told without telling the secret', async () => {
  const { aws, connection } = await start();
  aws.putSecret('eu-west-1', 'json', '{"token":"hush","port":1}');
  aws.putSecret('eu-west-1', 'plain', 'hush');
  const secret = createSecrets(connection);
  expect(await secret('secretsmanager:json#token')).toBe('hush');
  for (const reference of ['json#port', 'json#other', 'json#toString', 'plain#token']) {
    const error: unknown = await secret(reference).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SecretError', message: /has no text at key/ });
    expect(JSON.stringify(error) + String(error)).not.toContain('hush');
  }
  await expect(secret('missing')).rejects.toMatchObject({
    name: 'AwsError',
    code: 'ResourceNotFoundException',
    retryable: false,
  });
});

const topicArn = 'arn:aws:sns:us-east-1:111122223333:amiable';

test('a notice reaches its topic, whatever letters its subject has', async () => {
  const { aws, connection } = await start();
  aws.putTopic(topicArn);
  const subject = `Größe “neu”\n→ ${'x'.repeat(120)}`;
  await createSns(connection).publish({
    topicArn,
    subject,
    message: '→',
    attributes: { kind: 'a' },
  });
  await createSns(connection).publish({ topicArn, subject: '  ', message: 'm' });
  const [first, second] = aws.messages();
  expect(first).toMatchObject({ message: '→', attributes: { kind: 'a' } });
  expect(first?.subject).toMatch(/^Gro\?e \?neu\? \? x+$/);
  expect(first?.subject).toHaveLength(100);
  expect(second?.subject).toBeUndefined();
});

test('a notice is sent once, also when nobody knows whether it arrived', async () => {
  const { aws, connection, faults } = await start();
  aws.putTopic(topicArn);
  faults.order({ service: 'aws', kind: 'lost-reply', match: 'SNS Publish', times: 1 });
  await expect(createSns(connection).publish({ topicArn, message: 'm' })).rejects.toMatchObject({
    name: 'AwsError',
    service: 'SNS',
    retryable: true,
  });
  expect(aws.messages()).toHaveLength(1);
});

test('a cluster says its minor and how to reach it', async () => {
  const { aws, connection } = await start();
  aws.putCluster('us-east-1', {
    name: 'prod-us1',
    version: '1.35',
    status: 'ACTIVE',
    endpoint: 'https://prod-us1',
    certificateAuthority: 'Y2E=',
  });
  const clusterVersion = createClusterVersion(connection);
  expect(await clusterVersion('us-east-1', 'prod-us1')).toEqual({
    kubernetes: '1.35',
    status: 'ACTIVE',
    endpoint: 'https://prod-us1',
    certificateAuthority: 'Y2E=',
  });
  await expect(clusterVersion('eu-west-1', 'prod-us1')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    retryable: false,
  });
});

test('AWS says who we are', async () => {
  const { connection } = await start();
  expect(await callerIdentity(connection)).toEqual({
    account: '111122223333',
    arn: 'arn:aws:sts::111122223333:assumed-role/amiable/sandbox',
  });
});

test('nobody at the address is an error that may pass', async () => {
  const { aws, connection } = await start();
  await aws.close();
  await expect(callerIdentity(connection)).rejects.toMatchObject({
    message: expect.stringMatching(/STS GetCallerIdentity failed: .*ECONNREFUSED/),
    retryable: true,
  });
});
