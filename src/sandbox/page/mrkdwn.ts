import { emoji } from './emoji.ts';
import { mentionText } from './mentions.ts';

/**
 * Shows Slack's mrkdwn as Slack does, as far as Amiable writes it: bold, italic, code, links, dates, emoji. What looks
 * like a mention is shown as one, so that one that got through is seen.
 */
export function mrkdwn(text: string): DocumentFragment {
  const out = document.createDocumentFragment();
  const token = /<([^<>]+)>|\*([^*\n]+)\*(?!\u2060)|`([^`\n]+)`|:([a-z0-9_+-]+):/g;
  let at = 0;
  for (const match of text.matchAll(token)) {
    const [whole, angle, bold, code, name] = match;
    out.append(decode(text.slice(at, match.index)));
    at = match.index + whole.length;
    if (angle !== undefined) out.append(angled(angle));
    else if (bold !== undefined) {
      const strong = document.createElement('strong');
      strong.append(mrkdwn(bold));
      out.append(strong);
    } else if (code !== undefined) {
      const element = document.createElement('code');
      element.textContent = decode(code);
      out.append(element);
    } else out.append(emoji[name ?? ''] ?? whole);
  }
  out.append(decode(text.slice(at)));
  return out;
}

function angled(inside: string): Node {
  const date = /^!date\^(\d+)\^[^|]*\|(.*)$/.exec(inside);
  if (date !== null) {
    const time = document.createElement('time');
    const at = new Date(Number(date[1]) * 1000);
    time.dateTime = at.toISOString();
    time.title = decode(date[2] ?? '');
    time.textContent = at.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    return time;
  }
  const [target = '', label = target] = inside.split('|');
  if (/^https?:/.test(target)) {
    const link = document.createElement('a');
    link.href = target;
    link.rel = 'noreferrer';
    link.target = '_blank';
    link.textContent = decode(label);
    return link;
  }
  const mention = document.createElement('mark');
  const [, named] = inside.split('|');
  mention.textContent = decode(mentionText(target, named));
  return mention;
}

/** Slack's three entities. */
function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
