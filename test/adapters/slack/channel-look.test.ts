import { afterEach, expect, test } from 'vitest';
import { lookAtChannel } from '../../../src/adapters/slack/channel-look.ts';
import { ops, startSlack } from '../../sandbox/slack/slack-fixture.ts';

let all: Awaited<ReturnType<typeof startSlack>>;
afterEach(() => all.slack.close());

test.for([
  [ops, 'usable'],
  ['C0INSIDE', 'usable'],
  ['C0EMPTY', 'not-a-member'],
  ['C0ATTIC', 'archived'],
  ['C0SECRET', 'unknown'],
  ['C0NOWHERE', 'unknown'],
] as const)('%s is %s', async ([id, is]) => {
  all = await startSlack();
  expect(await lookAtChannel(all.web, id)).toBe(is);
});

test.for([
  [ops, ['groups:read'], 'channels:read'],
  ['C0INSIDE', ['channels:read'], 'groups:read'],
] as const)('without its scope nothing is known of %s', async ([id, scopes, needed]) => {
  all = await startSlack({ scopes });
  await expect(lookAtChannel(all.web, id)).rejects.toThrow(
    `Slack refused conversations.info: missing_scope; needs ${needed}`,
  );
});

test('an outage is not an unknown channel', async () => {
  all = await startSlack();
  all.faults.order({ service: 'slack', kind: 'error-500', match: 'conversations.info', times: 9 });
  await expect(lookAtChannel(all.web, ops)).rejects.toThrow('Slack did not answer');
});
