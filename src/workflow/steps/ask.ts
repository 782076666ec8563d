import { isStill } from '../../rollout/change.ts';
import { policyHash } from '../../rollout/policy.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { environmentNamed } from '../../rollout/rollout.ts';
import { isQueued, isToMerge } from '../../rollout/wave.ts';
import { recordChange, recordedChange } from '../change-record.ts';
import { environmentForecast } from '../cluster-forecast.ts';
import { policyOf } from '../fleet.ts';
import { withoutHeld } from '../held-pins.ts';
import { tooEarly } from '../pacing.ts';
import type { Placed } from '../placed-pins.ts';
import { planChange } from '../plan-change.ts';
import { closedBy, reached } from '../reached-fleet.ts';
import type { Perform } from '../step-outcome.ts';
import { fleetFor, pinsFor } from '../theirs.ts';
import { whyPinningMovesLately } from '../unapproved/still-running.ts';
import type { Watched } from '../watched-pins.ts';
import type { World } from '../world.ts';

/** Computes an environment's change and asks for it; in `observe` it only says what it would have asked. */
export async function askStep(asWritten: World, rollout: Rollout, environment: string): Perform {
  const early = await tooEarly(asWritten, rollout, environment);
  if (early !== undefined) return { commands: [{ type: 'Defer', environment, ...early }] };
  const { world, watched, silence } = await reachedFor(asWritten, rollout);
  const unheard = closedBy(silence);
  if (unheard !== undefined) return { trouble: `${environment} cannot be proposed: ${unheard}` };
  if (world.fleet !== asWritten.fleet) {
    // Others read its files too, and may want the release older.
    const stricter = await tooEarly(world, rollout, environment);
    if (stricter !== undefined) return { commands: [{ type: 'Defer', environment, ...stricter }] };
  }
  const plan = await planned(world, watched, rollout, environment);
  switch (plan.kind) {
    case 'impossible':
      return { trouble: `${environment} cannot be proposed: ${plan.reason}` };
    case 'nothing':
      return { commands: [{ type: 'NothingToMove', environment, detail: plan.detail }] };
    case 'change': {
      const pins = plan.change.pins.length;
      if (plan.policy.mode === 'observe') {
        return { commands: [{ type: 'RecordObserved', environment, pins }] };
      }
      const digest = await recordChange(world, plan.change);
      const { policy, waves } = plan;
      await environmentForecast(world, rollout.id, plan.change);
      return { commands: [{ type: 'Ask', environment, digest, policy, waves, pins }] };
    }
  }
}

const notAsked = 'the pins, or what stands around them, are not what was asked about';

/**
 * Sees that what was asked is still what would be merged: the same pins in the same objects under the same policy, as
 * far as they are not merged yet. An unrelated edit of the file changes nothing here, and costs nobody a new approval.
 */
export async function recheckAskStep(
  asWritten: World,
  rollout: Rollout,
  environment: string,
): Perform {
  const { sound, unsound } = asWritten.sightings(rollout.id);
  // What fails on the way below leaves it so: an image that may be gone is not merged.
  sound.delete(environment);
  const { ask, waves = [] } = environmentNamed(rollout, environment) ?? {};
  if (ask === undefined) return {};
  const left = waves.filter((wave) => isToMerge(wave) || isQueued(wave));
  const { world, watched, silence } = await reachedFor(asWritten, rollout);
  const unheard = closedBy(silence);
  if (unheard !== undefined) {
    return { trouble: `${environment}: ${unheard}. Nothing is merged there meanwhile` };
  }
  const policy = policyOf(world.fleet, environment);
  if (policy === undefined) return { trouble: `${environment} is no longer configured` };
  const asked = await recordedChange(world, ask.digest);
  if (asked.policy !== policyHash(policy)) {
    return { commands: [{ type: 'VoidApprovals', environment, because: 'policy-changed' }] };
  }
  const plan = await planned(world, watched, rollout, environment);
  switch (plan.kind) {
    case 'impossible':
      unsound.set(environment, plan.reason);
      return {
        trouble: `${environment} cannot be proposed any more: ${plan.reason}. Nothing is merged there meanwhile`,
      };
    case 'nothing':
      unsound.set(environment, plan.detail);
      return {
        commands: [
          { type: 'VoidApprovals', environment, because: 'change-moved', detail: plan.detail },
        ],
      };
    case 'change':
      if (isStill(asked, plan.change, left)) {
        const moves = await whyPinningMovesLately(asWritten, rollout);
        if (moves !== undefined) {
          return { trouble: `${environment}: ${moves}. Nothing is merged there meanwhile` };
        }
        sound.add(environment);
        unsound.delete(environment);
        await environmentForecast(world, rollout.id, plan.change);
        return silence === undefined
          ? {}
          : {
              trouble: `${silence.why}: only the file patterns say which environments read a file`,
            };
      }
      unsound.set(environment, notAsked);
      return {
        commands: [
          { type: 'VoidApprovals', environment, because: 'change-moved', detail: notAsked },
        ],
      };
  }
}

/** The change of an environment as Git is now, without what is kept back. */
function planned(
  world: World,
  watched: Watched,
  { release, pinsCluster }: Rollout,
  environment: string,
) {
  const leaveOut = (placed: readonly Placed[]) => withoutHeld(world, placed, release);
  return planChange(world, { watched, environment, release, pinsCluster, leaveOut });
}

/** The fleet and the pins that the rollout is about, as they are once Argo CD was asked. */
async function reachedFor(asWritten: World, rollout: Rollout) {
  const { world, watched, ...silence } = await reached(
    asWritten,
    await asWritten.pins.read(),
    rollout,
  );
  const fleet = fleetFor(rollout, world.fleet);
  return {
    world: fleet === world.fleet ? world : { ...world, fleet },
    watched: pinsFor(rollout, watched),
    ...silence,
  };
}
