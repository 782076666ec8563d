import { isObject, type JsonObject } from '../blocks/check.ts';
import type { SlackFile } from '../files.ts';
import { standInApp } from '../workspace.ts';
import {
  type Args,
  failed,
  json,
  type Method,
  missing,
  type Reply,
  type SlackWorld,
  word,
} from './method.ts';

function getUploadUrl({ files, origin }: SlackWorld, args: Args): Reply {
  const name = word(args, 'filename');
  if (name === undefined) return missing('filename');
  const length = Number(word(args, 'length'));
  if (!Number.isInteger(length) || length < 1) return missing('length');
  const file = files.ask(name, length, word(args, 'alt_text') ?? '');
  return { ok: true, upload_url: `${origin()}/upload/v1/${file.uploadPath}`, file_id: file.id };
}

function fileJson({ files }: SlackWorld, file: SlackFile): JsonObject {
  const mimetype = files.mimetype(file);
  return {
    id: file.id,
    name: file.name,
    title: file.title ?? file.name,
    size: file.length,
    user: standInApp.botUserId,
    alt_txt: file.altText,
    is_external: false,
    ...(mimetype === undefined ? {} : { mimetype, filetype: file.name.split('.').at(-1) }),
  };
}

function completeUpload(world: SlackWorld, args: Args): Reply {
  // Sharing into a channel is not played: Amiable uploads privately and shows the file in an image block.
  if (word(args, 'channel_id') !== undefined || word(args, 'channels') !== undefined)
    return failed('not_played_by_the_stand_in');
  const given = json(args, 'files');
  if (typeof given !== 'object' || !Array.isArray(given.value)) return missing('files');
  const asked = given.value.filter(isObject);
  const found = asked.map((one) => world.files.find(String(one['id'])));
  if (found.some((file) => file?.bytes === undefined)) return failed('file_not_found');
  const files = found.flatMap((file, i) =>
    file === undefined
      ? []
      : [fileJson(world, world.files.complete(file, String(asked[i]?.['title'] ?? file.name)))],
  );
  return { ok: true, files };
}

function info(world: SlackWorld, args: Args): Reply {
  const file = world.files.find(word(args, 'file') ?? '');
  if (file?.completedAt === undefined) return failed('file_not_found');
  return { ok: true, file: fileJson(world, file) };
}

export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': { token: 'bot', scope: 'files:write', run: getUploadUrl },
  'files.completeUploadExternal': { token: 'bot', scope: 'files:write', run: completeUpload },
  'files.info': { token: 'bot', scope: 'files:read', run: info },
};
