import { existsSync, readFileSync } from 'node:fs';
import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  paginateGetParametersByPath,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { hour, second } from '../../../src/shared/time.ts';
import { folder, july, noon, startForTest } from './start-for-test.ts';

const samplesFile = '../shared/reference/data/aws/ssm-samples.json';

test('a publication sets the recommended and the versioned parameters with all their leaves', async () => {
  const { aws, clock, client } = await startForTest();
  aws.publish(july);
  clock.advance(2 * second);
  const ssm = new SSMClient(client());
  const name = 'amazon-eks-node-al2023-x86_64-standard-1.35-v20260714';
  for (const parent of [`${folder}/recommended`, `${folder}/${name}`]) {
    const Names = ['', '/image_id', '/image_name', '/release_version'].map((leaf) => parent + leaf);
    const { Parameters, InvalidParameters } = await ssm.send(new GetParametersCommand({ Names }));
    expect(InvalidParameters).toEqual([]);
    const [document, id, imageName, version] = Parameters?.map(({ Value }) => Value) ?? [];
    expect(id).toMatch(/^ami-[0-9a-f]{17}$/);
    expect(imageName).toBe(name);
    expect(version).toBe('1.35.6-20260714');
    expect(JSON.parse(document ?? '')).toEqual({
      schema_version: '2',
      image_id: id,
      image_name: name,
      release_version: version,
    });
    expect(Parameters?.[0]).toMatchObject({
      Type: 'String',
      DataType: 'text',
      Version: 1,
      ARN: `arn:aws:ssm:eu-west-1::parameter${parent}`,
      LastModifiedDate: expect.any(Date),
    });
  }
});

test('the leaves follow the JSON parent one after another, so that separate reads can straddle', async () => {
  const { aws, clock, client } = await startForTest();
  aws.publish({ ...july, release: 'v20260707', at: noon - hour });
  aws.publish(july);
  const ssm = new SSMClient(client());
  const read = async () => {
    const Names = ['', '/image_id', '/release_version'].map(
      (leaf) => `${folder}/recommended${leaf}`,
    );
    const { Parameters } = await ssm.send(new GetParametersCommand({ Names }));
    return Parameters?.map(({ Version }) => Version);
  };
  expect(await read()).toEqual([2, 1, 1]);
  clock.advance(second);
  expect(await read()).toEqual([2, 2, 1]);
  clock.advance(second);
  expect(await read()).toEqual([2, 2, 2]);
});

