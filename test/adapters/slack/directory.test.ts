import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSlackClients } from '../../../src/adapters/slack/clients.ts';
import { createDirectory } from '../../../src/adapters/slack/directory.ts';
import { DirectoryUnavailableError } from '../../../src/adapters/slack/directory-unavailable-error.ts';
import { createPeople } from '../../../src/adapters/slack/people.ts';
import { standInApp } from '../../../src/sandbox/slack/workspace.ts';
import { SlackGroupId, SlackUserId } from '../../../src/shared/ids.ts';
import { minute } from '../../../src/shared/time.ts';
import { startSlack, tokens } from '../../sandbox/slack/slack-fixture.ts';
import { keptLog } from './bolt-fixture.ts';

let all: Awaited<ReturnType<typeof startSlack>>;
let directory: ReturnType<typeof createDirectory>;
const sre = SlackGroupId.parse('S0SRE');
const user = (id: string) => SlackUserId.parse(id);

beforeEach(async () => {
  all = await startSlack();
  directory = createDirectory({ client: all.web, clock: all.clock, teamId: standInApp.teamId });
});
afterEach(() => all.slack.close());

describe('people', () => {
  test.each([
    ['U0ANN', { name: 'Ann Lee', isBot: false, isGuest: false, deleted: false, isStranger: false }],
    ['U0GUEST', { isGuest: true }],
    ['U0SINGLE', { isGuest: true }],
    ['U0ROBOT', { isBot: true }],
    ['U0GONE', { deleted: true, tz: 'Etc/UTC' }],
    ['U0OTHER', { isStranger: true, teamId: 'T0ELSEWHERE' }],
    ['U0BO', { name: 'Bo', tz: 'America/New_York', teamId: standInApp.teamId }],
  ])('%s is %j', async (id, expected) => {
    expect(await directory.person(user(id))).toMatchObject({ id, ...expected });
  });

  test('an unknown person is no answer', async () => {
    await expect(directory.person(user('U0NOBODY'))).rejects.toBeInstanceOf(
      DirectoryUnavailableError,
    );
  });
});

test('the client for look-ups tries again, those for writing do not', async () => {
  const clients = createSlackClients({
    token: tokens.botToken,
    apiUrl: all.slack.url,
    log: keptLog().log,
  });
  all.faults.order({ service: 'slack', kind: 'error-500', match: 'users.info', times: 1 });
  const patient = createDirectory({
    client: clients.read,
    clock: all.clock,
    teamId: standInApp.teamId,
  });
  expect(await patient.person(user('U0ANN'))).toMatchObject({ id: 'U0ANN' });
  for (const writer of [clients.ui, clients.post]) {
    all.faults.order({ service: 'slack', kind: 'error-500', match: 'users.info', times: 1 });
    await expect(writer.users.info({ user: 'U0ANN' })).rejects.toThrow();
  }
  expect(all.slack.requests('users.info')).toHaveLength(4);
});

describe('what is believed, and for how long', () => {
  const asked = () => all.slack.requests('usergroups.users.list').length;

  test('an answer is believed for less than a minute', async () => {
    expect(await directory.groupMembers(sre)).toEqual(['U0ANN', 'U0BO']);
    await all.slack.setGroupMembers('S0SRE', ['U0BO']);
    all.clock.advance(minute - 1);
    expect(await directory.groupMembers(sre)).toEqual(['U0ANN', 'U0BO']);
    all.clock.advance(1);
    expect(await directory.groupMembers(sre)).toEqual(['U0BO']);
    expect(asked()).toBe(2);
  });

  test('a group that changed is asked anew at once', async () => {
    await directory.groupMembers(sre);
    await all.slack.setGroupMembers('S0SRE', []);
    directory.forgetGroup('S0SRE');
    expect(await directory.groupMembers(sre)).toEqual([]);
  });

  test('a crowd asks once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => directory.groupMembers(sre)));
    expect(asked()).toBe(1);
  });

  test('a failure is not believed', async () => {
    all.faults.order({ service: 'slack', kind: 'error-500', match: 'usergroups', times: 1 });
    await expect(directory.groupMembers(sre)).rejects.toBeInstanceOf(DirectoryUnavailableError);
    expect(await directory.groupMembers(sre)).toEqual(['U0ANN', 'U0BO']);
  });

  test('a disabled group lets nobody decide', async () => {
    const old = directory.groupMembers(SlackGroupId.parse('S0OLD'));
    await expect(old).rejects.toBeInstanceOf(DirectoryUnavailableError);
  });

  test('nothing can be believed for longer than a minute', () => {
    const make = (cacheMs: number) => () =>
      createDirectory({ client: all.web, clock: all.clock, teamId: 'T', cacheMs });
    expect(make(minute)).not.toThrow();
    expect(make(minute + 1)).toThrow(RangeError);
    expect(make(Number.NaN)).toThrow(RangeError);
  });
});

test('people who may decide are found through it, and nobody else', async () => {
  const warned: unknown[] = [];
  const people = createPeople(directory, all.clock, { warn: (fields) => warned.push(fields) });
  const rule = {
    users: ['U0ROBOT', 'U0OTHER', 'U0GUEST', 'U0GONE'].map(user),
    groups: [sre],
    count: 1,
  } as never;
  expect(await people.members(rule)).toEqual(['U0ANN', 'U0BO']);
  expect(await people.authority(user('U0ANN'), rule)).toBe('yes');
  expect(await people.authority(user('U0ROBOT'), rule)).toBe('guest-or-bot');
  all.clock.advance(minute);
  all.faults.order({ service: 'slack', kind: 'error-500', times: 9 });
  expect(warned).toEqual([]);
  expect(await people.authority(user('U0ANN'), rule)).toBe('unknown');
  expect(warned).toEqual([{ person: 'U0ANN', cause: expect.any(DirectoryUnavailableError) }]);
});
