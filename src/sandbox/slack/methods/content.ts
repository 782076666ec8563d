import { textLength } from '../blocks/blocks.ts';
import { isObject, type JsonObject, type Problem } from '../blocks/check.ts';
import { messageBlocks } from '../blocks/payload.ts';
import type { Files } from '../files.ts';
import { limits } from '../limits.ts';
import { asBlocks } from '../mentions.ts';
import { type Args, failed, json, type Reply, refused, word } from './method.ts';

/** What a message is to say, or the error that Slack answers instead. */
export type Content =
  | { readonly ok: true; readonly text: string; readonly blocks: readonly JsonObject[] }
  | { readonly ok: false; readonly reply: Reply };

/** Reads `text`, `blocks` and `markdown_text` and holds them against every limit. */
export function contentOf(files: Files, args: Args): Content {
  const no = (reply: Reply): Content => ({ ok: false, reply });
  const given = json(args, 'blocks');
  const text = word(args, 'text') ?? '';
  const markdown = word(args, 'markdown_text');

  if (markdown !== undefined) {
    if (text !== '' || given !== 'absent') return no(failed('markdown_text_conflict'));
    if ([...markdown].length > limits.markdown) return no(failed('msg_too_long'));
    return { ok: true, text: '', blocks: [{ type: 'markdown', text: markdown }] };
  }
  if (given === 'broken') return no(failed('invalid_blocks_format'));
  const blocks = given === 'absent' ? [] : given.value;
  const problems = messageBlocks(blocks, '/blocks');
  if (problems.length > 0) return no(refused('invalid_blocks', problems));
  const listed = asBlocks(blocks);
  const unknownFiles = filesMissing(files, listed, '/blocks');
  if (unknownFiles.length > 0) return no(refused('invalid_blocks', unknownFiles));
  if (tooLong(listed)) return no(failed('msg_blocks_too_long'));
  if (text === '' && listed.length === 0) return no(failed('no_text'));
  return { ok: true, text: text.slice(0, limits.postedText), blocks: listed };
}

/** Markdown has its own documented bound, so it counts only towards the sum measured in public. */
function tooLong(blocks: readonly JsonObject[]): boolean {
  const all = textLength(blocks);
  const others = textLength(blocks.filter(({ type }) => type !== 'markdown'));
  return others > limits.blocksText || all > limits.blocksText + 2_200;
}

/** Images must be files of ours that Slack has finished looking at. */
export function filesMissing(files: Files, value: unknown, at: string): readonly Problem[] {
  if (Array.isArray(value))
    return value.flatMap((one, i) => filesMissing(files, one, `${at}/${i}`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    if (key !== 'slack_file') return filesMissing(files, member, `${at}/${key}`);
    const id = isObject(member) ? String(member['id'] ?? '') : '';
    const file = files.find(id);
    return file !== undefined && files.mimetype(file)?.startsWith('image/') === true
      ? []
      : [{ message: 'invalid slack file', pointer: `${at}/slack_file` }];
  });
}
