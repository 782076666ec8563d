declare const mrkdwnBrand: unique symbol;
declare const markdownBrand: unique symbol;

/** Text that Slack shows as it stands: no mention, link or date can come of it. */
export type SafeMrkdwn = string & { readonly [mrkdwnBrand]: true };
/** Text that GitHub shows as it stands: no mention, issue link, closing keyword, HTML or image can come of it. */
export type SafeMarkdown = string & { readonly [markdownBrand]: true };

/** C0 and C1 controls but tab and newline, bidirectional marks and zero-width characters: what hides or reorders text. */
const hidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/g;

/** Removes what a reader cannot see, and lone halves of surrogate pairs. */
export function stripControl(text: string): string {
  return text.toWellFormed().replace(hidden, '');
}

/** At most `max` code points, the last an ellipsis where something was cut. Cut before escaping, never inside an entity. */
export function clamp(text: string, max: number): string {
  if (text.length <= max) return text;
  const points = [...text];
  return points.length <= max ? text : `${points.slice(0, Math.max(0, max - 1)).join('')}…`;
}

/** Makes text show as it is in Slack's mrkdwn. Source: Slack, formatting message text: `&`, `<`, `>` and marks at word borders. */
export function escapeMrkdwn(text: string): SafeMrkdwn {
  const plain = stripControl(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  // A zero-width joiner beside a mark stops it from pairing, without changing what is read.
  return plain
    .replace(/[*_~`]/g, (mark) => `${mark}\u2060`)
    .replace(/:(?=[a-z0-9_+-]+:)/g, ':\u2060') as SafeMrkdwn;
}

/** Makes text show as it is in GitHub's Markdown, in one line. */
export function escapeMarkdown(text: string): SafeMarkdown {
  const entity = (character: string) => `&#${character.codePointAt(0)};`;
  return stripControl(text)
    .replace(/\s+/g, ' ')
    .replace(/[&<>@#\\`*_{}[\]()!|~$:/.]/g, entity)
    .replace(
      /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)\b/gi,
      (word) => `${entity(word.charAt(0))}${word.slice(1)}`,
    )
    .replace(
      /^(\s*)([-+]|\d+\))/,
      (_, space: string, mark: string) => `${space}${[...mark].map(entity).join('')}`,
    ) as SafeMarkdown;
}
