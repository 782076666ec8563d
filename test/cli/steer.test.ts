import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { personOf } from '../../src/compose/cloud-caller.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll } from './temporary-folder.ts';

removeFoldersAfterAll();

/** What STS says whoever asks. */
const arn = 'arn:aws:sts::111122223333:assumed-role/amiable/sandbox';

let demo: Awaited<ReturnType<typeof startDemoDeployment>>;
let rollout = '';
beforeAll(async () => {
  demo = await startDemoDeployment();
  const { out } = await demo.run(['check', '--json', '--config', demo.config()]);
  ({ rollout } = JSON.parse(out) as { rollout: string });
  const { workspace } = demo.standIns.slack;
  workspace.setPerson({ id: 'U0ROBOT', name: 'robot', realName: 'Robot', isBot: true });
  workspace.setPerson({ id: 'U0GONE', name: 'gone', realName: 'Gone Person', deleted: true });
  workspace.setPerson({
    id: 'U0OTHER',
    name: 'ola',
    realName: 'Ola Other',
    teamId: 'T0ELSEWHERE',
  });
  const all = ['U0ANN', 'U0BO', 'U0ROBOT', 'U0GONE', 'U0OTHER', 'U0GUEST'];
  // They stand in the group too: a list that went stale.
  workspace.setGroup({ id: 'S0SRE', handle: 'sre', name: 'sre', users: all });
}, 60_000);
afterAll(() => demo.close());

/** The configuration in which the caller's identity stands for somebody, or for nobody. */
function as(
  user: string | undefined,
  { slack = true, withoutSlack = '' }: { slack?: boolean; withoutSlack?: string } = {},
): string {
  const file = demo.config(...(slack ? [] : ([[demo.standIns.slack.url, closed]] as const)));
  const text = readFileSync(file, 'utf8').replace(/^people:\n(?: .*\n)*/m, '');
  const people =
    user === undefined
      ? ''
      : `people:\n  - { slack: ${user}, aws: ["${arn}"], withoutSlack: [${withoutSlack}] }\n`;
  writeFileSync(file, text + people);
  return file;
}
/** Nobody listens there. */
const closed = 'http://127.0.0.1:9/api/';

const decisions = async () => {
  const { out } = await demo.run(['audit', 'export', '--config', as('U0ANN')]);
  return out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
};
const last = async () => (await decisions()).at(-1);

