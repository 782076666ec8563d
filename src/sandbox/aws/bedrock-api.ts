import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { type Answer, type Call, type Context, inputOf } from './call.ts';
import {
  ConverseInput,
  type Model,
  type ModelRequest,
  nonsense,
  poisoned,
  textsOf,
  tokensOf,
} from './model-reply.ts';
import type { StoredGuardrail } from './world.ts';
import { worstReply } from './worst-reply.ts';

const ApplyGuardrail = z.object({
  source: z.enum(['INPUT', 'OUTPUT']),
  content: z.array(z.object({ text: z.object({ text: z.string() }).optional() })),
});

/** Bedrock Runtime. `slowMs` is how long a slow model takes, in ms of the clock. */
export function bedrockApi(
  context: Context,
  call: Call,
  { model, slowMs }: { readonly model: Model | undefined; readonly slowMs: number },
): Promise<Answer> | Answer {
  return call.operation === 'Converse'
    ? converse(context, call, model, slowMs)
    : applyGuardrail(context, call);
}

async function converse(
  context: Context,
  call: Call,
  model: Model | undefined,
  slowMs: number,
): Promise<Answer> {
  const { world, clock, closing } = context;
  const modelId = call.path[1] ?? '';
  assertAccess(context, modelId);
  const input = inputOf(ConverseInput, call);
  assertConversation(input);
  const guardrail =
    input.guardrailConfig && guardrailOf(context, call.region, input.guardrailConfig);
  const asked = textsOf(input.messages.flatMap(({ content }) => content));
  const inputTokens = tokensOf(asked) + tokensOf(textsOf(input.system));
  const guarded = input.messages.flatMap(({ content }) =>
    content.flatMap((block) => ('guarded' in block ? (block.guarded ?? []) : [])),
  );
  const looked = guarded.length > 0 ? guarded.join('\n') : asked;
  if (guardrail !== undefined && intervenes(guardrail, looked))
    return answer(guardrail.message, 'guardrail_intervened', 0, 0);
  if (world.modelMode === 'slow') await clock.sleep(slowMs, closing);
  if (world.modelMode === 'timeout')
    throw new ApiError(
      'ModelTimeoutException',
      'The request took too long to process. Processing time exceeded the model timeout length.',
      408,
    );
  if (world.modelMode === 'off' || model === undefined)
    throw new ApiError(
      'ServiceUnavailableException',
      'Bedrock is unable to process your request.',
      503,
    );
  const reply = replyOf(context, model, { ...input, modelId });
  if (guardrail !== undefined && intervenes(guardrail, reply))
    return answer(guardrail.message, 'guardrail_intervened', inputTokens, tokensOf(reply));
  const maxTokens = input.inferenceConfig.maxTokens ?? 4_096;
  return tokensOf(reply) > maxTokens
    ? answer(reply.slice(0, maxTokens * 4), 'max_tokens', inputTokens, maxTokens)
    : answer(reply, 'end_turn', inputTokens, tokensOf(reply));
}

function replyOf({ world }: Context, model: Model, request: ModelRequest): string {
  const mode = world.modelMode;
  if (mode === 'nonsense') return nonsense;
  if (mode === 'worst') {
    world.modelTurns += 1;
    return worstReply(request, world.modelTurns - 1);
  }
  return mode === 'malicious' ? poisoned(model(request)) : model(request);
}

function assertAccess({ world }: Context, modelId: string): void {
  const access = world.models[modelId];
  if (access === undefined)
    throw new ApiError('ValidationException', 'The provided model identifier is invalid.');
  if (access === 'denied')
    throw new ApiError(
      'AccessDeniedException',
      "You don't have access to the model with the specified model ID.",
      403,
    );
  if (access === 'end-of-life')
    throw new ApiError(
      'ResourceNotFoundException',
      'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
      404,
    );
}

function assertConversation({ messages, system }: ConverseInput): void {
  if (messages[0]?.role !== 'user')
    throw new ApiError(
      'ValidationException',
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  const texts = [...messages.flatMap(({ content }) => content), ...system].map(({ text }) => text);
  if (texts.some((text) => text !== undefined && text.trim() === ''))
    throw new ApiError(
      'ValidationException',
      'The text field in the ContentBlock object is blank. Add text to the text field, and try again.',
    );
}

function applyGuardrail(context: Context, call: Call): Answer {
  const [, guardrailIdentifier = '', , guardrailVersion = ''] = call.path;
  const guardrail = guardrailOf(context, call.region, { guardrailIdentifier, guardrailVersion });
  const { content } = inputOf(ApplyGuardrail, call);
  const text = textsOf(content.map((block) => block.text ?? {}));
  const isBlocked = intervenes(guardrail, text);
  return {
    json: {
      usage: {
        topicPolicyUnits: 0,
        contentPolicyUnits: Math.ceil(text.length / 1_000),
        wordPolicyUnits: Math.ceil(text.length / 1_000),
        sensitiveInformationPolicyUnits: 0,
        sensitiveInformationPolicyFreeUnits: 0,
        contextualGroundingPolicyUnits: 0,
      },
      action: isBlocked ? 'GUARDRAIL_INTERVENED' : 'NONE',
      outputs: isBlocked ? [{ text: guardrail.message }] : [],
      assessments: [],
    },
  };
}

function guardrailOf(
  { world }: Context,
  region: string,
  { guardrailIdentifier, guardrailVersion }: NonNullable<ConverseInput['guardrailConfig']>,
): StoredGuardrail {
  const guardrail = world.guardrails[region]?.[`${guardrailIdentifier}/${guardrailVersion}`];
  if (guardrail === undefined)
    throw new ApiError(
      'ValidationException',
      'The guardrail identifier or version provided in the request does not exist.',
    );
  return guardrail;
}

function intervenes({ blocks }: StoredGuardrail, text: string): boolean {
  return blocks.some((block) => text.toLowerCase().includes(block.toLowerCase()));
}

function answer(
  text: string,
  stopReason: 'end_turn' | 'max_tokens' | 'guardrail_intervened',
  inputTokens: number,
  outputTokens: number,
): Answer {
  return {
    json: {
      output: { message: { role: 'assistant', content: [{ text }] } },
      stopReason,
      usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      metrics: { latencyMs: 1 },
    },
  };
}
