import fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import type { Handling } from '../../handlers/handling.ts';
import { registerGitHub } from '../../handlers/webhooks/register-github.ts';
import { decisionLines } from '../../src/audit/decision-line.ts';
import { SlackGroupId } from '../../src/shared/ids.ts';
import { startDesk } from './desk.ts';
import { pressed, submitted } from './payloads.ts';

// Every kind of person by every path to a decision: the stated answer, and the stated record. The command line, which
// can only stop, go on and take back, is in `test/cli/steer.test.ts` for the same kinds of people.

type Desk = Awaited<ReturnType<typeof startDesk>>;
type Kind = {
  readonly kind: string;
  readonly user: string;
  /** Why they may not; absent: they may. */
  readonly no?: string;
  /** What they are told; absent: they cannot sign in, so there is nobody to tell. */
  readonly told?: string;
  readonly start?: () => Promise<Desk>;
};

const sets = [
  { name: 'platform', users: [], groups: [SlackGroupId.parse('S0SRE')], count: 1 },
  { name: 'security', users: ['U0CY' as never], groups: [], count: 1 },
];
const kinds: readonly Kind[] = [
  { kind: 'an approver', user: 'U0ANN', told: 'You approved' },
  {
    kind: 'the second approver',
    user: 'U0BO',
    told: 'It starts now',
    async start() {
      const desk = await startDesk();
      await desk.press('U0ANN', 'approve');
      await expect.poll(() => desk.grants(), wait).toEqual(['U0ANN']);
      return desk;
    },
  },
  {
    kind: 'a member of a set',
    user: 'U0ANN',
    told: 'You approved',
    start: () => startDesk({ sets }),
  },
  { kind: 'an outsider', user: 'U0CY', no: 'not-an-approver', told: "You can't decide" },
  { kind: 'a guest', user: 'U0GUEST', no: 'guest-or-bot', told: 'Guests' },
  { kind: 'somebody of another workspace', user: 'U0OTHER', no: 'guest-or-bot', told: 'Guests' },
  { kind: 'a stranger Slack does not know', user: 'U0STRANGER', no: 'cannot-check' },
  { kind: 'a bot', user: 'U0ROBOT', no: 'guest-or-bot' },
  { kind: 'somebody deactivated', user: 'U0GONE', no: 'guest-or-bot' },
];
const requester: Kind = {
  kind: 'who asked for it',
  user: 'U0ANN',
  no: 'own-request',
  told: 'You asked for this rollout',
  start: () => startDesk({ openedBy: 'U0ANN' }),
};
/** Machines are shared: whoever polls waits generously. */
const wait = { timeout: 15_000 };

/** What an auditor reads of a person: `ApprovalRefused not-an-approver`. */
async function recordOf(desk: Desk, user: string): Promise<readonly string[]> {
  const { commits } = await desk.world.journal.refresh(desk.id);
  return decisionLines(desk.id, commits)
    .filter(({ slack, what }) => slack === user && what !== 'RolloutOpened')
    .map(({ what, reason }) => (what === 'ApprovalGranted' ? what : `${what} ${reason}`));
}

async function decided(desk: Desk, user: string, record: readonly string[]): Promise<void> {
  await expect.poll(() => recordOf(desk, user), wait).toEqual(record);
}

const answerOf = (desk: Desk, user: string) =>
  desk.slack
    .ephemerals()
    .filter(({ onlyFor }) => onlyFor === user)
    .map(({ blocks, text }) => JSON.stringify(blocks ?? text))
    .at(-1) ?? '';
async function isTold(desk: Desk, { user, told }: Kind): Promise<void> {
  if (told !== undefined) await expect.poll(() => answerOf(desk, user), wait).toContain(told);
}

async function withDesk(kind: Kind, use: (desk: Desk) => Promise<void>): Promise<void> {
  const desk = await (kind.start ?? startDesk)();
  try {
    await use(desk);
  } finally {
    await desk.close();
  }
}

const repeated = (no: string | undefined) =>
  no === undefined ? 'AttemptRefused' : 'ApprovalRefused';
