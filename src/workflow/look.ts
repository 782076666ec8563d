import { nextStep } from '../rollout/next-step.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Step } from '../rollout/step.ts';
import { stepKey } from '../rollout/step.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { failureText } from './failure-text.ts';
import { perform } from './perform.ts';
import type { World } from './world.ts';

/** When to look next: `undefined` once the rollout is closed and tidy. */
export type Looked = { readonly rollout: Rollout; readonly again: Instant | undefined };

/** More steps than this in one look mean that two of them undo each other. */
const maxSteps = 200;

/**
 * One look at one rollout: the next step is done, what it found is decided and appended, and again, until there is
 * nothing to do but wait. A step that fails is left for the next look, and the others go on.
 * @param analyse runs the analysis beside the look; it must not be awaited here.
 */
export async function look(
  world: World,
  id: RolloutId,
  {
    analyse,
    changed,
    signal,
  }: {
    readonly analyse: (rollout: Rollout) => void;
    /** Called whenever something was stored, so that the card follows at once. */
    readonly changed: (rollout: Rollout) => void;
    readonly signal?: AbortSignal;
  },
): Promise<Looked | undefined> {
  const looked = new Set<string>();
  const troubles = world.sightings(id).troubles;
  for (let count = 0; count < maxSteps; count += 1) {
    const { rollout } = await world.journal.known(id);
    if (rollout === undefined || signal?.aborted === true) return undefined;
    const step: Step = nextStep(rollout, world.clock.now(), looked);
    if (step.do === 'rest' || step.do === 'look-again') {
      // A look does every step there is: what a step that is gone left behind is nobody's to mend any more.
      for (const key of troubles.keys()) if (!looked.has(key)) troubles.delete(key);
      return { rollout, again: step.do === 'rest' ? undefined : step.at };
    }
    if (step.do === 'analyse') {
      looked.add(stepKey(step));
      analyse(rollout);
      continue;
    }
    const key = stepKey(step);
    looked.add(key);
    try {
      const { commands = [], trouble } = await perform(world, rollout, step);
      if (trouble === undefined) troubles.delete(key);
      else note(troubles, key, world.clock.now(), trouble);
      for (const command of commands) {
        const done = await world.journal.execute(
          id,
          { ...command, now: world.clock.now() },
          { actor: { kind: 'amiable' } },
        );
        if (done.stored && done.rollout !== undefined) changed(done.rollout);
      }
    } catch (cause) {
      world.log.warn({ rollout: id, step: key, cause }, 'step failed');
      note(troubles, key, world.clock.now(), failureText(cause));
    }
  }
  throw new Error(`${id}: ${maxSteps} steps in one look`);
}

/** Remembers what stands in the way, and since when. */
function note(
  troubles: Map<string, { readonly since: Instant; readonly what: string }>,
  key: string,
  now: Instant,
  what: string,
): void {
  troubles.set(key, { since: troubles.get(key)?.since ?? now, what });
}
