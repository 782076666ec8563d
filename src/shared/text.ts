/** Text that Slack shows as written in a `mrkdwn` object: no mention, no link by `<…>`, no entity of its own. */
export type SafeMrkdwn = string & { readonly __safe: 'mrkdwn' };

/** Text that GitHub shows as written: no mention, no reference, no closing keyword, no HTML, no link that is not ours. */
export type SafeMarkdown = string & { readonly __safe: 'markdown' };

const spaces = /[\s\u0085]+/g;
/** Controls, all formatting marks (bidi, zero-width, soft hyphen, tags), lone surrogates, and letters that show nothing. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\u115F\u1160\u3164\uFFA0]/gu;

/** Removes what a reader cannot see, also what reorders text; tabs and line feeds stay. */
export function stripControl(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(unseen, (sign) => (sign === '\n' || sign === '\t' ? sign : ''));
}

/** Visible text in one line, without space at its ends: nobody's text can look like another line of ours. */
export function oneLine(text: string): string {
  return stripControl(text).replace(spaces, ' ').trim();
}

/** At most `max` code points (at least 1), the last of them `…` when something was cut. Clamp before escaping. */
export function clamp(text: string, max: number): string {
  if (text.length <= max) return text; // never more code points than code units
  let end = 0;
  let lastKept = 0;
  for (let count = 0; end < text.length; count += 1) {
    if (count === max) return `${text.slice(0, lastKept).trimEnd()}…`;
    if (count === max - 1) lastKept = end;
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Where `*`, `_`, `~`, a backtick or `:` could begin or end formatting or an emoji: not between two letters. */
const mark = /(?<![\p{L}\p{N}])[*_~`:]|[*_~`](?![\p{L}\p{N}])/gu;

/**
 * For `mrkdwn` objects and a message's `text`, as one line. Marks have no escape there, so a word joiner keeps them from
 * pairing; that is for looks only. The object must say `verbatim: true`, or Slack links bare addresses.
 * Source: Slack, "Formatting text for app surfaces".
 */
export function escapeMrkdwn(text: string): SafeMrkdwn {
  return oneLine(text)
    .replace(/[&<>]/g, (sign) => entities[sign] ?? '')
    .replace(mark, '$&\u2060') as SafeMrkdwn;
}

/** Splits what GitHub would link after rendering, where a backslash no longer helps; it shows nothing. */
const split = '&#8203;';
const commitLike = String.raw`(?<![0-9a-z])(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,40}(?![0-9a-z])`;
const meaningful = new RegExp(
  String.raw`[&<>\\${'`'}*_{}[\]~|$]|[@#]|:\/\/|www(?=\.)|gh-(?=\d)|${commitLike}`,
  'gi',
);

function defused(token: string): string {
  const entity = entities[token];
  if (entity !== undefined) return entity;
  if (token === '@') return `@${split}`;
  if (token === '#') return `\\#${split}`;
  if (token === '://') return `:${split}//`;
  if (/^www$|^gh-$/i.test(token)) return `${token}${split}`;
  if (token.length === 1) return `\\${token}`;
  return `${token.slice(0, 4)}${split}${token.slice(4)}`;
}

/**
 * For GitHub's Markdown (pull request, comment, table cell), as one line. Mentions, `#1`, `GH-1`, commit hashes and bare
 * addresses are linked after rendering, so they are split; without a reference `fixes` closes nothing.
 */
export function escapeMarkdown(text: string): SafeMarkdown {
  return oneLine(text)
    .replace(meaningful, defused)
    .replace(/^[-+=:]/, '\\$&') // a list, rule or heading only where a line starts
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2') as SafeMarkdown;
}

/** Puts safe pieces into a text of ours; whatever is not safe yet does not compile. */
export function markdown(
  texts: TemplateStringsArray,
  ...values: readonly (SafeMarkdown | number)[]
): SafeMarkdown {
  return String.raw({ raw: texts }, ...values) as SafeMarkdown;
}