const yes = (no: string | undefined) =>
  no === undefined ? ['ApprovalGranted'] : [`ApprovalRefused ${no}`];

describe.each([...kinds, requester])('$kind', (kind) => {
  const { user, no, told } = kind;

  test(
    'by the button',
    () =>
      withDesk(kind, async (desk) => {
        await desk.forge(pressed(desk, user));
        await decided(desk, user, yes(no));
        const { commits } = await desk.world.journal.known(desk.id);
        expect(commits.at(-1)?.actor).toEqual({ kind: 'slack', id: user });
      }),
    60_000,
  );

  test(
    'by the modal',
    () =>
      withDesk(kind, async (desk) => {
        await desk.forge(submitted(desk, user, 'a kernel regression'));
        // A veto of who asked for it is a veto.
        const may = no === undefined || no === 'own-request';
        await decided(desk, user, [
          may ? 'EnvironmentRejected a kernel regression' : `ApprovalRefused ${no}`,
        ]);
      }),
    60_000,
  );

  test.skipIf(told === undefined)(
    'by the command, and is told',
    () =>
      withDesk(kind, async (desk) => {
        await desk.type(user, 'approve');
        await decided(desk, user, yes(no));
        await isTold(desk, kind);
      }),
    60_000,
  );

  test(
    'by a request that is replayed: it decides once',
    () =>
      withDesk(kind, async (desk) => {
        for (let time = 0; time < 3; time += 1) await desk.forge(pressed(desk, user));
        await decided(desk, user, yes(no));
        const before = (await desk.known()).events.length;
        // Other presses of the same decide nothing, and are on record: each once, however often it is delivered.
        for (const trigger of ['9', '9', '10']) await desk.forge(pressed(desk, user, { trigger }));
        await expect
          .poll(async () => (await desk.known()).events.slice(before).map(({ type }) => type), wait)
          .toEqual([repeated(no), repeated(no)]);
      }),
    60_000,
  );

  test(
    'by a payload that speaks of an ask that never was',
    () =>
      withDesk(kind, async (desk) => {
        const before = await desk.grants();
        await desk.forge(pressed(desk, user, { ask: 7 }));
        await decided(desk, user, [
          no === undefined ? 'AttemptRefused old-card' : `ApprovalRefused ${no}`,
        ]);
        expect(await desk.grants()).toEqual(before);
      }),
    60_000,
  );

  test(
    'by a webhook of GitHub, signed and all: it decides nothing',
    () =>
      withDesk(kind, async (desk) => {
        const before = (await desk.known()).events.length;
        const server = fastify();
        const looked: string[] = [];
        const caretaker = { lookNow: async (id: string) => void looked.push(id) };
        registerGitHub(server, { world: desk.world, caretaker } as unknown as Handling, {
          verify: () => true,
          parse: () => ({ repository: 'acme/gitops' }),
        });
        const body = {
          action: 'submitted',
          review: { state: 'approved', user: { login: user } },
          sender: { login: user },
          repository: { full_name: 'acme/gitops' },
        };
        const headers = { 'x-github-event': 'pull_request_review', 'x-hub-signature-256': 'x' };
        const { statusCode } = await server.inject({
          method: 'POST',
          url: '/webhooks/github',
          headers,
          payload: body,
        });
        await server.close();
        expect(statusCode).toBe(202);
        expect((await desk.world.journal.refresh(desk.id)).commits).toHaveLength(before);
        expect(await recordOf(desk, user)).toEqual([]);
      }),
    60_000,
  );
});

test(
  'two sets need two people, and a member of one fills that one',
  () =>
    withDesk({ kind: '', user: '', start: () => startDesk({ sets }) }, async (desk) => {
      await desk.forge(pressed(desk, 'U0ANN'));
      await decided(desk, 'U0ANN', ['ApprovalGranted']);
      const granted = (await desk.known()).events.find(({ type }) => type === 'ApprovalGranted');
      expect(granted).toMatchObject({ sets: [0] });
      expect((await desk.known()).rollout.environments[0]?.phase.name).toBe('awaiting-approval');
    }),
  60_000,
);
