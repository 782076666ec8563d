import { isEnded } from '../src/rollout/phases.ts';
import { mergesInGitHub } from '../src/rollout/pull-request-rule.ts';
import type { Environment, Rollout } from '../src/rollout/rollout.ts';
import { missingApprovals, wavesOf } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import { movedClusters } from '../src/rollout/way-back.ts';
import { utcTime } from './times.ts';

/** What a rollout is doing, in the words of the header, and the glyph that decorates it. */
export type StateWord = { readonly word: string; readonly glyph: string };

/** The most telling state of all its environments: trouble before movement, movement before waiting. */
export function stateOf(rollout: Rollout): StateWord {
  const closed = closedWord(rollout);
  if (closed !== undefined) return closed;
  if (rollout.rollback !== undefined) return { word: 'Rolling back', glyph: ':rewind:' };
  if (rollout.environments.some(({ differs }) => differs !== undefined)) {
    return { word: 'Failed', glyph: ':x:' };
  }
  const waves = rollout.environments.flatMap(wavesOf);
  if (waves.some(({ stalled }) => stalled !== undefined))
    return { word: 'Stalled', glyph: ':warning:' };
  if (rollout.paused !== undefined) return { word: 'Paused', glyph: ':double_vertical_bar:' };
  if (rollout.snoozed !== undefined) return { word: 'Snoozed', glyph: ':zzz:' };
  const moving = movingWord(waves);
  if (moving !== undefined) return moving;
  const waits = ({ phase, unapprovedMerge }: Environment) =>
    phase.name === 'awaiting-approval' || unapprovedMerge !== undefined;
  if (rollout.environments.some(waits)) {
    return { word: 'Needs approval', glyph: ':raised_hand:' };
  }
  if (
    rollout.environments.some(({ phase }) => phase.name === 'approved' || phase.name === 'rolling')
  ) {
    return { word: 'Approved', glyph: ':white_check_mark:' };
  }
  return { word: 'Analysing', glyph: ':mag:' };
}

function movingWord(waves: readonly Wave[]): StateWord | undefined {
  const phases = waves.map(({ phase }) => phase.name);
  if (phases.some((name) => name === 'merging' || name === 'merged')) {
    return { word: 'Merging', glyph: ':arrows_counterclockwise:' };
  }
  if (phases.includes('syncing')) return { word: 'Syncing', glyph: ':arrows_counterclockwise:' };
  if (phases.includes('replacing')) return { word: 'Rolling out', glyph: ':arrow_forward:' };
  if (phases.includes('soaking')) return { word: 'Soaking', glyph: ':hourglass:' };
  return undefined;
}

function closedWord({ outcome }: Rollout): StateWord | undefined {
  switch (outcome?.name) {
    case undefined:
      return undefined;
    case 'complete':
      return { word: 'Complete', glyph: ':checkered_flag:' };
    case 'rolled-back':
      return { word: 'Rolled back', glyph: ':rewind:' };
    case 'superseded':
      return { word: 'Superseded', glyph: ':no_entry_sign:' };
    case 'withdrawn':
      return { word: 'Withdrawn', glyph: ':no_entry_sign:' };
    case 'rejected':
      return { word: 'Rejected', glyph: ':no_entry_sign:' };
    case 'expired':
      return { word: 'Expired', glyph: ':no_entry_sign:' };
    case 'closed':
      return { word: 'Closed', glyph: ':no_entry_sign:' };
    case 'overtaken':
      return { word: 'Overtaken', glyph: ':no_entry_sign:' };
    case 'observed':
      return { word: 'Observed', glyph: ':eyes:' };
    case 'failed':
      return { word: 'Failed', glyph: ':x:' };
  }
}

/** What one environment is doing, in a few words. */
export function environmentText(rollout: Rollout, environment: Environment): string {
  const { phase, ask, policy, deferred } = environment;
  switch (phase.name) {
    case 'waiting':
      if (deferred !== undefined) {
        const why =
          deferred.because === 'cadence' ? `${policy.cadence ?? ''} cadence` : 'minimum age';
        return `asks from ${utcTime(deferred.until)} (${why.trim()})`;
      }
      return policy.after.length === 0 ? 'being prepared' : `after ${policy.after.join(' and ')}`;
    case 'awaiting-approval': {
      if (mergesInGitHub(policy)) return 'waits to be merged on GitHub';
      const given = ask?.grants.length ?? 0;
      return `needs approval, ${given} of ${given + missingApprovals(environment)}`;
    }
    case 'approved':
    case 'rolling': {
      const wave = wavesOf(environment).findLast(
        (one) => !isEnded(one.phase) && one.phase.name !== 'waiting',
      );
      const next = wave ?? wavesOf(environment).find(({ phase: of }) => of.name === 'waiting');
      if (next === undefined) return 'approved';
      return rollout.paused !== undefined && next.phase.name === 'waiting'
        ? 'paused'
        : waveText(environment, next);
    }
    case 'complete':
      return endText(environment);
    case 'rolled-back':
      return rolledBackText(environment);
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'superseded':
    case 'withdrawn':
    case 'overtaken':
    case 'failed':
      return phase.name;
  }
}

