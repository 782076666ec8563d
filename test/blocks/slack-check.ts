import { expect } from 'vitest';
import { textLength } from '../../src/sandbox/slack/blocks/blocks.ts';
import { messageBlocks } from '../../src/sandbox/slack/blocks/payload.ts';
import { limits } from '../../src/sandbox/slack/limits.ts';
import { asBlocks, mentionsIn } from '../../src/sandbox/slack/mentions.ts';

type Shown = { readonly text: string; readonly blocks: readonly unknown[] };

/** Slack takes it, for a post and for an edit alike; it notifies nobody; and nothing in it is markup that we did not write. */
export function expectFitForSlack({ text, blocks }: Shown): void {
  expect(messageBlocks(blocks, '/blocks')).toEqual([]);
  expect(textLength(blocks)).toBeLessThanOrEqual(limits.blocksText);
  expect([...text].length).toBeLessThanOrEqual(limits.updatedText);
  expect(text).not.toBe('');
  expect(mentionsIn(text, asBlocks(blocks))).toEqual([]);
  for (const one of [text, ...markupIn(blocks)]) expect(foreignMarkup(one)).toBe('');
}

/** What is left of `<`, `>` and `&` once our dates, our links and the three entities are gone. */
export function foreignMarkup(text: string): string {
  return text
    .replace(/<!date\^\d+\^[^<>|]*\|[^<>]*>/g, '')
    .replace(/<https:\/\/[^<>|\s]+\|[^<>|]*>/g, '')
    .replace(/&(?:amp|lt|gt);/g, '')
    .replace(/[^<>&]/g, '');
}

/** All texts that Slack reads as mrkdwn. */
export function markupIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(markupIn);
  if (typeof value !== 'object' || value === null) return [];
  const own =
    'type' in value && value.type === 'mrkdwn' && 'text' in value ? [String(value.text)] : [];
  return [...own, ...Object.values(value).flatMap(markupIn)];
}
