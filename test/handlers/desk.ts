import fastify from 'fastify';
import { vi } from 'vitest';
import { renderThread } from '../../blocks/thread.ts';
import { answerTo } from '../../handlers/answers.ts';
import type { Handling } from '../../handlers/handling.ts';
import { createIntake } from '../../handlers/intake.ts';
import { registerAll } from '../../handlers/register-all.ts';
import { createTwins } from '../../handlers/twins.ts';
import { createSlackClients } from '../../src/adapters/slack/clients.ts';
import { createBolt } from '../../src/adapters/slack/create-bolt.ts';
import { createDirectory } from '../../src/adapters/slack/directory.ts';
import { createHttpReceiver } from '../../src/adapters/slack/http-receiver.ts';
import { createMessenger } from '../../src/adapters/slack/messenger.ts';
import { createPeople } from '../../src/adapters/slack/people.ts';
import { noPages } from '../../src/compose/pages.ts';
import type { ApprovalRule } from '../../src/rollout/policy.ts';
import type { PullRequestRule } from '../../src/rollout/pull-request-rule.ts';
import { environmentNamed } from '../../src/rollout/rollout.ts';
import { Faults } from '../../src/sandbox/faults.ts';
import { startSlackStandIn } from '../../src/sandbox/slack/start-slack-stand-in.ts';
import { standInApp } from '../../src/sandbox/slack/workspace.ts';
import { SlackGroupId, SlackUserId } from '../../src/shared/ids.ts';
import { oneAtATime } from '../../src/shared/one-at-a-time.ts';
import { createAnchoring } from '../../src/workflow/anchor.ts';
import { createCaretaker } from '../../src/workflow/caretaker.ts';
import { detect } from '../../src/workflow/detect.ts';
import { createEffects } from '../../src/workflow/effect.ts';
import { createJournal } from '../../src/workflow/journal.ts';
import { decisionsSince } from '../../src/workflow/read-decisions.ts';
import { createThreads } from '../../src/workflow/thread.ts';
import type { World } from '../../src/workflow/world.ts';
import { keptLog } from '../adapters/slack/bolt-fixture.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { lookOnce } from '../workflow/drive.ts';

export const channel = 'C0NODES';
const tokens = { botToken: 'xoxb-desk', appToken: 'xapp-desk', signingSecret: 'desk secret' };

/** Every kind of person that may press a button. Only Ann and Bo are on the list. */
const people = [
  { id: 'U0ANN', name: 'ann', realName: 'Ann Lee', tz: 'Europe/Berlin' },
  { id: 'U0BO', name: 'bo', realName: 'Bo Chen' },
  { id: 'U0CY', name: 'cy', realName: 'Cy Park' },
  { id: 'U0GUEST', name: 'gus', realName: 'Gus Visitor', isRestricted: true },
  { id: 'U0GONE', name: 'gone', realName: 'Gone Person', deleted: true },
  { id: 'U0OTHER', name: 'ola', realName: 'Ola Other', teamId: 'T0ELSEWHERE' },
  { id: 'U0ROBOT', name: 'robot', realName: 'Robot', isBot: true },
];
// Guests, bots and people who left stand in the group too: a list that went stale.
const listed = ['U0ANN', 'U0BO', 'U0GUEST', 'U0GONE', 'U0OTHER', 'U0ROBOT'];

