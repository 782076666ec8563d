import {
  ApplyGuardrailCommand,
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type ConverseCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { expect, test } from 'vitest';
import { hour } from '../../../src/shared/time.ts';
import { noon, startForTest } from './start-for-test.ts';

const modelId = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const good = '{"sentence":"The kernel moves on.","cites":["kernel"]}';

const request = (part: Partial<ConverseCommandInput> = {}) =>
  new ConverseCommand({
    modelId,
    system: [{ text: 'You explain.' }],
    messages: [{ role: 'user', content: [{ text: 'What changed?' }] }],
    ...part,
  });

async function start() {
  const started = await startForTest({
    model: ({ messages }) => (messages.length > 0 ? good : ''),
  });
  started.aws.putModel(modelId, 'granted');
  const requestHandler = new NodeHttpHandler();
  const bedrock = new BedrockRuntimeClient({ ...started.client(), requestHandler });
  return { ...started, bedrock };
}

const textOf = ({ output }: ConverseCommandOutput) => output?.message?.content?.[0]?.text;

test('a good model answers what the given function says, and counts tokens', async () => {
  const { bedrock } = await start();
  const answer = await bedrock.send(request());
  expect(textOf(answer)).toBe(good);
  expect(answer).toMatchObject({
    stopReason: 'end_turn',
    usage: { inputTokens: 7, outputTokens: 14 },
  });
});

test('a reply longer than the limit is cut, and says so', async () => {
  const { bedrock } = await start();
  const answer = await bedrock.send(request({ inferenceConfig: { maxTokens: 2 } }));
  expect(answer.stopReason).toBe('max_tokens');
  expect(textOf(answer)).toBe(good.slice(0, 8));
});

test('a malicious model keeps the form and poisons the prose', async () => {
  const { aws, bedrock } = await start();
  aws.setModelMode('malicious');
  const reply = JSON.parse(textOf(await bedrock.send(request())) ?? '');
  expect(reply.cites).toEqual(['kernel']);
  for (const poison of ['<!channel>', 'CVE-2099-31337', 'https://evil.example'])
    expect(reply.sentence).toContain(poison);
});

test('nonsense is not JSON', async () => {
  const { aws, bedrock } = await start();
  aws.setModelMode('nonsense');
  const reply = textOf(await bedrock.send(request())) ?? '';
  expect(() => JSON.parse(reply)).toThrow();
});

test('a slow model takes its hour by the clock', async () => {
  const { aws, bedrock, clock } = await start();
  aws.setModelMode('slow');
  expect(textOf(await bedrock.send(request()))).toBe(good);
  expect(clock.now()).toBe(noon + hour);
});

test.each([
  { mode: 'off', name: 'ServiceUnavailableException', status: 503 },
  { mode: 'timeout', name: 'ModelTimeoutException', status: 408 },
] as const)('a model that is $mode answers $name', async ({ mode, name, status }) => {
  const { aws, bedrock } = await start();
  aws.setModelMode(mode);
  await expect(bedrock.send(request())).rejects.toMatchObject({
    name,
    $metadata: { httpStatusCode: status },
  });
});

test('models that are unknown, forbidden or past their end of life each say so', async () => {
  const { aws, bedrock } = await start();
  aws.putModel('forbidden', 'denied');
  aws.putModel('old', 'end-of-life');
  const nameOf = async (id: string) =>
    bedrock.send(request({ modelId: id })).then(
      () => 'answered',
      (error: unknown) => (error instanceof Error ? error.name : 'none'),
    );
  expect(await nameOf('gpt')).toBe('ValidationException');
  expect(await nameOf('forbidden')).toBe('AccessDeniedException');
  expect(await nameOf('old')).toBe('ResourceNotFoundException');
});

test('throttling is told as Bedrock tells it', async () => {
  const { faults, bedrock } = await start();
  faults.order({ service: 'aws', kind: 'rate-limited', match: 'Bedrock Converse', times: 1 });
  await expect(bedrock.send(request())).rejects.toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429 },
  });
  expect(textOf(await bedrock.send(request()))).toBe(good);
});

test.each([
  ['nothing said', { messages: [] }],
  ['blank text', { messages: [{ role: 'user', content: [{ text: ' ' }] }] }],
  ['the assistant first', { messages: [{ role: 'assistant', content: [{ text: 'Hi' }] }] }],
  ['no tokens', { inferenceConfig: { maxTokens: 0 } }],
  [
    'an unknown guardrail',
    { guardrailConfig: { guardrailIdentifier: 'g', guardrailVersion: '9' } },
  ],
] satisfies [string, Partial<ConverseCommandInput>][])(
  'a request with %s is refused',
  async (_what, part) => {
    const { bedrock } = await start();
    await expect(bedrock.send(request(part))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  },
);

test('a guardrail stops what goes in and what comes out, inline and by itself', async () => {
  const { aws, bedrock } = await start();
  const blocks = ['what changed?', 'evil.example'];
  aws.putGuardrail('eu-west-1', { id: 'g', version: '1', blocks, message: 'Blocked.' });
  const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1' };
  const blocked = await bedrock.send(request({ guardrailConfig }));
  expect([blocked.stopReason, textOf(blocked)]).toEqual(['guardrail_intervened', 'Blocked.']);
  const messages = [{ role: 'user' as const, content: [{ text: 'Explain.' }] }];
  expect((await bedrock.send(request({ guardrailConfig, messages }))).stopReason).toBe('end_turn');
  aws.setModelMode('malicious');
  const poisoned = await bedrock.send(request({ guardrailConfig, messages }));
  expect(poisoned.stopReason).toBe('guardrail_intervened');
  const apply = (text: string) =>
    bedrock.send(
      new ApplyGuardrailCommand({
        ...guardrailConfig,
        source: 'OUTPUT',
        content: [{ text: { text } }],
      }),
    );
  expect((await apply('see https://EVIL.example')).action).toBe('GUARDRAIL_INTERVENED');
  expect((await apply('see nothing')).action).toBe('NONE');
});
