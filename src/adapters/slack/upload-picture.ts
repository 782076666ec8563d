import type { WebClient } from '@slack/web-api';
import { second } from '../../shared/time.ts';
import { SlackUnavailableError } from '../../workflow/ports/slack-errors.ts';
import { postBesideApi } from './post-beside-api.ts';
import { calling } from './translate-error.ts';

const doing = 'upload';
/**
 * Slack looks at an upload before a message may show it. Asking whether it did (`files.info`) would need another scope and
 * at least one call; a message that comes too soon is sent again without its picture.
 */
const lookedAtAfterMs = 3 * second;

/**
 * Uploads a picture that is shared with nobody: only a message of ours shows it.
 * @throws SlackUnavailableError, SlackRefusedError such as `missing_scope`: `files:write`.
 */
export async function uploadPicture(
  client: WebClient,
  {
    name,
    title,
    altText,
    bytes,
  }: {
    readonly name: string;
    readonly title: string;
    readonly altText: string;
    readonly bytes: Uint8Array;
  },
  sleep: (ms: number) => Promise<void>,
): Promise<{ readonly fileId: string }> {
  const asked = await calling('files.getUploadURLExternal', () =>
    client.files.getUploadURLExternal({ filename: name, length: bytes.length, alt_text: altText }),
  );
  const { upload_url: url, file_id: fileId } = asked;
  if (url === undefined || fileId === undefined)
    throw new Error('files.getUploadURLExternal answered without a place for the file');
  await send(url, bytes);
  await calling('files.completeUploadExternal', () =>
    client.files.completeUploadExternal({ files: [{ id: fileId, title }] }),
  );
  await sleep(lookedAtAfterMs);
  return { fileId };
}

async function send(url: string, bytes: Uint8Array): Promise<void> {
  const { status, text } = await postBesideApi(doing, url, {
    type: 'application/octet-stream',
    body: Buffer.from(bytes),
  });
  if (status !== 200)
    throw new SlackUnavailableError(doing, {
      cause: new Error(`${status} ${text.slice(0, 200)}`),
    });
}
