import { composeAdvisories, composeKitNotes } from '../compose/analyst.ts';
import { bedrockOf, modelIdsOf } from '../compose/model.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';
import type { Attempt } from './attempts.ts';

/** The feeds and the models. A model is asked for one word, since nothing else tells whether it would answer. */
export async function tryAnalysis(
  config: Config,
  attempt: Attempt,
  seen: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  await Promise.all([tryFeeds(config, attempt, seen), tryModels(config, attempt, seen)]);
}

async function tryFeeds(
  config: Config,
  attempt: Attempt,
  seen: { readonly clock: Clock; readonly log: Log },
): Promise<void> {
  const advisories = composeAdvisories(config, seen);
  const { amazonLinux, bottlerocket } = config.analysis.advisories;
  const { core, kernel } = config.analysis.kitNotes;
  await Promise.all([
    amazonLinux !== undefined &&
      attempt('advisories of Amazon Linux', async () =>
        whyUnavailable(await advisories.amazonLinux()),
      ),
    bottlerocket !== undefined &&
      attempt('advisories of Bottlerocket', async () =>
        whyUnavailable(await advisories.bottlerocket()),
      ),
    (core !== undefined || kernel !== undefined) &&
      attempt("notes of Bottlerocket's kits", async () => {
        const kits = await composeKitNotes(config, seen).read();
        return [
          core === undefined ? undefined : whyUnavailable(kits['bottlerocket-core-kit']),
          kernel === undefined ? undefined : whyUnavailable(kits['bottlerocket-kernel-kit']),
        ].find((why) => why !== undefined);
      }),
  ]);
}

async function tryModels(
  config: Config,
  attempt: Attempt,
  { clock }: { readonly clock: Clock },
): Promise<void> {
  const models = modelIdsOf(config);
  if (models.length === 0) return;
  const bedrock = bedrockOf(config, clock);
  const { guardrail } = config.analysis.bedrock;
  const guarded =
    guardrail === undefined
      ? []
      : [
          attempt(`Bedrock: guardrail ${guardrail.id}`, async () => {
            await bedrock.applyGuardrail('ready', 'INPUT');
            return undefined;
          }),
        ];
  // Models are asked with the guardrail on: without it each would only repeat that.
  const asked = models.map((id) =>
    attempt(
      `Bedrock: ${id}`,
      async () => {
        const why = await bedrock.probe(id);
        return why?.reason === 'end-of-life'
          ? 'it is past its end of life: name another in analysis.bedrock.model or fallback'
          : why?.message;
      },
      guarded,
    ),
  );
  await Promise.all([...guarded, ...asked]);
}

function whyUnavailable(feed: { readonly status: string; readonly reason?: string }) {
  return feed.status === 'unavailable' ? feed.reason : undefined;
}
