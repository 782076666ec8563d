import type { Rollout } from '../src/rollout/rollout.ts';
import type { Message } from './block-kit.ts';
import { actions, button, section } from './block-kit.ts';
import { encodeCardKey } from './card-key.ts';
import { named } from './phrases.ts';

/** For who asked by a mention: only a press opens the modal, and nothing is taken back without having said what. */
export function rollBackOffer({ id, release }: Rollout): Message {
  const text = `Roll back ${named(release)}? Nothing happens before you chose the clusters and said why.`;
  return {
    text,
    blocks: [
      section(text),
      actions(`offer-${id}`, [
        button('rollout:rollback', 'Roll back...', {
          value: encodeCardKey({ rolloutId: id }),
          style: 'danger',
        }),
      ]),
    ],
  };
}
