import type { KnownBlock, ModalView } from '@slack/types';
import { WebClient } from '@slack/web-api';
import { Faults } from '../../../src/sandbox/faults.ts';
import {
  type SlackStandInOptions,
  startSlackStandIn,
} from '../../../src/sandbox/slack/start-slack-stand-in.ts';
import { standInApp } from '../../../src/sandbox/slack/workspace.ts';
import { manualClock } from '../../fakes/manual-clock.ts';

export const noon = Date.UTC(2026, 10, 20, 12);
export const ops = 'C0OPS';
export const tokens = {
  botToken: 'xoxb-test',
  appToken: 'xapp-test',
  signingSecret: 'a secret for signing',
};

/** A workspace with one of every kind of person, group and channel. */
export async function startSlack(options: Partial<SlackStandInOptions> = {}) {
  const clock = manualClock(noon);
  const faults = new Faults('slack');
  const slack = await startSlackStandIn({
    clock,
    faults,
    ...tokens,
    delivery: 'socket',
    users: [
      { id: 'U0ANN', name: 'ann', realName: 'Ann Lee', tz: 'Europe/Berlin', locale: 'de-DE' },
      { id: 'U0BO', name: 'bo', realName: 'Bo Chen', displayName: 'Bo', tz: 'America/New_York' },
      { id: 'U0GUEST', name: 'gia', realName: 'Gia Guest', isRestricted: true },
      { id: 'U0SINGLE', name: 'sol', realName: 'Sol Guest', isUltraRestricted: true },
      { id: 'U0GONE', name: 'gone', realName: 'Gone Person', deleted: true },
      { id: 'U0OTHER', name: 'ola', realName: 'Ola Other', teamId: 'T0ELSEWHERE' },
      { id: 'U0ROBOT', name: 'robot', realName: 'Robot', isBot: true },
    ],
    usergroups: [
      { id: 'S0SRE', handle: 'sre', name: 'SRE', users: ['U0ANN', 'U0BO'] },
      { id: 'S0OLD', handle: 'old', name: 'Old', users: ['U0ANN'], disabled: true },
    ],
    channels: [
      { id: ops, name: 'ops', members: ['U0ANN', 'U0BO', 'U0OTHER', standInApp.botUserId] },
      { id: 'C0EMPTY', name: 'empty', members: ['U0ANN'] },
      { id: 'C0SECRET', name: 'secret', members: ['U0BO'], isPrivate: true },
      {
        id: 'C0INSIDE',
        name: 'inside',
        members: ['U0BO', standInApp.botUserId],
        isPrivate: true,
      },
      { id: 'C0ATTIC', name: 'attic', members: [standInApp.botUserId], isArchived: true },
    ],
    ...options,
  });
  const web = new WebClient(tokens.botToken, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  });
  return { slack, web, clock: (options.clock ?? clock) as typeof clock, faults };
}

const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => 'error' as never,
  setName() {},
};

/** The error code a call is refused with, or `ok`. */
export async function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'ok',
    (error: { data?: { error?: string }; retryAfter?: number }) =>
      error.data?.error ?? (error.retryAfter === undefined ? error : `wait ${error.retryAfter} s`),
  );
}

export function button(actionId: string, value = 'v'): KnownBlock {
  return {
    type: 'actions',
    block_id: `block of ${actionId}`,
    elements: [
      {
        type: 'button',
        action_id: actionId,
        value,
        text: { type: 'plain_text', text: 'Press' },
      },
    ],
  };
}

/** A modal with one required text of 10 to 20 characters, and a choice. */
export const reasonModal: ModalView = {
  type: 'modal',
  callback_id: 'reject',
  notify_on_close: true,
  title: { type: 'plain_text', text: 'Reject rollout' },
  submit: { type: 'plain_text', text: 'Reject' },
  blocks: [
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'text', min_length: 10, max_length: 20 },
    },
    {
      type: 'input',
      block_id: 'scope',
      optional: true,
      label: { type: 'plain_text', text: 'Scope' },
      element: {
        type: 'radio_buttons',
        action_id: 'pick',
        options: ['one', 'all'].map((value) => ({
          text: { type: 'plain_text', text: value },
          value,
        })),
      },
    },
  ],
};