/** Our handlers behind signed HTTP of a Slack stand-in, over a fleet in memory; time moves only when told to. */
export async function startDesk({
  openedBy,
  sets,
  pullRequest,
}: {
  readonly openedBy?: string;
  /** What the rule asks for of each set; absent: two of the group. */
  readonly sets?: ApprovalRule['sets'];
  /** When pull requests are opened, and who merges them; absent: as usual. */
  readonly pullRequest?: PullRequestRule;
} = {}) {
  const fleet = memoryWorld();
  const { clock } = fleet;
  const kept = keptLog();
  const faults = new Faults('slack');
  let url = '';
  const slack = await startSlackStandIn({
    clock,
    faults,
    ...tokens,
    users: people,
    usergroups: [{ id: 'S0SRE', handle: 'sre', name: 'SRE', users: listed }],
    channels: [
      {
        id: channel,
        name: 'nodes',
        members: [
          ...people.filter(({ deleted }) => deleted !== true).map(({ id }) => id),
          standInApp.botUserId,
        ],
      },
    ],
    delivery: { requestUrl: () => url },
  });
  const access = { token: tokens.botToken, apiUrl: slack.url, log: kept.log };
  const clients = createSlackClients(access);
  const approval: ApprovalRule = {
    users: [],
    groups: [SlackGroupId.parse('S0SRE')],
    count: 2,
    ...(sets === undefined ? {} : { sets }),
  };
  const storeIs = { down: false };
  const store = breakable(fleet.store, storeIs);
  const world: World = {
    ...fleet.world,
    log: kept.log,
    store,
    fleet: {
      ...fleet.world.fleet,
      policies: fleet.world.fleet.policies.map((policy) => ({
        ...policy,
        approval,
        ...(pullRequest === undefined ? {} : { pullRequest }),
        recovery: { users: approval.users, groups: approval.groups, count: 1 },
      })),
    },
    people: createPeople(
      createDirectory({ client: clients.read, clock, teamId: standInApp.teamId }),
      clock,
      kept.log,
    ),
    journal: createJournal(store.rollouts),
    effects: createEffects({
      github: fleet.git.host,
      slack: createMessenger({ clients, log: kept.log }),
      nodes: fleet.nodes,
      applications: fleet.applications,
      pages: noPages,
    }),
  };
  const threads = createThreads(world, renderThread);
  const caretaker = createCaretaker(world, { owner: 'desk', threads });
  const intake = createIntake(world, {
    inbox: store.inbox,
    caretaker,
    answer: (delivery, outcome) => answerTo(world, delivery, outcome),
  });
  const cardUrl: Handling['cardUrl'] = async (of) => {
    const card = await threads.cardOf(of);
    return card?.ts === undefined ? undefined : `https://slack.example/p${card.ts}`;
  };
  let checks = 0;
  const receiver = createHttpReceiver({
    signingSecret: tokens.signingSecret,
    clock,
    log: kept.log,
  });
  const app = await createBolt({
    ...access,
    receiver,
    botId: standInApp.botId,
    botUserId: standInApp.botUserId,
  });
  registerAll(app, {
    world,
    intake,
    caretaker,
    twins: createTwins(world, cardUrl),
    detectNow: oneAtATime(() => {
      checks += 1;
      return detect(world);
    }),
    anchoring: createAnchoring({ records: fleet.store, clock, log: kept.log }),
    decisionsSince: (since) => decisionsSince(fleet.store, since, clock.now(), []),
    cardUrl,
  });
  const server = fastify();
  await receiver.register(server);
  url = `${await server.listen({ port: 0, host: '127.0.0.1' })}/slack/events`;

  const found = await detect(
    world,
    openedBy === undefined ? undefined : SlackUserId.parse(openedBy),
  );
  const id = found.rollout;
  if (id === undefined) throw new Error('nothing was opened');
  const known = async () => {
    const { rollout, commits } = await world.journal.known(id);
    if (rollout === undefined) throw new Error('the rollout is gone');
    return { rollout, events: commits.flatMap(({ events }) => events) };
  };
  /** One look, and its thread as it then is. */
  const look = async () => {
    const rollout = await lookOnce(world, id);
    // Messages are edited at most every few seconds.
    clock.advance(10_000);
    await threads.sync(id);
    return rollout;
  };
  await look();
  const card = () => {
    const message = slack.messages().find(({ threadTs }) => threadTs === undefined);
    if (message === undefined) throw new Error('there is no card');
    return message;
  };
  let read = 0;

  return {
    ...fleet,
    world,
    slack,
    faults,
    intake,
    id,
    card,
    look,
    known,
    storeIs,
    logged: kept.messages,
    /** Looks for releases that somebody asked for. */
    checks: () => checks,
    url: () => url,
    /** Presses a button of the card, or chooses from its menu. */
    press: (user: string, verb: string, selected?: string) =>
      slack.click({
        user,
        messageTs: card().ts,
        actionId: `rollout:${verb}`,
        ...(selected === undefined ? {} : { selected }),
        expectView:
          ['reject', 'snooze', 'rollback', 'details'].includes(verb) || selected === 'note',
      }),
    /** Presses what opens a modal; `undefined` as soon as the person is told why there is none. */
    async ask(user: string, verb: string, selected?: string) {
      const answered = slack.ephemerals().length;
      const told = vi.waitFor(
        () => {
          if (slack.ephemerals().length === answered) throw new Error(`${user} was told nothing`);
        },
        { timeout: 4_000, interval: 5 },
      );
      const shown = this.press(user, verb, selected).then(({ view }) => view);
      return Promise.race([shown, told.then(() => undefined).catch(() => shown)]);
    },
    type: (user: string, text: string) => slack.command({ user, command: '/ami', text, channel }),
    /** What somebody was told next, and nobody else. */
    async told(user: string): Promise<string> {
      const fresh = () =>
        slack
          .ephemerals()
          .slice(read)
          .filter(({ onlyFor }) => onlyFor === user);
      await vi.waitFor(
        () => {
          if (fresh().length === 0) throw new Error(`${user} was told nothing`);
        },
        { timeout: 4_000, interval: 5 },
      );
      const [message] = fresh();
      read = slack.ephemerals().length;
      return JSON.stringify(message?.blocks ?? message?.text);
    },
    /** How many private answers there were so far. */
    answers: () => slack.ephemerals().length,
    async grants(environment = 'staging'): Promise<readonly string[]> {
      const { rollout } = await known();
      return environmentNamed(rollout, environment)?.ask?.grants.map(({ by }) => by) ?? [];
    },
    async refusals(): Promise<readonly string[]> {
      const { events } = await known();
      return events.flatMap((event) =>
        event.type === 'ApprovalRefused' || event.type === 'AttemptRefused'
          ? [`${event.by} ${event.reason}`]
          : [],
      );
    },
    /** Sends any payload, signed: what Slack's client would never let a person do. */
    async forge(payload: Record<string, unknown>) {
      if (slack.requestUrl === undefined) throw new Error('not over HTTP');
      return slack.requestUrl.send({ kind: 'interactive', payload: payload as never });
    },
    async close() {
      await app.stop();
      await server.close();
      await slack.close();
    },
  };
}

/** The same ports, each of whose calls fails while the store is down. */
function breakable<T extends object>(ports: T, is: { down: boolean }): T {
  return new Proxy(ports, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value === 'function') {
        return (...given: unknown[]): unknown => {
          if (is.down) return Promise.reject(new Error('the store does not answer'));
          return Reflect.apply(value, target, given);
        };
      }
      return typeof value === 'object' && value !== null ? breakable(value, is) : value;
    },
  });
}
