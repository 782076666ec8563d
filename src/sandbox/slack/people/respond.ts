import type { JsonObject } from '../blocks/check.ts';
import { contentOf } from '../methods/content.ts';
import { isTrue, type SlackWorld, word } from '../methods/method.ts';
import type { ResponseTarget, ResponseUrls } from '../response-urls.ts';
import { standInApp } from '../workspace.ts';

/** What a request to a `response_url` is answered. */
export type Response = { readonly status: number; readonly body: string };

const done: Response = { status: 200, body: 'ok' };

/** Does what a request to a `response_url` asks for. Unknown, expired and used-up ones are 404. */
export function respond(
  world: SlackWorld,
  urls: ResponseUrls,
  path: string,
  body: JsonObject,
): Response {
  const target = urls.use(path);
  if (target === undefined) return { status: 404, body: 'expired_url' };
  const original = world.messages.byTs(target.messageTs ?? '');

  if (isTrue(body, 'delete_original')) {
    if (original === undefined) return { status: 404, body: 'message_not_found' };
    world.messages.remove(original);
    return done;
  }
  const content = contentOf(world.files, body);
  if (!content.ok) return { status: 400, body: String(content.reply['error']) };
  // The app's private files cannot be shown through a response_url.
  if (JSON.stringify(content.blocks).includes('"slack_file"'))
    return { status: 400, body: 'invalid_blocks' };
  if (isTrue(body, 'replace_original')) {
    if (original === undefined) return { status: 404, body: 'message_not_found' };
    world.messages.update(original, content);
    return done;
  }
  post(world, target, body, content);
  return done;
}

function post(
  world: SlackWorld,
  { user, channel }: ResponseTarget,
  body: JsonObject,
  { text, blocks }: { readonly text: string; readonly blocks: readonly JsonObject[] },
): void {
  const threadTs = word(body, 'thread_ts');
  world.messages.post({
    channel,
    user: standInApp.botUserId,
    text,
    blocks,
    ...(body['response_type'] === 'in_channel' ? {} : { onlyFor: user }),
    // Without it the answer lands in the channel, even when a button of a thread was pressed.
    ...(threadTs === undefined ? {} : { threadTs }),
  });
}
