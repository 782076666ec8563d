import type { ContentBlock, ConverseCommandOutput } from '@aws-sdk/client-bedrock-runtime';
import { AwsError, isAbort, isThrottle } from './aws-error.ts';
import { type AwsConnection, callAws, clientOptions, once } from './connection.ts';
import { ModelUnavailableError, type ModelUnavailableReason } from './model-unavailable-error.ts';

/** A model's words, and what they cost. */
export type ModelReply = {
  readonly text: string;
  /** `end_turn`; `max_tokens` when it was cut. */
  readonly stopReason: string;
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** Which of `modelIds` answered. */
  readonly modelId: string;
  /** Those before it that did not, with what Bedrock said: a model past its end of life is found here. */
  readonly passedOver: readonly { readonly modelId: string; readonly error: string }[];
};

export type Bedrock = {
  /** @throws ModelUnavailableError when no model answers within the time limit, or the guardrail intervenes. */
  converse(request: {
    readonly system: string;
    readonly user: string;
    /** The part of `user` that the guardrail looks at, and no other. Absent: all of it. */
    readonly quoted?: string;
    readonly maxTokens: number;
    /** Shorter limit of this request, in ms. */
    readonly timeoutMs?: number;
  }): Promise<ModelReply>;
  /**
   * Asks one model for one word.
   * @returns nothing when it answers, else why it does not.
   */
  probe(modelId: string): Promise<ModelUnavailableError | undefined>;
  /**
   * Has the guardrail read a text: what goes in (`INPUT`) or what came out (`OUTPUT`).
   * @returns `not-configured` when there is no guardrail; callers decide what that means.
   * @throws ModelUnavailableError when the guardrail cannot be asked.
   */
  applyGuardrail(
    text: string,
    source: 'INPUT' | 'OUTPUT',
  ): Promise<'passed' | 'intervened' | 'not-configured'>;
};

/**
 * Bedrock Runtime in one region.
 * @param options.modelIds model ids or inference profiles, tried in this order.
 * @param options.timeoutMs limit for all tries of one request together, in ms of real time.
 */
export function createBedrock({
  region,
  modelIds,
  guardrail,
  timeoutMs,
  ...connection
}: AwsConnection & {
  readonly region: string;
  readonly modelIds: readonly string[];
  readonly guardrail?: { readonly id: string; readonly version: string };
  readonly timeoutMs: number;
}): Bedrock {
  const load = once(async () => {
    const sdk = await import('@aws-sdk/client-bedrock-runtime');
    const client = new sdk.BedrockRuntimeClient(clientOptions(connection, region));
    return { sdk, client };
  });
  const converseWith = async (
    ids: readonly string[],
    {
      system,
      user,
      quoted,
      maxTokens,
      timeoutMs: limit = timeoutMs,
    }: Parameters<Bedrock['converse']>[0],
  ): Promise<ModelReply> => {
    const { sdk, client } = await load('');
    const until = connection.clock.monotonic() + Math.min(limit, timeoutMs);
    const passedOver: { modelId: string; error: string }[] = [];
    let last = new ModelUnavailableError('unavailable', 'No model is configured');
    for (const modelId of ids) {
      const leftMs = Math.floor(until - connection.clock.monotonic());
      if (leftMs <= 0) break;
      const command = new sdk.ConverseCommand({
        modelId,
        system: [{ text: system }],
        messages: [
          {
            role: 'user',
            content: contentOf(user, guardrail === undefined ? undefined : quoted),
          },
        ],
        inferenceConfig: { maxTokens },
        ...(guardrail !== undefined && {
          guardrailConfig: {
            guardrailIdentifier: guardrail.id,
            guardrailVersion: guardrail.version,
          },
        }),
      });
      try {
        // once: a repeated question is paid for twice, and the next model is the better second try
        const answer = await callAws(
          { ...connection, timeoutMs: leftMs },
          'Bedrock',
          'Converse',
          (signal) => client.send(command, { abortSignal: signal }),
        );
        return replyOf(answer, modelId, passedOver);
      } catch (error) {
        last = unavailable(error);
        // another model would only be another way around the guardrail
        if (last.reason === 'intervened') throw last;
        passedOver.push({ modelId, error: last.message });
      }
    }
    throw last;
  };
  return {
    converse: (request) => converseWith(modelIds, request),
    async probe(modelId) {
      try {
        await converseWith([modelId], {
          system: 'Answer with one word.',
          user: 'Say: ready',
          maxTokens: 16,
        });
        return undefined;
      } catch (cause) {
        return unavailable(cause);
      }
    },
    async applyGuardrail(text, source) {
      if (guardrail === undefined) return 'not-configured';
      const { sdk, client } = await load('');
      const command = new sdk.ApplyGuardrailCommand({
        guardrailIdentifier: guardrail.id,
        guardrailVersion: guardrail.version,
        source,
        content: [{ text: { text } }],
      });
      try {
        const { action } = await callAws(
          { ...connection, timeoutMs },
          'Bedrock',
          'ApplyGuardrail',
          (signal) => client.send(command, { abortSignal: signal }),
        );
        // anything but a clear "none" is a no
        return action === 'NONE' ? 'passed' : 'intervened';
      } catch (error) {
        throw unavailable(error);
      }
    },
  };
}

/** Bedrock refuses a blank text, so there is none. */
function contentOf(user: string, quoted: string | undefined): ContentBlock[] {
  const at = quoted === undefined || quoted.trim() === '' ? -1 : user.indexOf(quoted);
  if (quoted === undefined || at === -1) return [{ text: user }];
  const [before, after] = [user.slice(0, at), user.slice(at + quoted.length)];
  return [
    ...(before.trim() === '' ? [] : [{ text: before }]),
    { guardContent: { text: { text: quoted } } },
    ...(after.trim() === '' ? [] : [{ text: after }]),
  ];
}

function replyOf(
  { output, stopReason, usage }: ConverseCommandOutput,
  modelId: string,
  passedOver: ModelReply['passedOver'],
): ModelReply {
  if (stopReason === 'guardrail_intervened' || stopReason === 'content_filtered')
    throw new ModelUnavailableError('intervened', `The guardrail intervened (${stopReason})`);
  return {
    text: (output?.message?.content ?? []).flatMap(({ text }) => text ?? []).join(''),
    stopReason: stopReason ?? 'unknown',
    usage: { inputTokens: usage?.inputTokens ?? 0, outputTokens: usage?.outputTokens ?? 0 },
    modelId,
    passedOver,
  };
}

function unavailable(error: unknown): ModelUnavailableError {
  if (error instanceof ModelUnavailableError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ModelUnavailableError(reasonOf(error), message, { cause: error });
}

/** Bedrock has no code of its own for it. Source: its answer for a retired model. */
function isEndOfLife({ code, message }: AwsError): boolean {
  return code === 'ResourceNotFoundException' && /end of (?:its )?life/i.test(message);
}

function reasonOf(error: unknown): ModelUnavailableReason {
  if (!(error instanceof AwsError)) return 'unavailable';
  if (isAbort(error.cause) || error.code === 'ModelTimeoutException') return 'timeout';
  if (isThrottle(error.code) || error.code === 'ServiceQuotaExceededException') return 'throttled';
  if (isEndOfLife(error)) return 'end-of-life';
  const denials = ['AccessDeniedException', 'UnrecognizedClientException', 'ExpiredTokenException'];
  return denials.includes(error.code ?? '') ? 'denied' : 'unavailable';
}
