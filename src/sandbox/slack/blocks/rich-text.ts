import { limits } from '../limits.ts';
import {
  byType,
  type Check,
  finite,
  flag,
  list,
  may,
  need,
  object,
  oneOf,
  string,
  whole,
} from './check.ts';

const style = may(
  object({
    bold: may(flag),
    code: may(flag),
    italic: may(flag),
    strike: may(flag),
    underline: may(flag),
  }),
);
const id = string(limits.id);
const address = string(limits.button.url);
const unbounded = 100_000;

function inline(type: string, fields: Parameters<typeof object>[0]): Check {
  return object({ type: need(oneOf(type)), style, ...fields });
}

const inlines: Readonly<Record<string, Check>> = {
  text: inline('text', { text: need(string(unbounded)) }),
  link: inline('link', { url: need(address), text: may(string(unbounded)), unsafe: may(flag) }),
  emoji: inline('emoji', { name: need(id), unicode: may(id), url: may(address) }),
  user: inline('user', { user_id: need(id) }),
  usergroup: inline('usergroup', { usergroup_id: need(id) }),
  channel: inline('channel', { channel_id: need(id) }),
  team: inline('team', { team_id: need(id) }),
  broadcast: inline('broadcast', { range: need(oneOf('here', 'channel', 'everyone')) }),
  color: inline('color', { value: need(id) }),
  date: inline('date', {
    timestamp: need(finite),
    format: need(id),
    url: may(address),
    fallback: may(string(unbounded)),
  }),
};

const many = { min: 0, max: unbounded };
const border = may(whole(0, 1));

function part(type: string, elements: Check, fields: Parameters<typeof object>[0] = {}): Check {
  return object({ type: need(oneOf(type)), elements: need(list(elements, many)), ...fields });
}

const anyInline = byType(() => inlines);
const section = part('rich_text_section', anyInline);

const parts: Readonly<Record<string, Check>> = {
  rich_text_section: section,
  rich_text_list: part('rich_text_list', section, {
    style: need(oneOf('bullet', 'ordered')),
    indent: may(whole(0, 8)),
    offset: may(whole(0, 1_000_000)),
    border,
  }),
  rich_text_quote: part('rich_text_quote', anyInline, { border }),
  rich_text_preformatted: part(
    'rich_text_preformatted',
    byType(() => ({ text: inlines['text'] as Check, link: inlines['link'] as Check })),
    { border, language: may(string(limits.id)) },
  ),
};

/** A `rich_text` block, also as a table cell or a task's details. */
export const richText: Check = object({
  type: need(oneOf('rich_text')),
  block_id: may(string(limits.id)),
  elements: need(
    list(
      byType(() => parts),
      { max: unbounded },
    ),
  ),
});
