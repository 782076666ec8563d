import { expect, test } from 'vitest';
import { lapsedRequests } from '../../handlers/lapsed-requests.ts';
import type { Authority } from '../../src/rollout/refusal.ts';
import { SlackUserId } from '../../src/shared/ids.ts';
import type { People } from '../../src/workflow/ports/people.ts';
import { stories } from '../blocks/stories.ts';
import { after, noon } from '../rollout/story.ts';

const [ann, bo] = [SlackUserId.parse('U0ANN'), SlackUserId.parse('U0BO')];
const rule = { users: [ann, bo], groups: [], count: 2 };
const environment = 'staging';
const asked = after(...(stories['needs-approval'] ?? []), {
  type: 'ExpediteRequested',
  environment,
  by: ann,
  reason: 'exploited',
  at: noon,
});
const saying = (answer: Authority): Pick<People, 'authority'> => ({
  authority: async () => answer,
});
const ofBo = { environment, by: bo, may: 'yes' as const };

test.each([
  ['yes', { may: 'yes' }],
  ['no', { may: 'yes', lapsed: [ann] }],
  ['guest-or-bot', { may: 'yes', lapsed: [ann] }],
  ['unknown', { may: 'unknown' }],
] as const)('who asked before, and of whom Slack now says %s', async (answer, told) => {
  expect(await lapsedRequests(saying(answer), asked, ofBo, rule)).toEqual(told);
});

test('nobody else is looked up for somebody who may not, or who asks again', async () => {
  const never = {
    authority: async (): Promise<Authority> => {
      throw new Error('looked up');
    },
  };
  const refused = { ...ofBo, may: 'no' as const };
  expect(await lapsedRequests(never, asked, refused, rule)).toEqual({ may: 'no' });
  const again = { ...ofBo, by: ann };
  expect(await lapsedRequests(never, asked, again, rule)).toEqual({ may: 'yes' });
});
