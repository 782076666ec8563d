import type { z } from 'zod';
import { SlackGroupId, SlackUserId } from '../shared/ids.ts';
import { listOf, oneOf, section, text } from './fields.ts';

// Who people are elsewhere, and how membership in a group is looked at.

const user = text(/^[UW][A-Z0-9]{2,20}$/, 'the id of a Slack user (U…, W…)').transform((id) =>
  SlackUserId.parse(id),
);
const group = text(/^S[A-Z0-9]{2,20}$/, 'the id of a Slack user group (S…)').transform((id) =>
  SlackGroupId.parse(id),
);

const arnForm =
  'an ARN without wildcards, as arn:aws:iam::111122223333:user/ann, arn:aws:iam::111122223333:role/oncall-ann or arn:aws:sts::111122223333:assumed-role/NAME/SESSION';

export const Person = section({
  slack: user.describe('Slack user id.'),
  github: text(/^[A-Za-z0-9-]{1,39}$/, 'a GitHub login')
    .optional()
    .describe('GitHub login, shown in the audit export.'),
  aws: listOf(
    text(
      /^arn:aws[a-z-]*:(iam::\d{12}:(user|role)\/[\w+=,.@/-]{1,512}|sts::\d{12}:assumed-role\/[\w+=,.@-]{1,64}\/[\w+=,.@-]{2,64})$/,
      arnForm,
    ),
    `a list of ARNs`,
  )
    .prefault([])
    .describe('Cloud identities that stand for this person on the command line.'),
  withoutSlack: listOf(group, 'a list of Slack user group ids (S…)')
    .prefault([])
    .describe('Groups this person may stop for on the command line while Slack does not answer.'),
}).describe('Who somebody of Slack is elsewhere.');
export type Person = z.infer<typeof Person>;

export const Group = section({
  id: group.describe('Id of a Slack user group.'),
  membership: oneOf(['at-merge', 'at-click']).describe(
    'at-merge: who left before the merge no longer counts; at-click: who was in it at the click counts.',
  ),
}).describe('How membership in a user group is looked at; a group that is not here: at-merge.');
