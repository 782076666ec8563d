import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { type Message, section } from './block-kit.ts';
import { named } from './phrases.ts';

/** What became of "Pin it now", for who pressed it. */
export function pinnedNowMessage(
  done:
    | { readonly kind: 'opened' | 'exists'; readonly rollout: string }
    | { readonly kind: 'refused'; readonly why: string },
  { cluster, release }: { readonly cluster: string; readonly release: string },
): Message {
  const text = textOf(done, `${named(cluster)} to ${named(release)}`);
  return { text, blocks: [section(text)] };
}

function textOf(done: Parameters<typeof pinnedNowMessage>[0], what: string): string {
  switch (done.kind) {
    case 'opened':
      return `Proposed: pin ${what}, as \`${done.rollout}\`. Its card comes in a moment and asks for the usual approvals.`;
    case 'exists':
      return `It is proposed already to pin ${what}, as \`${done.rollout}\`.`;
    case 'refused':
      return `Not proposed: ${escapeMrkdwn(clamp(done.why, 500))}.`;
  }
}
