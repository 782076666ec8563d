import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSlackClients } from '../../../src/adapters/slack/clients.ts';
import { createMessenger } from '../../../src/adapters/slack/messenger.ts';
import { second } from '../../../src/shared/time.ts';
import {
  SlackRefusedError,
  SlackUnavailableError,
} from '../../../src/workflow/ports/slack-errors.ts';
import { ops, startSlack, tokens } from '../../sandbox/slack/slack-fixture.ts';
import { keptLog } from './bolt-fixture.ts';

let all: Awaited<ReturnType<typeof startSlack>>;
let kept: ReturnType<typeof keptLog>;
beforeEach(async () => {
  all = await startSlack();
  kept = keptLog();
});
afterEach(() => all.slack.close());

const speaker = (looksFor: number) => {
  const clients = createSlackClients({
    token: tokens.botToken,
    apiUrl: all.slack.url,
    log: kept.log,
  });
  return createMessenger({
    clients,
    log: kept.log,
    sleep: async (ms) => all.clock.advance(Math.min(ms, looksFor)),
  });
};
const picture = {
  name: 'nodes.png',
  title: 'Nodes',
  altText: 'All 4 nodes moved.',
  bytes: new Uint8Array([137, 80, 78, 71]),
};
const said = (fileId: string) => ({
  channel: ops,
  text: 'Complete',
  blocks: [
    { type: 'section' as const, text: { type: 'mrkdwn' as const, text: '*Complete*: 4 nodes' } },
    { type: 'image' as const, slack_file: { id: fileId }, alt_text: picture.altText },
  ],
});

test('a picture is shown once Slack has looked at it, and is in no channel by itself', async () => {
  const messenger = speaker(10 * second);
  const { fileId } = await messenger.upload(picture);
  await messenger.post(said(fileId));
  expect(all.slack.messages()).toHaveLength(1);
  expect(all.slack.messages()[0]?.blocks).toMatchObject([
    { type: 'section' },
    { type: 'image', slack_file: { id: fileId } },
  ]);
  expect(all.slack.file(fileId)).toMatchObject({
    bytes: picture.bytes,
    altText: picture.altText,
    title: 'Nodes',
  });
});

test('what comes too soon is posted without its picture, and keeps its words', async () => {
  const messenger = speaker(0);
  const { fileId } = await messenger.upload(picture);
  await messenger.post(said(fileId));
  expect(all.slack.messages()[0]?.blocks).toMatchObject([
    { type: 'section', text: { text: '*Complete*: 4 nodes' } },
  ]);
  expect(kept.messages()).toContain('slack refused a picture');
});

test('an upload that fails says whether a later one may help', async () => {
  const messenger = speaker(0);
  all.faults.order({
    service: 'slack',
    kind: 'rate-limited',
    match: 'files.getUploadURLExternal',
    times: 1,
  });
  await expect(messenger.upload(picture)).rejects.toBeInstanceOf(SlackUnavailableError);
  const without = await startSlack({ scopes: ['chat:write'] });
  const clients = createSlackClients({
    token: tokens.botToken,
    apiUrl: without.slack.url,
    log: kept.log,
  });
  const poor = createMessenger({ clients, log: kept.log });
  await expect(poor.upload(picture)).rejects.toMatchObject({ code: 'missing_scope' });
  await expect(poor.upload(picture)).rejects.toBeInstanceOf(SlackRefusedError);
  await without.slack.close();
});
