import { isLoopback } from './loopback.ts';
import { escapeMarkdown, escapeMrkdwn, type SafeMarkdown, type SafeMrkdwn } from './text.ts';

/**
 * An address that may be shown as a link: https without credentials, or http on this very machine. What would end a link
 * early is percent-encoded. `undefined`: show the label alone.
 */
export function linkTarget(url: string): string | undefined {
  if (url.length > 2_000 || !URL.canParse(url)) return undefined;
  const { protocol, username, password, hostname, href } = new URL(url);
  const allowed = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  if (!allowed || username !== '' || password !== '') return undefined;
  return href.replace(
    /[|<>()[\]\\\s"'`*_~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
}

/** A link in Slack's `mrkdwn`; the escaped label alone when the address may not be linked. */
export function mrkdwnLink(label: string, url: string): SafeMrkdwn {
  const target = linkTarget(url);
  const shown = escapeMrkdwn(label.replaceAll('|', '/'));
  return target === undefined
    ? shown
    : (`<${target.replaceAll('&', '&amp;')}|${shown}>` as SafeMrkdwn);
}

/** A link in GitHub's Markdown; the escaped label alone when the address may not be linked. */
export function markdownLink(label: string, url: string): SafeMarkdown {
  const target = linkTarget(url);
  const shown = escapeMarkdown(label);
  return target === undefined ? shown : (`[${shown}](${target})` as SafeMarkdown);
}
