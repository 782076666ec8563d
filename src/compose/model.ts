import { createBedrock } from '../adapters/aws/bedrock.ts';
import { ModelUnavailableError } from '../adapters/aws/model-unavailable-error.ts';
import type { NoSummaryReason } from '../analysis/types.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';
import type { Model } from '../workflow/ports/model.ts';
import { awsConnection } from './aws-connection.ts';

/** Ids of the models that the configuration names, in the order they are tried; empty while the summary is off. */
export function modelIdsOf({ analysis: { bedrock } }: Config): readonly string[] {
  if (!bedrock.enabled || bedrock.model === undefined) return [];
  return [...new Set([bedrock.model, ...bedrock.fallback])];
}

/** Bedrock with the configuration's models, guardrail and time limit. */
export function bedrockOf(config: Config, clock: Clock) {
  const { bedrock } = config.analysis;
  return createBedrock({
    ...awsConnection(config, clock),
    region: bedrock.region,
    modelIds: modelIdsOf(config),
    timeoutMs: bedrock.timeout,
    ...(bedrock.guardrail === undefined ? {} : { guardrail: bedrock.guardrail }),
  });
}

/** The model in the workflow's words; `undefined` while it is switched off. */
export function modelOf(
  config: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Model | undefined {
  const modelIds = modelIdsOf(config);
  if (modelIds.length === 0) return undefined;
  const bedrock = bedrockOf(config, clock);
  const { guardrail } = config.analysis.bedrock;
  return {
    identity: [...modelIds, guardrail?.id ?? '', guardrail?.version ?? ''].join(' '),
    async ask(question) {
      try {
        const { text, modelId, usage, passedOver } = await bedrock.converse(question);
        for (const one of passedOver) log.warn(one, 'model passed over');
        return { kind: 'said', text, model: modelId, ...usage };
      } catch (cause) {
        log.warn({ cause }, 'no model answered');
        return { kind: 'silent', reason: reasonOf(cause) };
      }
    },
    async screen(text, source) {
      try {
        const verdict = await bedrock.applyGuardrail(text, source);
        return verdict === 'intervened' ? 'intervened' : 'passed';
      } catch (cause) {
        // What nobody could check is not shown.
        log.warn({ cause, source }, 'guardrail not asked');
        return reasonOf(cause);
      }
    },
    async retired() {
      const probed = await Promise.all(
        modelIds.map(async (id) => ({ id, why: await bedrock.probe(id) })),
      );
      return probed.flatMap(({ id, why }) => (why?.reason === 'end-of-life' ? [id] : []));
    },
  };
}

function reasonOf(cause: unknown): NoSummaryReason {
  if (!(cause instanceof ModelUnavailableError)) return 'unavailable';
  return cause.reason === 'denied' ? 'unavailable' : cause.reason;
}
