import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import { findRollout } from '../find-rollout.ts';
import type { Handling } from '../handling.ts';
import type { Typed } from './grammar.ts';
import type { TypedRequest } from './typed-request.ts';

/** The rollout that is named, else the thread's own, else the only open one; and what was typed beside its name. */
export async function rolloutMeant(
  { world }: Handling,
  { id, maybeId, rest }: Typed,
  thread: TypedRequest['thread'],
) {
  if (maybeId !== undefined) {
    const named = await findRollout(world, maybeId);
    if (named.kind !== 'none') return { found: named, rest };
  }
  const found =
    thread !== undefined && id === undefined
      ? await ofThread(world, thread)
      : await findRollout(world, id);
  return { found, rest: maybeId === undefined ? rest : `${maybeId} ${rest}`.trim() };
}

/** In the thread of a closed rollout, or of none, the only open one is not what is meant: it has to be named. */
async function ofThread(
  world: Handling['world'],
  thread: NonNullable<TypedRequest['thread']>,
): ReturnType<typeof findRollout> {
  const rollout = await thread();
  return rollout === undefined
    ? { kind: 'several', rollouts: await openRollouts(world) }
    : { kind: 'found', rollout };
}
