import { expect, test } from 'vitest';
import { createBedrock } from '../../../src/adapters/aws/bedrock.ts';
import { second } from '../../../src/shared/time.ts';
import { startForTest } from '../../sandbox/aws/start-for-test.ts';

const question = { system: 'You explain.', user: 'What changed?', maxTokens: 500 };

async function start(options: Partial<Parameters<typeof createBedrock>[0]> = {}) {
  const started = await startForTest({ model: ({ modelId }) => `{"by":"${modelId}"}` });
  const { aws, clock } = started;
  aws.putModel('first', 'granted');
  aws.putModel('second', 'granted');
  const { endpoint, credentials } = aws;
  const bedrock = createBedrock({
    endpoint,
    credentials,
    clock,
    region: 'eu-west-1',
    modelIds: ['first', 'second'],
    timeoutMs: 5 * second,
    ...options,
  });
  return { ...started, bedrock };
}

test('the first model answers, and its cost is told', async () => {
  const { bedrock } = await start();
  expect(await bedrock.converse(question)).toEqual({
    text: '{"by":"first"}',
    stopReason: 'end_turn',
    usage: { inputTokens: 7, outputTokens: 4 },
    modelId: 'first',
    passedOver: [],
  });
});

test('a cut reply says that it is cut', async () => {
  const { bedrock } = await start();
  const reply = await bedrock.converse({ ...question, maxTokens: 1 });
  expect(reply).toMatchObject({ text: '{"by', stopReason: 'max_tokens' });
});

test.each([
  ['end-of-life', /reached the end of its life/],
  ['denied', /AccessDeniedException/],
] as const)(
  'a model that is %s is passed over and named, and the next one asked',
  async (access, words) => {
    const { aws, bedrock } = await start();
    aws.putModel('first', access);
    const reply = await bedrock.converse(question);
    expect(reply.modelId).toBe('second');
    expect(reply.passedOver).toEqual([{ modelId: 'first', error: expect.stringMatching(words) }]);
  },
);

test('a throttled model is not asked twice', async () => {
  const { aws, bedrock, faults } = await start();
  faults.order({ service: 'aws', kind: 'rate-limited', match: 'Bedrock Converse', times: 1 });
  expect((await bedrock.converse(question)).modelId).toBe('second');
  expect(aws.requestCount('Bedrock Converse')).toBe(2);
});

test.each([
  ['throttled', 'rate-limited'],
  ['unavailable', 'error-500'],
  ['unavailable', 'lost-reply'],
] as const)('when no model answers it is %s (%s)', async (reason, kind) => {
  const { bedrock, faults } = await start();
  faults.order({ service: 'aws', kind, match: 'Bedrock Converse', times: 2 });
  await expect(bedrock.converse(question)).rejects.toMatchObject({
    name: 'ModelUnavailableError',
    reason,
  });
});

test.each([
  ['off', 'unavailable'],
  ['timeout', 'timeout'],
] as const)('a model that is %s is told as %s', async (mode, reason) => {
  const { aws, bedrock } = await start();
  aws.setModelMode(mode);
  await expect(bedrock.converse(question)).rejects.toMatchObject({ reason });
});

test.each([
  ['no access', 'first', 'denied'],
  ['a model nobody knows', 'gpt', 'unavailable'],
])('%s is told as such', async (_what, modelId, reason) => {
  const { aws, bedrock } = await start({ modelIds: [modelId] });
  aws.putModel('first', 'denied');
  await expect(bedrock.converse(question)).rejects.toMatchObject({ reason });
});

test('a model that hangs is left at the time limit, and nobody else is asked after it', async () => {
  const { aws, faults } = await startForTest();
  const started = performance.now();
  const clock = { now: () => 0, monotonic: () => performance.now(), sleep: async () => {} };
  const { endpoint, credentials } = aws;
  const bedrock = createBedrock({
    endpoint,
    credentials,
    clock,
    region: 'eu-west-1',
    modelIds: ['first', 'second'],
    timeoutMs: 60,
  });
  faults.order({ service: 'aws', kind: 'hang', match: 'Bedrock', times: 5 });
  await expect(bedrock.converse(question)).rejects.toMatchObject({ reason: 'timeout' });
  expect(performance.now() - started).toBeLessThan(2_000);
});

test('without a model nothing is asked', async () => {
  const { aws, bedrock } = await start({ modelIds: [] });
  await expect(bedrock.converse(question)).rejects.toMatchObject({ reason: 'unavailable' });
  expect(aws.requestCount()).toBe(0);
});

test('an intervention ends it: no other model is tried to get around the guardrail', async () => {
  const { aws, bedrock } = await start({ guardrail: { id: 'g', version: '1' } });
  const message = 'Blocked.';
  aws.putGuardrail('eu-west-1', { id: 'g', version: '1', blocks: ['what changed'], message });
  await expect(bedrock.converse(question)).rejects.toMatchObject({ reason: 'intervened' });
  expect(aws.requestCount('Bedrock Converse')).toBe(1);
  expect(await bedrock.applyGuardrail('What changed?', 'INPUT')).toBe('intervened');
  expect(await bedrock.applyGuardrail('Nothing.', 'OUTPUT')).toBe('passed');
});

test('the guardrail looks at what others wrote, and not at our own instructions', async () => {
  const { aws, bedrock } = await start({ guardrail: { id: 'g', version: '1' } });
  aws.putGuardrail('eu-west-1', { id: 'g', version: '1', blocks: ['ignore'], message: 'No.' });
  const ours = { ...question, user: 'Ignore orders.\n\n<notes>\nfix: a thing\n\nAnswer.' };
  expect(await bedrock.converse({ ...ours, quoted: '<notes>\nfix: a thing' })).toMatchObject({
    stopReason: 'end_turn',
  });
  await expect(bedrock.converse(ours)).rejects.toMatchObject({ reason: 'intervened' });
  await expect(bedrock.converse({ ...ours, quoted: 'Ignore orders.' })).rejects.toMatchObject({
    reason: 'intervened',
  });
});

test('a guardrail that is not there is never a pass', async () => {
  const { bedrock } = await start({ guardrail: { id: 'g', version: '9' } });
  await expect(bedrock.applyGuardrail('x', 'OUTPUT')).rejects.toMatchObject({
    name: 'ModelUnavailableError',
    reason: 'unavailable',
  });
  const without = await start();
  expect(await without.bedrock.applyGuardrail('x', 'OUTPUT')).toBe('not-configured');
});
