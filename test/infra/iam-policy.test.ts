import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { logPk } from '../../src/adapters/dynamodb/keys.ts';
import { caughtIn, readJson, readText, sourcesIn } from './read-infra.ts';

const Texts = z.union([z.string(), z.array(z.string())]).transform((one) => [one].flat());
const Policy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().regex(/^[A-Za-z0-9]+$/),
      Effect: z.enum(['Allow', 'Deny']),
      Action: Texts,
      Resource: Texts.optional(),
      Principal: z.record(z.string(), z.string()).optional(),
      Condition: z.record(z.string(), z.record(z.string(), Texts)).optional(),
    }),
  ),
});

const service = Policy.parse(readJson('infra/aws/iam-policy.json'));
const tableCreate = Policy.parse(readJson('infra/aws/iam-policy-table-create.json'));

function allowed({ Statement }: z.infer<typeof Policy>): readonly string[] {
  const all = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  return [...new Set(all)].sort();
}

/** IAM's word for each SDK command; absent for what needs no permission. A new command must be entered here. */
const actionOf: Readonly<Record<string, string | undefined>> = {
  ApplyGuardrail: 'bedrock:ApplyGuardrail',
  Converse: 'bedrock:InvokeModel',
  DescribeAlarms: 'cloudwatch:DescribeAlarms',
  DescribeCapacityReservations: 'ec2:DescribeCapacityReservations',
  DescribeImages: 'ec2:DescribeImages',
  DescribeSubnets: 'ec2:DescribeSubnets',
  DescribeCluster: 'eks:DescribeCluster',
  GetMetricData: 'cloudwatch:GetMetricData',
  GetSecretValue: 'secretsmanager:GetSecretValue',
  Publish: 'sns:Publish',
  GetParameters: 'ssm:GetParameters',
  // Any caller may ask who it is.
  GetCallerIdentity: undefined,
  // The document client's names, and IAM's.
  BatchGet: 'dynamodb:BatchGetItem',
  BatchWrite: 'dynamodb:BatchWriteItem',
  Delete: 'dynamodb:DeleteItem',
  Get: 'dynamodb:GetItem',
  Put: 'dynamodb:PutItem',
  Query: 'dynamodb:Query',
  Scan: 'dynamodb:Scan',
  Update: 'dynamodb:UpdateItem',
  CreateTable: 'dynamodb:CreateTable',
  DescribeTable: 'dynamodb:DescribeTable',
  DescribeTimeToLive: 'dynamodb:DescribeTimeToLive',
  UpdateContinuousBackups: 'dynamodb:UpdateContinuousBackups',
  UpdateTimeToLive: 'dynamodb:UpdateTimeToLive',
};

const everything = sourcesIn('src');

/** Whether the service can come to this file: an adapter that nobody has wired up yet needs no rights. */
function isUsed(file: string): boolean {
  const imported = new RegExp(`(from|import\\()\\s*'[^']*/${basename(file)}'`);
  return everything.some((other) => other !== file && imported.test(readText(other)));
}

function actionsOf(files: readonly string[]): readonly string[] {
  const commands = caughtIn(files.filter(isUsed), /\bnew (?:sdk\.)?([A-Z][A-Za-z]+)Command\(/g);
  const unknown = commands.filter((command) => !Object.hasOwn(actionOf, command));
  expect(unknown, 'commands without an IAM action in this test').toEqual([]);
  return [...new Set(commands.flatMap((command) => actionOf[command] ?? []))].sort();
}

const makesTables = 'src/adapters/dynamodb/create-table.ts';

test('the policy allows the calls the adapters make, and no other', () => {
  const adapters = [...sourcesIn('src/adapters/aws'), ...sourcesIn('src/adapters/dynamodb')];
  const needed = actionsOf(adapters.filter((file) => file !== makesTables));
  expect(needed).toContain('dynamodb:PutItem');
  expect(allowed(service)).toEqual(needed);
});

test('making the table has a policy of its own, with what it takes and no more', () => {
  expect(allowed(tableCreate)).toEqual(actionsOf([makesTables]));
  expect(allowed(service)).not.toContain('dynamodb:CreateTable');
});

test('no other part of the service makes AWS clients of its own', () => {
  const elsewhere = everything.filter(
    (file) => !/^src\/(adapters\/(aws|dynamodb)|sandbox)\//.test(file),
  );
  expect(caughtIn(elsewhere, /'(@aws-sdk\/[^']+)'/g)).toEqual([]);
});

test('a commit can be put and read, and never updated, deleted or written by batch', () => {
  const denies = service.Statement.filter(
    ({ Effect, Condition }) =>
      Effect === 'Deny' &&
      Condition?.['ForAnyValue:StringLike']?.['dynamodb:LeadingKeys']?.includes('log#*') === true,
  );
  const denied = denies.flatMap(({ Action }) => Action);
  expect(denied).toEqual(
    expect.arrayContaining([
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLUpdate',
      'dynamodb:UpdateItem',
    ]),
  );
  expect(denied).not.toContain('dynamodb:PutItem');
  // LeadingKeys are what the table's partition keys begin with.
  expect(logPk('global')).toMatch(/^log#/);
});

test('the denial covers the very table that is allowed', () => {
  const onTable = service.Statement.filter(({ Action }) =>
    Action.some((action) => action.startsWith('dynamodb:')),
  ).map(({ Effect, Resource = [] }) => ({ Effect, table: Resource[0] }));
  expect(onTable.map(({ Effect }) => Effect).sort()).toEqual(['Allow', 'Deny']);
  expect(new Set(onTable.map(({ table }) => table)).size).toBe(1);
});

test('only describing is allowed on everything, where AWS knows no narrower resource', () => {
  const wide = [service, tableCreate]
    .flatMap(({ Statement }) => Statement)
    .filter(({ Resource }) => Resource?.includes('*'));
  expect(wide.flatMap(({ Action }) => Action)).toEqual([
    'ec2:DescribeImages',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:GetMetricData',
    'ec2:DescribeCapacityReservations',
    'ec2:DescribeSubnets',
  ]);
  const actions = [...allowed(service), ...allowed(tableCreate)];
  expect(actions.filter((action) => action.includes('*'))).toEqual([]);
});

test('public parameters are named without an account, as IAM wants them', () => {
  const [parameters] = service.Statement.filter(({ Action }) =>
    Action.includes('ssm:GetParameters'),
  );
  for (const arn of parameters?.Resource ?? []) expect(arn).toMatch(/^arn:aws:ssm:\*::parameter\//);
});

test('the trust policy lets in the pods of one service account', () => {
  const [statement] = Policy.parse(readJson('infra/aws/trust-pod-identity.json')).Statement;
  expect(statement?.Principal).toEqual({ Service: 'pods.eks.amazonaws.com' });
  expect(statement?.Action).toEqual(['sts:AssumeRole', 'sts:TagSession']);
  expect(statement?.Condition?.['StringEquals']).toEqual({
    'aws:RequestTag/kubernetes-namespace': ['amiable'],
    'aws:RequestTag/kubernetes-service-account': ['amiable'],
  });
});
