import { asksFor, sharesAfter } from '../../rollout/finish.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { digestFor, environmentNamed } from '../../rollout/rollout.ts';
import type { Wave } from '../../rollout/wave.ts';
import { hour, type Instant } from '../../shared/time.ts';
import { knownWaitUntil } from '../../tracking/known-wait.ts';
import { recordedChange } from '../change-record.ts';
import { haltOf } from '../halt-of.ts';
import { waveKey } from '../sightings.ts';
import type { Perform, StepOutcome } from '../step-outcome.ts';
import { type WaveProgress, waveProgress } from '../wave-progress.ts';
import type { World } from '../world.ts';

/** How long owners of what holds nodes are left alone where the policy says nothing of it: as `finish.patience`. */
const usualPatienceMs = 12 * hour;

/** Sentences on a tail that go on record. */
export const mostTail = 10;

/** Counts the nodes of a wave by the image they run, until every one runs the new image for a stable while. */
export async function watchReplacementStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const digest = digestFor(rollout, wave);
  if (digest === undefined || wave.phase.name !== 'replacing') return {};
  const change = await recordedChange(world, digest);
  const policy = environmentNamed(rollout, wave.environment)?.policy;
  const finish = wave.recovery === undefined ? policy?.finish : undefined;
  const atLeast = finish && sharesAfter(finish, world.clock.now() - wave.phase.since);
  const progress = await waveProgress(
    world,
    rollout,
    wave,
    change,
    atLeast && { atLeast, begun: false },
  );
  const now = world.clock.now();
  if (!progress.fresh) return unseenOutcome(wave, progress, now);
  const movement = world.sightings(rollout.id).movement;
  const key = waveKey(wave);
  const before = movement.get(key);
  const { replaced, total } = progress;
  const movedAt =
    before === undefined || replaced > before.replaced
      ? now
      : Math.max(before.at, wave.phase.since);
  const patientUntil =
    Math.max(movedAt, wave.phase.since) + (policy?.finish?.patienceMs ?? usualPatienceMs);
  const known = progress.holding.map((blockers) => knownWaitUntil(blockers, patientUntil));
  // Nodes that go elsewhere do not come by waiting.
  const isExplained =
    progress.elsewhere.length === 0 &&
    known.length > 0 &&
    known.every((until) => until !== undefined);
  const heldUntil = isExplained ? Math.min(...known) : undefined;
  const steadySince = progress.allWell ? (before?.steadySince ?? now) : undefined;
  movement.set(key, {
    replaced,
    at: movedAt,
    ...(steadySince === undefined ? {} : { steadySince }),
  });
  return {
    commands: [
      {
        type: 'RecordReplacement',
        environment: wave.environment,
        wave: wave.name,
        replaced,
        total,
        ...(steadySince === undefined ? {} : { steadySince }),
        blockers: [...progress.because, ...progress.blockers],
        movedAt,
        ...(heldUntil === undefined ? {} : { heldUntil }),
        ...(progress.tail.length === 0 ? {} : { tail: progress.tail.slice(0, mostTail) }),
        ...(finish !== undefined && asksFor(finish, progress.tailPools)
          ? { tailAsks: true as const }
          : {}),
      },
      ...haltOf(wave, progress),
    ],
    ...(progress.elsewhere.length === 0 ? {} : { trouble: progress.elsewhere.join('; ') }),
  };
}

/** What was not seen is neither well nor a stall; nodes that were seen are counted all the same, or the card stands still. */
function unseenOutcome(
  { environment, name, stalled }: Wave,
  { unseen, counted, replaced, total }: WaveProgress,
  now: Instant,
): StepOutcome {
  const trouble = unseen.join('; ');
  if (!counted || stalled !== undefined) return { trouble };
  const seen = { environment, wave: name, replaced, total, blockers: [], movedAt: now };
  return { commands: [{ type: 'RecordReplacement', ...seen }], trouble };
}
