import type { Bedrock } from '../adapters/aws/bedrock.ts';
import { createBedrock } from '../adapters/aws/bedrock.ts';
import { ModelUnavailableError } from '../adapters/aws/model-unavailable-error.ts';
import type { NoSummaryReason } from '../analysis/types.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Model } from '../workflow/analyst.ts';
import { createAnalyst } from '../workflow/analyst.ts';
import type { Log } from '../workflow/log.ts';
import type { Analyst } from '../workflow/ports/analyst.ts';
import type { ReleaseNotes } from '../workflow/ports/git-host.ts';
import { awsConnection } from './aws-connection.ts';
import { fleetOf } from './fleet.ts';

/** The analyst with the model the configuration names; without one it tells the facts alone. */
export function composeAnalyst(
  config: Config,
  { clock, log, notes }: { readonly clock: Clock; readonly log: Log; readonly notes: ReleaseNotes },
): Analyst {
  const { bedrock } = config.analysis;
  const modelIds = bedrock.model === undefined ? [] : [bedrock.model];
  const model = bedrock.enabled
    ? modelOf(
        createBedrock({
          ...awsConnection(config, clock),
          region: bedrock.region,
          modelIds,
          timeoutMs: bedrock.timeout,
          ...(bedrock.guardrail === undefined ? {} : { guardrail: bedrock.guardrail }),
        }),
        bedrock.maxTokens,
      )
    : undefined;
  return createAnalyst({
    clock,
    log,
    fleet: fleetOf(config),
    notes,
    repository: config.analysis.notes,
    ...(model === undefined ? {} : { model }),
  });
}

/** Asks once; the guardrail reads what came out too, because an inline one does not cover everything. */
function modelOf(bedrock: Bedrock, maxTokens: number): Model {
  return async ({ system, facts, notes, ask }) => {
    try {
      const { text, modelId } = await bedrock.converse({
        system,
        user: [facts, notes, ask].join('\n\n'),
        maxTokens,
      });
      const verdict = await bedrock.applyGuardrail(text, 'OUTPUT');
      return verdict === 'intervened'
        ? { kind: 'silent', reason: 'intervened' }
        : { kind: 'said', text, model: modelId };
    } catch (cause) {
      if (cause instanceof ModelUnavailableError) {
        return { kind: 'silent', reason: reasonOf(cause.reason) };
      }
      throw cause;
    }
  };
}

function reasonOf(reason: ModelUnavailableError['reason']): NoSummaryReason {
  return reason === 'denied' ? 'unavailable' : reason;
}
