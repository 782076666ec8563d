import { renderThread } from '../../blocks/thread.ts';
import { answerTo } from '../../handlers/answers.ts';
import { createIntake } from '../../handlers/intake.ts';
import type { Delivery } from '../../handlers/person-request.ts';
import { composeSlack } from '../../src/compose/slack.ts';
import { composeStore } from '../../src/compose/store.ts';
import { composeWorld } from '../../src/compose/world.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import { day, minute } from '../../src/shared/time.ts';
import { createCaretaker } from '../../src/workflow/caretaker.ts';
import { detect } from '../../src/workflow/detect.ts';
import { createJournal } from '../../src/workflow/journal.ts';
import { silentLog } from '../../src/workflow/log.ts';
import { createThreads } from '../../src/workflow/thread.ts';
import { benchClusters } from './bench-clusters.ts';
import type { BenchCluster } from './bench-fleet.ts';
import { startBenchStandIns } from './bench-stand-ins.ts';
import { virtualTime } from './virtual-time.ts';

const start = Date.UTC(2026, 10, 20, 12);

/**
 * The service as `main.ts` composes it, with every adapter but Kubernetes' real, over stand-ins and in virtual time.
 * What only the fleet as a whole costs (the pulse, the sweep of the inbox) is left out; the polling of due rollouts is
 * counted apart.
 */
export async function startBenchService(clusters: readonly BenchCluster[]) {
  const time = virtualTime(start);
  const { clock, watched } = time;
  const standIns = await startBenchStandIns({ clock, clusters });
  const records = await composeStore(standIns.config, { clock, log: silentLog, emulated: true });
  const { store } = records;
  const slack = await composeSlack(standIns.config, {
    clock,
    log: silentLog,
    onFatal: (error) => {
      throw error;
    },
  });
  const plain = composeWorld(standIns.config, {
    clock,
    log: silentLog,
    store: {
      ...store,
      rollouts: watched(store.rollouts),
      global: watched(store.global),
      heads: watched(store.heads),
      slots: watched(store.slots),
      changes: watched(store.changes),
      memory: watched(store.memory),
    },
    slack: watched(slack.messenger),
    people: watched(slack.people),
    clusters: benchClusters(clock, standIns, clusters),
    // no bench brakes, or presses anything in Argo CD
    nodes: { holdNodes: never, releaseNodes: never, syncNodeClasses: never },
  });
  const world = {
    ...plain,
    github: watched(plain.github),
    images: watched(plain.images),
    releases: watched(plain.releases),
    analyst: watched(plain.analyst),
    effects: watched(plain.effects),
    pins: watched(plain.pins),
  };
  // A look of our own at the records, which costs the service nothing.
  const aside = await composeStore(standIns.config, { clock, log: silentLog });
  const journal = createJournal(aside.store.rollouts);
  const threads = createThreads(world, renderThread);
  const caretaker = createCaretaker(world, { owner: 'bench', threads });
  const intake = createIntake(world, {
    inbox: watched(store.inbox),
    caretaker,
    answer: (delivery, outcome) => answerTo(world, delivery, outcome),
  });
  let clicks = 0;
  return {
    world,
    standIns,
    time,
    units: () => store.units(),
    caretaker,
    detect: () => detect(world),
    /** A rollout as it stands in the records, read past the counters. */
    rollout: async (id: RolloutId) => (await journal.refresh(id)).rollout,
    /** Whether nobody has to look at it any more. */
    isLeft: async (id: RolloutId) => (await aside.store.heads.read(id))?.dueAt === undefined,
    /** One press of a button: stored, then carried out, as the handler of clicks does. */
    async press(delivery: Delivery): Promise<void> {
      clicks += 1;
      const key = `click:${clicks}.${start}.0123456789abcdef0123456789abcdef`;
      await intake.store(key, delivery);
      await intake.process(key, delivery);
    },
    latest: start + 3 * day,
    async close() {
      await records.close();
      await aside.close();
      await standIns.close();
    },
  };
}

export type BenchService = Awaited<ReturnType<typeof startBenchService>>;

/** Somebody's approval, with all that a click of the card carries. */
export function approval(
  { standIns }: BenchService,
  rollout: RolloutId,
  environment: string,
  person: string,
): Delivery {
  const by = SlackUserId.parse(person);
  const card = standIns.slack.messages()[0];
  return {
    request: { kind: 'approve', rollout, environment, ask: 1, by },
    replyTo: {
      channel: demo.channel.id,
      user: by,
      ...(card === undefined ? {} : { messageTs: card.ts }),
    },
  };
}

/** Whose approvals each environment of the bench asks for. */
const approvers = { staging: ['U0BO'], production: ['U0ANN', 'U0BO'] } as const;

/** Approves an environment as soon as it asks, by its people a minute apart. */
export async function approveAll(
  service: BenchService,
  rollout: RolloutId,
  environment: keyof typeof approvers,
): Promise<void> {
  const { time, latest } = service;
  await time.pass(
    async () => (await phaseOf(service, rollout, environment)) === 'awaiting-approval',
    latest,
  );
  for (const person of approvers[environment]) {
    await service.press(approval(service, rollout, environment, person));
    const at = time.clock.now() + minute;
    // A sleeper of our own, so that there is something to wait for.
    void time.clock.sleep(minute);
    await time.pass(() => time.clock.now() >= at, latest);
  }
}

export async function phaseOf(
  service: Pick<BenchService, 'rollout'>,
  id: RolloutId,
  environment: string,
): Promise<string | undefined> {
  const rollout = await service.rollout(id);
  return rollout?.environments.find(({ policy }) => policy.name === environment)?.phase.name;
}

const never = (): Promise<never> => Promise.reject(new Error('not used here'));
