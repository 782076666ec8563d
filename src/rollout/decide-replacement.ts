import { hour } from '../shared/time.ts';
import type { CommandOf } from './command.ts';
import { brakeSet } from './decide-brake.ts';
import { type Decision, happened, nothingHappened } from './decision.ts';
import type { RolloutEvent } from './events.ts';
import { soakOf } from './expedite.ts';
import type { Rollout } from './rollout.ts';
import { environmentNamed, waveNamed } from './rollout.ts';

/** The cluster's live EC2NodeClass shows the approved pin and resolves to the wanted images. */
export function recordSynced(rollout: Rollout, command: CommandOf<'RecordSynced'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave?.phase.name !== 'syncing' || wave.phase.synced.includes(command.cluster)) {
    return nothingHappened;
  }
  const { environment, wave: name, cluster, now } = command;
  return happened({ type: 'SyncObserved', environment, wave: name, cluster, at: now });
}

/** Quarters of the way are worth a record; every tick is not, so that 10 and 10,000 nodes cost the same. */
export function recordReplacement(
  rollout: Rollout,
  command: CommandOf<'RecordReplacement'>,
): Decision {
  const inEnvironment = environmentNamed(rollout, command.environment);
  const policy = inEnvironment?.policy;
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (policy === undefined || inEnvironment === undefined || wave?.phase.name !== 'replacing')
    return nothingHappened;
  const { environment, replaced, total, steadySince, blockers, movedAt, now } = command;
  const inWave = { environment, wave: command.wave, at: now };
  const events: RolloutEvent[] = [];
  const { phase } = wave;
  const done = replaced === total;
  // All nodes replaced is not yet well: an Application may be Degraded, a node not Ready.
  const well = steadySince !== undefined;
  // held on purpose is no stall
  const braked = rollout.brake?.clusters.some((cluster) => wave.clusters.includes(cluster));
  const isHeld = command.heldUntil !== undefined && now < command.heldUntil;
  const stuck =
    !well &&
    !isHeld &&
    braked !== true &&
    now - Math.max(movedAt, phase.since) >= policy.stallAfterMs;
  if (
    phase.total === 0
      ? total > 0
      : quarterOf(replaced, total) > quarterOf(phase.replaced, phase.total) ||
        (done && phase.replaced !== replaced) ||
        hasFallen(phase, { replaced, total })
  ) {
    events.push({ type: 'ReplacementObserved', ...inWave, replaced, total });
  }
  if (wave.stalled !== undefined && !stuck && (well || movedAt > wave.stalled.since)) {
    events.push({ type: 'ReplacementResumed', ...inWave });
  } else if (wave.stalled === undefined && stuck) {
    events.push({ type: 'ReplacementStalled', ...inWave, blockers: [...blockers] });
  }
  if (steadySince !== undefined && now - steadySince >= policy.stableForMs) {
    // The way back has nothing to prove: it was proven before.
    const soakMs = wave.recovery === undefined ? soakOf(inEnvironment, wave) : 0;
    const left = (command.tail ?? []).length > 0 && policy.finish !== undefined;
    events.push({
      type: 'SoakStarted',
      ...inWave,
      until: now + soakMs,
      total: left ? replaced : total,
      ...(left && command.tail !== undefined ? { tail: [...command.tail] } : {}),
      // who resumed a wave that a broken soak took back knows of its tail
      ...(left && command.tailAsks === true && wave.tailAsked !== true ? { asks: true } : {}),
    });
  }
  return { events };
}

/**
 * Stops everything forward because new nodes hurt, and brakes: a cluster that does not permit it says so. Once for each check: who resumed a rollout knows of it. The way back
 * is never halted, since there is nothing better to go to.
 */
export function halt(rollout: Rollout, command: CommandOf<'Halt'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave === undefined || wave.recovery !== undefined || rollout.outcome !== undefined)
    return nothingHappened;
  if (wave.phase.name !== 'replacing' && wave.phase.name !== 'soaking') return nothingHappened;
  const { environment, wave: name, checks, evidence, now } = command;
  const fresh = checks.filter((check) => wave.haltedBy?.includes(check) !== true);
  // also what is paused: its nodes go on being replaced by themselves
  if (fresh.length === 0 || rollout.rollback !== undefined) return nothingHappened;
  return happened(
    {
      type: 'RolloutHalted',
      environment,
      wave: name,
      checks: [...checks],
      evidence: [...evidence],
      at: now,
    },
    ...brakeSet(rollout, now, {}),
  );
}

/** The soak counts healthy time that was really seen; what was not seen is not healthy. */
export function recordSoak(rollout: Rollout, command: CommandOf<'RecordSoak'>): Decision {
  const wave = waveNamed(rollout, command.environment, command.wave);
  if (wave?.phase.name !== 'soaking') return nothingHappened;
  const { environment, wave: name, broken, healthyMs, healthyNodeMs, total, now } = command;
  if (broken !== undefined) {
    return happened({ type: 'SoakBroken', environment, wave: name, because: broken, at: now });
  }
  const needed = wave.phase.until - wave.phase.since;
  if (healthyMs < needed) return nothingHappened;
  const isAsked = wave.phase.asks === true && (command.tail ?? []).length > 0;
  if (isAsked && rollout.paused !== undefined) return nothingHappened;
  const { nodes = 0, nodeHours = 0 } =
    environmentNamed(rollout, environment)?.policy.soakAtLeast ?? {};
  const seenMs = healthyNodeMs ?? 0;
  // Hours of nodes only take time, as long as there is a node; a number of nodes that is not there never comes.
  const goesOn = wave.recovery === undefined && total > 0 && seenMs < nodeHours * hour;
  if (goesOn) return nothingHappened;
  return happened({
    type: 'WaveCompleted',
    environment,
    wave: name,
    proven: total > 0 && total >= nodes,
    replaced: total,
    tail: [...(command.tail ?? [])],
    at: now,
  });
}

/** A node that flaps is no news; nodes that went elsewhere are, or the card would keep counting them. */
function hasFallen(
  before: { readonly replaced: number; readonly total: number },
  now: { readonly replaced: number; readonly total: number },
): boolean {
  if (now.total === 0) return false;
  return before.replaced / before.total - now.replaced / now.total > 1 / 4;
}

function quarterOf(replaced: number, total: number): number {
  return total === 0 ? 0 : Math.floor((4 * replaced) / total);
}
