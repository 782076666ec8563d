import type { KnownBlock } from '@slack/types';
import type { RolloutEvent } from '../src/rollout/events.ts';
import type { RolloutId } from '../src/shared/ids.ts';
import { actions, button, section } from './block-kit.ts';
import { encodeCardKey } from './card-key.ts';

/** What is asked, and the buttons that answer it. */
export type Question = { readonly text: string; readonly blocks: readonly KnownBlock[] };

/**
 * Where the policy asks at the end of a window, the question stands in the thread with its answers: to go on, or to go
 * back. `undefined` for every other event. A press is checked as one of the card's is.
 */
export function windowQuestion(event: RolloutEvent, rollout: RolloutId): Question | undefined {
  if (event.type !== 'WindowEnded' || event.next !== 'ask') return undefined;
  const text =
    'Shall it go on? *Go on* lets it finish, and later merges wait for the next window; *Roll back* takes back what moved. Nothing is decided by silence: until somebody answers, it stays paused.';
  const value = encodeCardKey({ rolloutId: rollout });
  return {
    text,
    blocks: [
      section(text),
      actions(`window-${rollout}`, [
        button('rollout:resume', 'Go on', { value, spoken: `Go on with rollout ${rollout}` }),
        button('rollout:rollback', 'Roll back...', {
          value,
          style: 'danger',
          spoken: `Roll back rollout ${rollout}`,
        }),
      ]),
    ],
  };
}