/** An environment is rolled back with what was chosen of it; the rest runs what the rollout brought. */
function rolledBackText(environment: Environment): string {
  const stays = movedClusters(environment);
  if (stays.length === 0) return 'rolled back';
  const back = new Set(environment.recoveries.flatMap(({ clusters }) => clusters));
  return `rolled back in ${few([...back])}, not in ${few(stays)}`;
}

function few(names: readonly string[]): string {
  const more = names.length - 3;
  return `${names.slice(0, 3).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Where a wave stands: `wave 1 of 2: 3 of 6 nodes replaced`. */
export function waveText(environment: Environment, wave: Wave): string {
  const back = wave.recovery !== undefined;
  const all = environment.waves;
  const place = all.length > 1 && !back ? `wave ${all.indexOf(wave) + 1} of ${all.length}: ` : '';
  return `${back ? 'rolling back: ' : place}${phaseText(wave)}`;
}

function phaseText({ phase, stalled, parts, held }: Wave): string {
  switch (phase.name) {
    case 'waiting':
      return 'next';
    case 'pull-request':
      if (held?.detail !== undefined) return `pull request waits: ${held.detail}`;
      return parts.length === 0 ? 'opening the pull request' : 'pull request open';
    case 'merging':
      return parts.some(({ queuedAt }) => queuedAt !== undefined)
        ? 'in the merge queue'
        : 'merging';
    case 'merged':
      return 'merged';
    case 'syncing':
      return 'merged, Argo CD is syncing';
    case 'replacing': {
      const word = stalled === undefined ? 'nodes replaced' : 'nodes replaced, stalled';
      return phase.total === 0 ? 'counting nodes' : `${phase.replaced} of ${phase.total} ${word}`;
    }
    case 'soaking':
      return phase.tail === undefined
        ? `${phase.total} of ${phase.total} nodes replaced, soaking`
        : `${phase.total} nodes replaced, others follow later, soaking`;
    case 'complete':
      return completeText(phase);
    case 'rejected':
    case 'expired':
    case 'closed':
    case 'superseded':
    case 'withdrawn':
    case 'overtaken':
    case 'failed':
      return phase.name;
    case 'rolled-back':
      return 'rolled back';
  }
}

/** Clusters that run the release, and all of them. What went back does not run it any more. */
export function clusterCount({ environments }: Rollout): {
  readonly done: number;
  readonly all: number;
} {
  const clustersOf = (waves: readonly Wave[]) => new Set(waves.flatMap(({ clusters }) => clusters));
  const isDone = ({ phase }: Wave) => phase.name === 'complete';
  const forward = environments.flatMap(({ waves }) => waves);
  const back = clustersOf(environments.flatMap(({ recoveries }) => recoveries).filter(isDone));
  // A cluster whose node classes move one after another is done with the last of them.
  const undone = clustersOf(forward.filter((wave) => !isDone(wave)));
  const all = clustersOf(forward);
  const done = [...all].filter((cluster) => !undone.has(cluster) && !back.has(cluster));
  return { done: done.length, all: all.size };
}

/** What was not reached belongs to the word, or it would claim too much. */
function endText({ waves }: Environment): string {
  const ends = waves.flatMap(({ phase }) => (phase.name === 'complete' ? [phase] : []));
  const later = ends.some(({ tail }) => tail.length > 0) ? ', some nodes follow later' : '';
  const unproven = ends.some(({ proven }) => !proven) ? ', not proven everywhere' : '';
  return `complete${later}${unproven}`;
}

function completeText({
  proven,
  replaced,
  tail,
}: Extract<Wave['phase'], { name: 'complete' }>): string {
  if (replaced === 0 && !proven) return '0 nodes to replace, not proven';
  const later = tail.length === 0 ? '' : ', others follow later';
  return `${replaced} nodes replaced${later}${proven ? '' : ', too few to prove it'}`;
}
