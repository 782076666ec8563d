import type { Message } from './block-kit.ts';
import { section } from './block-kit.ts';

/** Something failed on our side while somebody waits; what exactly is for the log, because it may hold payloads. */
export function troubleMessage(): Message {
  const text =
    'I could not do that just now: a system I need did not answer. Nothing was recorded; please try again.';
  return { text, blocks: [section(text)] };
}
