import { modelOf } from '../../src/compose/model.ts';
import type { Config } from '../../src/config/config.ts';
import { startAwsStandIn } from '../../src/sandbox/aws/aws-stand-in.ts';
import type { ModelMode } from '../../src/sandbox/aws/world.ts';
import { demoModel } from '../../src/sandbox/demo-model.ts';
import { Faults } from '../../src/sandbox/faults.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { silentLog } from '../../src/workflow/log.ts';
import type { Model } from '../../src/workflow/ports/model.ts';

const modelId = 'eval-model';

/** The Bedrock stand-in behind the real client, and its model in a mode of behaviour. */
export async function standInModel(mode: ModelMode): Promise<{
  readonly model: Model;
  close(): Promise<void>;
}> {
  const clock = systemClock;
  const aws = await startAwsStandIn({ clock, faults: new Faults('aws'), model: demoModel });
  aws.putModel(modelId, 'granted');
  aws.setModelMode(mode);
  const { endpoint, credentials } = aws;
  const { accessKeyId, secretAccessKey } = credentials;
  const secretOf = (text: string) => ({ reveal: () => text });
  return {
    model: bedrockModel({
      endpoint,
      region: 'eu-west-1',
      modelIds: [modelId],
      credentials: {
        accessKeyId: secretOf(accessKeyId),
        secretAccessKey: secretOf(secretAccessKey),
      },
    }),
    close: () => aws.close(),
  };
}

/** Any Bedrock, by the client that the service has. */
export function bedrockModel({
  modelIds: [model, ...fallback],
  region,
  endpoint,
  credentials,
  guardrail,
  timeoutMs = 60_000,
}: {
  readonly modelIds: readonly string[];
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: unknown;
  readonly guardrail?: { readonly id: string; readonly version: string };
  readonly timeoutMs?: number;
}): Model {
  const config = {
    aws: { region, endpoint, credentials },
    analysis: {
      bedrock: {
        enabled: true,
        model,
        fallback,
        region,
        guardrail,
        timeout: timeoutMs,
        maxTokens: 1_024,
      },
    },
  } as unknown as Config; // only what a model is made of
  const made = modelOf(config, { clock: systemClock, log: silentLog });
  if (made === undefined) throw new Error('no model');
  return made;
}
