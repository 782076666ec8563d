import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { count, listed } from './phrases.ts';

/** Different texts that a message has room for, and characters of each. */
const mostTexts = 3;
const longest = 900;
const mostNames = 3;

/**
 * What the health of new nodes was checked by, and what was not checked. The same for most clusters: told once, and with
 * their names where they differ.
 */
export function healthTexts(
  clusters: readonly { readonly cluster: string; readonly health?: string }[],
): readonly string[] {
  const told = new Map<string, string[]>();
  for (const { cluster, health } of clusters)
    if (health !== undefined) told.set(health, [...(told.get(health) ?? []), cluster]);
  const texts = [...told];
  const rest = texts.slice(mostTexts).flatMap(([, names]) => names).length;
  return [
    ...texts.slice(0, mostTexts).map(([text, names]) => {
      const whose = texts.length === 1 ? '' : `*${listed(names, mostNames)}*: `;
      return `${whose}${escapeMrkdwn(clamp(text, longest))}`;
    }),
    ...(rest === 0 ? [] : [`Checked otherwise in ${count(rest, 'more cluster')}.`]),
  ];
}
