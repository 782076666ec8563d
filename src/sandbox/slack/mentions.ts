import { isObject, type JsonObject } from './blocks/check.ts';
import { objectsIn } from './blocks/walk.ts';

/** Somebody a message would notify: a person `U…`, a group `S…`, or `here`, `channel`, `everyone`. */
export type Mention = string;

/**
 * Everybody the text and the blocks of a message mention so that Slack notifies them. Rather one too many: Slack's
 * documentation does not say which mentions it reads in `mrkdwn` that is not `verbatim`, so the words count there too.
 */
export function mentionsIn(text: string, blocks: readonly JsonObject[]): readonly Mention[] {
  const found = [...objectsIn(blocks)].flatMap((one) => mentionsOf(one));
  return [...new Set([...tokens(text), ...found])];
}

function mentionsOf(one: JsonObject): readonly Mention[] {
  switch (one['type']) {
    case 'mrkdwn':
      return [
        ...tokens(String(one['text'])),
        ...(one['verbatim'] === true ? [] : words(String(one['text']))),
      ];
    case 'markdown':
      return tokens(String(one['text']));
    case 'user':
      return typeof one['user_id'] === 'string' ? [one['user_id']] : [];
    case 'usergroup':
      return typeof one['usergroup_id'] === 'string' ? [one['usergroup_id']] : [];
    case 'broadcast':
      return typeof one['range'] === 'string' ? [one['range']] : [];
    default:
      return [];
  }
}

/** `<@U1>`, `<@U1|ann>`, `<!here>`, `<!subteam^S1|sre>`: what is read in text, fallback text and Markdown alike. */
function tokens(text: string): readonly Mention[] {
  return [
    ...text.matchAll(
      /<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|!(here|channel|everyone))(?:\|[^>]*)?>/g,
    ),
  ]
    .map(([, person, group, range]) => person ?? group ?? range)
    .filter((mention) => mention !== undefined);
}

function words(text: string): readonly Mention[] {
  return [...text.matchAll(/(?:^|\W)@(here|channel|everyone)\b/g)].flatMap(([, range]) =>
    range === undefined ? [] : [range],
  );
}

/** Reads a list of blocks that is already known to be one. */
export function asBlocks(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
