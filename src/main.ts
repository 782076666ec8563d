import { randomUUID } from 'node:crypto';
import cron from 'node-cron';
import { renderThread } from '../blocks/thread.ts';
import { answerTo } from '../handlers/answers.ts';
import { registerGates } from '../handlers/gates/register-gates.ts';
import type { Handling } from '../handlers/handling.ts';
import { createIntake } from '../handlers/intake.ts';
import { registerMetrics } from '../handlers/metrics/register-metrics.ts';
import { registerAll } from '../handlers/register-all.ts';
import { recurringWork } from '../handlers/schedules/recurring.ts';
import { createTwins } from '../handlers/twins.ts';
import { registerGitHub } from '../handlers/webhooks/register-github.ts';
import { parseWebhook, verifyGitHubWebhook } from './adapters/github/webhook.ts';
import { createServer } from './adapters/http/create-server.ts';
import { composeClusters } from './compose/clusters.ts';
import { cronLog } from './compose/cron-log.ts';
import type { Endings } from './compose/endings.ts';
import { createEndings } from './compose/endings.ts';
import { composePages } from './compose/pages.ts';
import { composeSlack } from './compose/slack.ts';
import { composeStore } from './compose/store.ts';
import { composeWorld } from './compose/world.ts';
import type { Config } from './config/config.ts';
import type { RolloutId } from './shared/ids.ts';
import { oneAtATime } from './shared/one-at-a-time.ts';
import type { Clock } from './shared/time.ts';
import { createAnchoring } from './workflow/anchor.ts';
import { createCaretaker } from './workflow/caretaker.ts';
import { detect } from './workflow/detect.ts';
import type { EffectObserver } from './workflow/effect.ts';
import type { Log } from './workflow/log.ts';
import { createPager } from './workflow/pager.ts';
import { createPulse } from './workflow/pulse.ts';
import { decisionsSince } from './workflow/read-decisions.ts';
import { logRequiredReviews } from './workflow/required-reviews.ts';
import { createThreads } from './workflow/thread.ts';
import type { World } from './workflow/world.ts';

/** A running service. */
export type Service = {
  /** Where it listens. */
  readonly port: number;
  /** Finishes what is under way, then ends. */
  stop(): Promise<void>;
};

type ServiceOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** Told right before and after every change of the outside world, for tests that kill it there. */
  readonly onEffect?: EffectObserver;
  /** The process should end, for a restart: Slack refused us for good. */
  readonly onFatal: (error: Error) => void;
  /** Names this replica; it must be another one for each. */
  readonly owner?: string;
};

/**
 * Starts the service: the one entry, for real and in the sandbox. Only the configuration's endpoints and the clock tell
 * them apart.
 * @throws what kept it from starting, after ending what had begun: a process with nothing to do must be able to end.
 */
export async function startService(config: Config, options: ServiceOptions): Promise<Service> {
  const endings = createEndings(options.log);
  try {
    return await start(config, options, endings);
  } catch (cause) {
    await endings.endAll();
    throw cause;
  }
}

async function start(
  config: Config,
  { clock, log, onEffect, onFatal, owner = randomUUID() }: ServiceOptions,
  endings: Endings,
): Promise<Service> {
  const records = await composeStore(config, { clock, log });
  endings.add(() => records.close());
  const slack = await composeSlack(config, { clock, log, onFatal });
  const clusters = composeClusters(config, { clock, log });
  endings.add(() => clusters.close());
  const pages = composePages(config, clock);
  const composed = composeWorld(config, {
    clock,
    log,
    store: records.store,
    slack: slack.messenger,
    people: slack.people,
    clusters,
    nodes: clusters,
    pages,
    ...(onEffect === undefined ? {} : { onEffect }),
  });
  const world: World = {
    ...composed,
    async cardUrl(id) {
      const card = (await records.store.slots.list(id)).find(({ name }) => name === 'card');
      return card?.ts === undefined ? undefined : slack.permalink(card.channel, card.ts);
    },
  };
  const threads = createThreads(world, renderThread);
  const caretaker = createCaretaker(world, { owner, threads, pager: createPager(world, pages) });
  const cardUrl = async (id: RolloutId) => {
    const card = await threads.cardOf(id);
    return card?.ts === undefined ? undefined : slack.permalink(card.channel, card.ts);
  };
  const intake = createIntake(world, {
    inbox: records.store.inbox,
    caretaker,
    answer: (delivery, outcome) => answerTo(world, delivery, outcome),
  });
  const handling: Handling = {
    world,
    intake,
    caretaker,
    twins: createTwins(world, cardUrl),
    detectNow: oneAtATime(() => detect(world)),
    anchoring: createAnchoring({ records: records.store, clock, log }),
    decisionsSince: (since) => decisionsSince(records.store, since, clock.now(), config.people),
    cardUrl,
  };
  registerAll(slack.app, handling);

  const pulse = createPulse({
    clock,
    log,
    recurring: recurringWork(handling, {
      owner,
      everyMs: config.detection.every,
      jitterMs: config.detection.jitter,
      random: Math.random,
      digest: config.digest,
    }),
  });
  endings.add(() => pulse.settled());
  let caring: Promise<void> | undefined;
  endings.add(() => caring);

  const server = createServer({
    health: {
      alive: () => true,
      readiness: async () => (slack.connected() ? [] : ['Slack is not connected']),
    },
  });
  const { webhookSecret } = config.github;
  registerGitHub(
    server,
    handling,
    webhookSecret === undefined
      ? undefined
      : {
          verify: (body, signature) => verifyGitHubWebhook(webhookSecret.reveal(), body, signature),
          parse: parseWebhook,
        },
  );
  registerGates(server, handling, config.server.gatesToken?.reveal());
  if (config.server.metrics) registerMetrics(server, handling);
  await slack.mount(server);
  endings.add(() => server.close());
  await server.listen({ port: config.server.port, host: config.server.host });

  // Before Slack is connected: what is under way is followed and stays true while Slack cannot be reached.
  const stopping = new AbortController();
  endings.add(() => stopping.abort());
  caring = caretaker.run(stopping.signal);
  // A real-time pulse: what is due is told by our clock, which a sandbox runs faster.
  const ticks = cron.schedule('* * * * * *', () => pulse.tick(), { logger: cronLog(log) });
  endings.add(() => ticks.destroy());
  pulse.tick();
  endings.add(() => slack.app.stop());
  await slack.app.start();
  const told = logRequiredReviews(world);
  endings.add(() => told);
  const port = portOf(server.addresses());
  log.info({ port }, 'amiable is running');
  return { port, stop: () => endings.endAll() };
}

function portOf(addresses: readonly (string | { readonly port: number })[]): number {
  const first = addresses.at(0);
  return typeof first === 'object' ? first.port : 0;
}
