import { expect, test } from 'vitest';
import type { AlarmGate } from '../../../src/adapters/aws/alarm-gates.ts';
import { createAlarmGates } from '../../../src/adapters/aws/alarm-gates.ts';
import { createAlarms } from '../../../src/adapters/aws/cloudwatch-alarms.ts';
import { silentLog } from '../../../src/workflow/log.ts';
import { startForTest } from '../../sandbox/aws/start-for-test.ts';

async function start(gates: readonly AlarmGate[]) {
  const { aws, clock, faults } = await startForTest();
  const { endpoint, credentials } = aws;
  return {
    aws,
    faults,
    gates: createAlarmGates(new Map([['staging', gates]]), {
      alarms: createAlarms({ endpoint, credentials, clock }),
      regionOf: (cluster) => (cluster === 'stg-us' ? 'us-east-1' : 'eu-west-1'),
      log: silentLog,
    }),
  };
}

const gate = (name: string, alarm = name): AlarmGate => ({ name, alarm, region: undefined });

test('an alarm is read by the name of the cluster, in its region, and ALARM halts', async () => {
  const { aws, gates } = await start([gate('errors', 'errors-$cluster')]);
  const type = 'MetricAlarm';
  aws.putAlarm('eu-west-1', { name: 'errors-stg', type, state: 'OK', reason: 'Fine.' });
  const reason = 'Threshold Crossed: 1 datapoint [17.0] was greater than the threshold (5.0).';
  aws.putAlarm('us-east-1', { name: 'errors-stg-us', type, state: 'ALARM', reason });
  expect(await gates('staging', 'stg')).toEqual([
    { name: 'errors', verdict: 'well', evidence: 'OK (CloudWatch)' },
  ]);
  expect(await gates('staging', 'stg-us')).toEqual([
    {
      name: 'errors',
      verdict: 'breached',
      evidence: `the alarm says ${reason.slice(0, -1)} (CloudWatch)`,
    },
  ]);
  expect(await gates('production', 'prod')).toEqual([]);
});

test('composite alarms count too', async () => {
  const { aws, gates } = await start([gate('checkout')]);
  aws.putAlarm('eu-west-1', {
    name: 'checkout',
    type: 'CompositeAlarm',
    state: 'ALARM',
    reason: 'arn:aws:cloudwatch:eu-west-1:111122223333:alarm:latency transitioned to ALARM',
  });
  expect(await gates('staging', 'stg')).toMatchObject([{ verdict: 'breached' }]);
});

test('one that does not exist, or has too little data, is not checked', async () => {
  const { aws, gates } = await start([gate('gone'), gate('young')]);
  aws.putAlarm('eu-west-1', {
    name: 'young',
    type: 'MetricAlarm',
    state: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
  });
  expect(await gates('staging', 'stg')).toEqual([
    { name: 'gone', verdict: 'not-checked', evidence: 'gone was not found (CloudWatch)' },
    { name: 'young', verdict: 'no-data', evidence: 'young has too little data (CloudWatch)' },
  ]);
});

test('a region that does not answer leaves those of others', async () => {
  const { aws, faults, gates } = await start([
    { ...gate('here'), region: 'eu-west-1' },
    { ...gate('there'), region: 'us-east-1' },
  ]);
  for (const [region, name] of [
    ['eu-west-1', 'here'],
    ['us-east-1', 'there'],
  ] as const)
    aws.putAlarm(region, { name, type: 'MetricAlarm', state: 'OK', reason: '' });
  // Each asks four times in all, so one of them comes to an answer.
  faults.order({ service: 'aws', kind: 'error-500', match: 'CloudWatch DescribeAlarms', times: 7 });
  const verdicts = (await gates('staging', 'stg')).map(({ verdict }) => verdict).sort();
  expect(verdicts).toEqual(['not-checked', 'well']);
  expect(await gates('staging', 'stg')).toMatchObject([{ verdict: 'well' }, { verdict: 'well' }]);
});

test('all alarms of a region are one request, and more than a hundred are two', async () => {
  const many = Array.from({ length: 120 }, (_, i) => gate(`alarm-${i}`));
  const { aws, gates } = await start(many);
  for (const { name } of many)
    aws.putAlarm('eu-west-1', { name, type: 'MetricAlarm', state: 'OK', reason: '' });
  const readings = await gates('staging', 'stg');
  expect(readings.filter(({ verdict }) => verdict === 'well')).toHaveLength(120);
  expect(aws.requestCount('CloudWatch DescribeAlarms')).toBe(2);
});