test('names that are not there come back as invalid, and a single one as an error', async () => {
  const { aws, client } = await startForTest();
  aws.publish(july);
  const ssm = new SSMClient(client());
  const neuron = `${folder.replace('x86_64/standard', 'arm64/neuron')}/recommended`;
  const answer = await ssm.send(
    new GetParametersCommand({
      Names: [neuron, `${folder}/recommended`, `${folder}/recommended:1`],
    }),
  );
  expect(answer.InvalidParameters).toEqual([neuron, `${folder}/recommended:1`]);
  expect(answer.Parameters).toHaveLength(1);
  await expect(ssm.send(new GetParameterCommand({ Name: neuron }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
    $metadata: { httpStatusCode: 400 },
  });
  const found = await ssm.send(new GetParameterCommand({ Name: `${folder}/recommended` }));
  expect(found.Parameter?.Version).toBe(1);
});

test.each([0, 11])('%i names in one request are refused', async (count) => {
  const { client } = await startForTest();
  const Names = Array.from({ length: count }, (_, i) => `/n${i}`);
  await expect(
    new SSMClient(client()).send(new GetParametersCommand({ Names })),
  ).rejects.toMatchObject({ name: 'ValidationException', message: /validation error detected/ });
});

test('a path is listed in uneven, unordered pages until there is no token', async () => {
  const { aws, clock, client } = await startForTest();
  for (let date = 10; date < 20; date += 1) aws.publish({ ...july, release: `v202606${date}` });
  clock.advance(2 * second);
  const ssm = new SSMClient(client());
  const sizes: number[] = [];
  const names = new Set<string>();
  for await (const page of paginateGetParametersByPath(
    { client: ssm },
    { Path: folder, Recursive: true },
  )) {
    sizes.push(page.Parameters?.length ?? -1);
    for (const { Name } of page.Parameters ?? []) names.add(Name ?? '');
  }
  expect(names.size).toBe(44);
  expect(sizes).toContain(0);
  expect(Math.max(...sizes)).toBe(10);
  const children = await ssm.send(new GetParametersByPathCommand({ Path: folder }));
  expect(children.Parameters?.every(({ Name }) => Name?.split('/').length === 10)).toBe(true);
  await expect(
    ssm.send(new GetParametersByPathCommand({ Path: folder, MaxResults: 11 })),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  await expect(
    ssm.send(new GetParametersByPathCommand({ Path: folder, NextToken: 'x' })),
  ).rejects.toMatchObject({ name: 'InvalidNextToken' });
});

test('more than forty reads a second in one region are throttled, in another they are not', async () => {
  const { client, clock } = await startForTest();
  const ssm = new SSMClient(client());
  const read = () => ssm.send(new GetParametersCommand({ Names: ['/x'] }));
  for (let i = 0; i < 40; i += 1) await read();
  await expect(read()).rejects.toMatchObject({
    name: 'ThrottlingException',
    message: 'Rate exceeded',
    $metadata: { httpStatusCode: 400 },
  });
  const other = new SSMClient(client('us-east-1'));
  await other.send(new GetParametersCommand({ Names: ['/x'] }));
  clock.advance(second / 40);
  await read();
  await expect(read()).rejects.toMatchObject({ name: 'ThrottlingException' });
});

test('a region without a publication has none of it, and one that comes later has it later', async () => {
  const { aws, clock, client } = await startForTest();
  aws.publish(july);
  aws.publish({ ...july, regions: ['us-east-1'], at: noon + 3 * hour });
  const read = async (region: string) => {
    const ssm = new SSMClient(client(region));
    const Names = [`${folder}/recommended`];
    const { Parameters } = await ssm.send(new GetParametersCommand({ Names }));
    return Parameters?.length;
  };
  expect(await Promise.all(['eu-west-1', 'us-east-1', 'ap-south-1'].map(read))).toEqual([1, 0, 0]);
  clock.advance(3 * hour);
  expect(await Promise.all(['eu-west-1', 'us-east-1', 'ap-south-1'].map(read))).toEqual([1, 1, 0]);
});

test('a recall moves the value backward while its version rises, only where it is ordered', async () => {
  const { aws, clock, client } = await startForTest();
  const regions = ['eu-west-1', 'us-east-1'];
  aws.publish({ ...july, release: 'v20260707', regions, at: noon - hour, patches: { '1.35': 5 } });
  aws.publish({ ...july, regions });
  clock.advance(hour);
  aws.recall({ family: 'al2023', release: 'v20260714', to: 'v20260707', regions: ['eu-west-1'] });
  clock.advance(hour);
  const read = async (region: string) => {
    const ssm = new SSMClient(client(region));
    const Name = `${folder}/recommended/release_version`;
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    return [Parameter?.Value, Parameter?.Version];
  };
  expect(await read('eu-west-1')).toEqual(['1.35.5-20260707', 3]);
  expect(await read('us-east-1')).toEqual(['1.35.6-20260714', 2]);
});

// The samples are part of the reference, which a clone need not have.
test.skipIf(!existsSync(samplesFile))(
  'answers have the members of the recorded samples',
  async () => {
    const Parameter = z.looseObject({ Name: z.string(), Value: z.string() });
    const Samples = z.record(
      z.string(),
      z.object({ response: z.object({ Parameters: z.array(Parameter).optional() }).optional() }),
    );
    const samples = Samples.parse(JSON.parse(readFileSync(samplesFile, 'utf8')));
    const { aws, clock, client } = await startForTest();
    aws.publish(july);
    for (const date of ['20260114', '20260120', '20260129', '20260209', '20260224'])
      aws.publish({ ...july, release: `v${date}`, recommend: false });
    const variants = ['standard', 'nvidia', 'fips'];
    aws.publish({ ...july, family: 'bottlerocket', release: '1.62.1', variants });
    aws.publish({ ...july, family: 'windows2025', release: '2026.07.15' });
    clock.advance(2 * second);
    const ssm = new SSMClient(client());
    const recorded = Object.values(samples).flatMap(({ response }) => response?.Parameters ?? []);
    expect(recorded.length).toBeGreaterThan(15);
    for (const sample of recorded) {
      if (sample.Name.includes('/canonical/')) continue; // never published by the stand-in
      const { Parameter: ours } = await ssm.send(new GetParameterCommand({ Name: sample.Name }));
      expect(Object.keys(ours ?? {}).sort()).toEqual(Object.keys(sample).sort());
      // ids and build commits are made up, the rest is the same to the letter
      const plain = (value?: string) =>
        value?.replace(/ami-[0-9a-f]+/, 'ami').replace(/-[0-9a-f]{8}$/, '');
      expect(plain(ours?.Value)).toBe(plain(sample.Value));
      clock.advance(second);
    }
  },
);
