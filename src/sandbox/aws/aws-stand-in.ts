import { type Clock, hour } from '../../shared/time.ts';
import type { Faults } from '../faults.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { bedrockApi } from './bedrock-api.ts';
import type { Answer, Call, Context } from './call.ts';
import { cloudWatchApi } from './cloudwatch-api.ts';
import { type Controls, controlsOf } from './controls.ts';
import { ec2Api } from './ec2-api.ts';
import { eksApi } from './eks-api.ts';
import { type ResolvedAmi, resolveTerms, type SelectorTerm } from './karpenter-images.ts';
import type { Model } from './model-reply.ts';
import { secretsApi } from './secrets-api.ts';
import { awsServer, rateLimited } from './serve.ts';
import { snsApi } from './sns-api.ts';
import { ssmApi } from './ssm-api.ts';
import { stsApi } from './sts-api.ts';
import { tokenBucket } from './token-bucket.ts';
import { loadWorld, type PublishedMessage, saveWorld } from './world.ts';

/** An AWS on the loopback interface, and what can be done to it from the same process. */
export type AwsStandIn = Controls & {
  /** For the `endpoint` option of every client, whatever its service and region. */
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly account: string;
  /** What was published to topics, oldest first. */
  messages(): readonly PublishedMessage[];
  /** What Karpenter would put into `status.amis`, without its caches. */
  resolve(question: {
    readonly region: string;
    readonly kubernetes: string;
    readonly terms: readonly SelectorTerm[];
  }): readonly ResolvedAmi[] | 'unresolved';
  /** Name of an image, in whatever region; `undefined`: there is none of this id. */
  imageName(imageId: string): string | undefined;
  /** Signed requests so far whose description (`SSM GetParameters`) contains `match`. */
  requestCount(match?: string, region?: string): number;
  resetRequestCount(): void;
  /** Ends all connections, open answers included. */
  close(): Promise<void>;
};

/** SSM answers so many reads a second, per region, unless the account pays for more. */
const ssmReadsPerSecond = 40;

const account = '111122223333';
const credentials = { accessKeyId: 'AKIASANDBOXSANDBOXSA', secretAccessKey: 'sandbox' } as const;

/**
 * Starts an AWS of our own: SSM, Secrets Manager, EC2 images, EKS, SNS, STS, CloudWatch alarms and Bedrock Runtime, for the real SDK
 * clients. It checks credential, region and service of a request, but does not compute signatures or their age anew,
 * knows no IAM, and limits only SSM by itself; the other services' limits are ordered as faults.
 * @param options.dataDir where its state survives a restart; absent: nowhere.
 * @param options.port absent or 0: any free one.
 * @param options.model what a well-behaved model replies; absent: Bedrock is unavailable.
 * @param options.slowMs how long a slow model takes, in ms of the clock.
 */
export async function startAwsStandIn({
  clock,
  faults,
  dataDir,
  port = 0,
  model,
  slowMs = hour,
}: {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly dataDir?: string;
  readonly port?: number;
  readonly model?: Model;
  readonly slowMs?: number;
}): Promise<AwsStandIn> {
  const world = loadWorld(dataDir);
  const closing = new AbortController();
  const save = () => saveWorld(dataDir, world);
  const context: Context = { world, clock, account, save, closing: closing.signal };
  const counts = new Map<string, number>();
  const server = awsServer({
    faults,
    accessKeyId: credentials.accessKeyId,
    count(request, region) {
      const key = `${request}\n${region}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    },
    handle: handlerOf(context, (call) => bedrockApi(context, call, { model, slowMs })),
  });
  const bound = await listenOnLoopback(server, port);
  return {
    endpoint: `http://127.0.0.1:${bound}`,
    credentials,
    account,
    ...controlsOf(world, { clock, account, save }),
    messages: () => [...world.messages],
    resolve: ({ region, kubernetes, terms }) =>
      resolveTerms(world, { region, account, kubernetes, now: clock.now() }, terms),
    imageName: (imageId) =>
      Object.values(world.images)
        .map((images) => images[imageId]?.name)
        .find((name) => name !== undefined),
    requestCount: (match = '', region) =>
      [...counts].reduce((sum, [key, count]) => {
        const [request = '', where] = key.split('\n');
        const isMeant = request.includes(match) && (region ?? where) === where;
        return isMeant ? sum + count : sum;
      }, 0),
    resetRequestCount: () => counts.clear(),
    async close() {
      closing.abort();
      await closeServer(server);
    },
  };
}

function handlerOf(context: Context, bedrock: (call: Call) => Promise<Answer> | Answer) {
  const buckets = new Map<string, () => boolean>();
  return (call: Call): Promise<Answer> | Answer => {
    switch (call.service) {
      case 'ssm': {
        const bucket = buckets.get(call.region) ?? tokenBucket(context.clock, ssmReadsPerSecond);
        buckets.set(call.region, bucket);
        if (!bucket()) throw rateLimited('ssm');
        return ssmApi(context, call);
      }
      case 'secretsmanager':
        return secretsApi(context, call);
      case 'bedrock':
        return bedrock(call);
      case 'eks':
        return eksApi(context, call);
      case 'ec2':
        return ec2Api(context, call);
      case 'sns':
        return snsApi(context, call);
      case 'sts':
        return stsApi(context, call);
      case 'monitoring':
        return cloudWatchApi(context, call);
    }
  };
}
