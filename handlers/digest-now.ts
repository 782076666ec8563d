import type { Message } from '../blocks/block-kit.ts';
import { digestMessage } from '../blocks/digest.ts';
import { digestFacts } from '../src/workflow/digest.ts';
import type { Handling } from './handling.ts';

/** The digest for one reader, now. No model is asked for it, as that costs: the one in the channel says which are gone. */
export async function digestNow({
  world,
  anchoring,
}: Pick<Handling, 'world' | 'anchoring'>): Promise<Message> {
  const analyst = { ...world.analyst, retiredModels: async () => [] };
  const facts = await digestFacts({ ...world, analyst });
  const anchor = await anchoring.newest();
  return digestMessage({ ...facts, ...(anchor === undefined ? {} : { anchor }) });
}
