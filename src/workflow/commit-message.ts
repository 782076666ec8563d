import type { Rollout } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';

/** What the commit of a wave says in Git for ever: where its nodes go, forward or back. */
export function commitMessage(
  { id, release }: Pick<Rollout, 'id' | 'release'>,
  { recovery }: Pick<Wave, 'recovery'>,
): { readonly headline: string; readonly body: string } {
  const headline =
    recovery === undefined
      ? `Move node images to ${release}`
      : `Move node images back to ${recovery.to}`;
  return { headline, body: `Rollout ${id}` };
}