describe('who may stop does so on the command line', () => {
  test('and the record has both the person and the cloud identity', async () => {
    const paused = await demo.run([
      'pause',
      rollout,
      '--reason',
      'incident 12',
      '--config',
      as('U0ANN'),
    ]);
    expect({ code: paused.code, err: paused.err }).toEqual({ code: 0, err: '' });
    expect(paused.out).toMatch(/^Paused.*\(Ann Lee, arn:aws:sts/);
    expect(await last()).toMatchObject({
      what: 'RolloutPaused',
      slack: 'U0ANN',
      cloud: arn,
      reason: 'incident 12',
      cause: expect.stringMatching(/^cli:/),
    });
    expect((await demo.run(['pause', '--config', as('U0ANN')])).out).toBe('That is so already.');
    expect((await demo.run(['resume', rollout, '--config', as('U0BO')])).code).toBe(0);
    expect(await last()).toMatchObject({ what: 'RolloutResumed', slack: 'U0BO' });
  });

  test('also for everything at once', async () => {
    expect((await demo.run(['freeze', '--config', as('U0ANN')])).code).toBe(2);
    const frozen = ['freeze', '--reason', 'incident 13', '--config', as('U0ANN')];
    expect((await demo.run(frozen)).code).toBe(0);
    expect((await demo.run(['unfreeze', '--config', as('U0ANN')])).code).toBe(0);
    expect((await decisions()).map(({ what }) => what)).toEqual(
      expect.arrayContaining(['Frozen', 'Unfrozen']),
    );
  });

  test('and a rollback with nothing to take back is refused, on record', async () => {
    expect((await demo.run(['rollback', rollout, '--config', as('U0ANN')])).code).toBe(2);
    const why = ['--reason', 'kernel hang in payments'];
    expect((await demo.run(['rollback', ...why, '--config', as('U0ANN')])).code).toBe(2);
    const back = await demo.run(['rollback', rollout, ...why, '--config', as('U0ANN')]);
    expect({ code: back.code, err: back.err }).toEqual({
      code: 1,
      err: expect.stringContaining('nothing to roll back'),
    });
    expect(await last()).toMatchObject({
      what: 'AttemptRefused',
      wanted: 'RollBack',
      reason: 'nothing-to-roll-back',
      slack: 'U0ANN',
    });
  });
});

describe('who may not is refused, on record, and told who can', () => {
  test.each([
    ['somebody outside the list', 'U0CY', 'not-allowed-to-stop', "You can't stop"],
    ['a guest', 'U0GUEST', 'guest-or-bot', 'Guests'],
    ['a bot', 'U0ROBOT', 'guest-or-bot', 'Guests'],
    ['somebody deactivated', 'U0GONE', 'guest-or-bot', 'Guests'],
    ['somebody of another workspace', 'U0OTHER', 'guest-or-bot', 'Guests'],
    ['somebody Slack does not know', 'U0NOBODY', 'cannot-check', 'could not confirm'],
  ])('%s', async (_, user, reason, says) => {
    const { code, err } = await demo.run(['pause', rollout, '--config', as(user)]);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(says) });
    expect(await last()).toMatchObject({
      what: 'AttemptRefused',
      wanted: 'Pause',
      slack: user,
      cloud: arn,
      reason,
    });
  });

  test('a cloud identity that stands for nobody', async () => {
    const { code, err } = await demo.run(['pause', rollout, '--config', as(undefined)]);
    expect({ code, err }).toEqual({
      code: 1,
      err: `${arn} is nobody in people of the configuration.`,
    });
    expect(await last()).toMatchObject({
      what: 'AttemptRefused',
      wanted: 'Pause',
      cloud: arn,
      reason: 'not-allowed-to-stop',
    });
    expect((await last())?.['slack']).toBeUndefined();
    const frozen = ['freeze', '--reason', 'incident 14', '--config', as(undefined)];
    expect((await demo.run(frozen)).code).toBe(1);
    expect(await last()).toMatchObject({ stream: 'global', what: 'AttemptRefused', cloud: arn });
  });

  test('a rollout that is not there, and hears which ones are', async () => {
    const { code, err } = await demo.run(['pause', 'ro_ffffffffff', '--config', as('U0ANN')]);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        new RegExp(`^There is no rollout ro_ffffffffff. Open are:\n  amiable pause ${rollout} `),
      ),
    });
  });

  test('a cluster that is not there, and nothing is taken back', async () => {
    const why = ['--reason', 'kernel hang in payments'];
    const of = ['--clusters', 'staging-eu-1,prod', '--config', as('U0ANN')];
    const { code, err } = await demo.run(['rollback', rollout, ...why, ...of]);
    expect(code).toBe(2);
    expect(err).toContain('"prod" is no cluster of');
  });
});

describe('while Slack does not answer', () => {
  test('somebody the configuration vouches for may stop, and it is said on what ground', async () => {
    const file = as('U0ANN', { slack: false, withoutSlack: 'S0SRE' });
    const { code, err } = await demo.run(['pause', rollout, '--config', file]);
    expect({ code, err }).toEqual({
      code: 0,
      err: 'Slack does not answer: the configuration alone says who may.',
    });
    expect(await last()).toMatchObject({ what: 'RolloutPaused', slack: 'U0ANN', cloud: arn });
    expect((await demo.run(['resume', rollout, '--config', file])).code).toBe(0);
  }, 60_000);

  test('nobody else may', async () => {
    const file = as('U0BO', { slack: false });
    const { code, err } = await demo.run(['pause', rollout, '--config', file]);
    expect(code).toBe(1);
    expect(err).toContain('could not confirm');
    expect(await last()).toMatchObject({ reason: 'cannot-check', slack: 'U0BO' });
  }, 60_000);
});

describe('an identity stands for', () => {
  const ann = SlackUserId.parse('U0ANN');
  const person = (aws: string) => [{ slack: ann, github: undefined, aws: [aws], withoutSlack: [] }];
  test.each([
    ['itself', arn, arn, true],
    ['any session of its role', 'arn:aws:iam::111122223333:role/amiable', arn, true],
    [
      'any session of its role below a path',
      'arn:aws:iam::111122223333:role/a/b/amiable',
      arn,
      true,
    ],
    ['no other role', 'arn:aws:iam::111122223333:role/amiable2', arn, false],
    [
      'no role of another name that ends the same',
      'arn:aws:iam::111122223333:role/iable',
      arn,
      false,
    ],
    ['nobody of another account', 'arn:aws:iam::999999999999:role/amiable', arn, false],
    ['no other session', 'arn:aws:sts::111122223333:assumed-role/amiable/other', arn, false],
    ['no user of that name', 'arn:aws:iam::111122223333:user/amiable', arn, false],
  ])('%s', (_, mapped, asked, is) => {
    expect(personOf(person(mapped), asked)?.slack).toBe(is ? ann : undefined);
  });
});
