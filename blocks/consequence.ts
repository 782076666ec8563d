import { isEnded } from '../src/rollout/phases.ts';
import { mergesInGitHub, opensEarly } from '../src/rollout/pull-request-rule.ts';
import type { Environment, Outcome, Rollout } from '../src/rollout/rollout.ts';
import { hasMerged, wavesOf } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import { isQueued } from '../src/rollout/wave.ts';
import { movedClusters } from '../src/rollout/way-back.ts';
import { type Held, mergedHow } from './merged-how.ts';
import { missingText } from './missing.ts';
import { nameOf } from './names.ts';
import { count, listed, named, quoted } from './phrases.ts';
import { duration, localTime } from './times.ts';

type Names = ReadonlyMap<string, string>;

/**
 * The card's first sentences: what is so now, and what comes next. Escaped.
 * @param held by environment: what holds its next merge back, as far as this process has seen.
 */
export function consequence(
  rollout: Rollout,
  names: Names,
  held: ReadonlyMap<string, Held> = new Map(),
): string {
  const { outcome, rollback, snoozed, paused, environments } = rollout;
  if (outcome !== undefined) return outcomeText(rollout, outcome, names);
  if (rollback !== undefined) {
    const who = nameOf(names, rollback.by);
    const back = environments.flatMap(({ recoveries }) => recoveries);
    const where = listed([...new Set(back.flatMap(({ clusters }) => clusters))], 6);
    return `${who} asked to roll back ${where}: ${quoted(rollback.reason)}. The earlier image is merged again and its nodes are replaced.${leftOutText(rollout)}`;
  }
  const wrong = environments.find(({ differs }) => differs !== undefined);
  if (wrong?.differs !== undefined) {
    return `What was merged in ${named(wrong.policy.name)} is not what was approved: ${quoted(wrong.differs.detail)}. Nothing goes on by itself; look at the pull request, then roll back or repair it by hand.`;
  }
  if (paused !== undefined) {
    const why = paused.reason === undefined ? '' : `: ${quoted(paused.reason)}`;
    const by =
      paused.by === undefined ? 'Paused by the policy' : `Paused by ${nameOf(names, paused.by)}`;
    const nodes =
      rollout.brake === undefined || rollout.brake.releasing
        ? 'nodes that are due are still replaced.'
        : 'its old nodes are to be held.';
    if (!hasMerged(rollout)) return `${by}${why}. Nothing is merged until somebody resumes it.`;
    return `${by}${why}. Nothing more is merged until somebody resumes it; ${nodes}`;
  }
  if (snoozed !== undefined) {
    const why = snoozed.why === undefined ? '' : `: ${quoted(snoozed.why)}`;
    return `Snoozed by ${nameOf(names, snoozed.by)} until ${localTime(snoozed.until)}${why}. Nobody is asked until then.`;
  }
  const moving = environments.flatMap((environment) => {
    if (isShownEarly(environment)) return [];
    const wave = wavesOf(environment).findLast(
      ({ phase }) => !isEnded(phase) && phase.name !== 'waiting',
    );
    return wave === undefined
      ? []
      : [
          waveSentence(environment, wave, {
            next: nextOf(rollout, environment),
            names,
            held: held.get(environment.policy.name),
          }),
        ];
  });
  const asking = environments
    .filter(({ phase }) => phase.name === 'awaiting-approval')
    .map((environment) => askSentence(environment, rollout));
  const taken =
    rollout.recalled === undefined
      ? []
      : [
          `The release was taken back: ${quoted(rollout.recalled.reason)}. Nothing more of it is merged; what moved can be rolled back.`,
        ];
  const { switched } = rollout;
  const gaveWay =
    switched === undefined
      ? []
      : [
          `${nameOf(names, switched.by)} switched to ${named(switched.to)}: nothing more of this release is merged.`,
        ];
  const sentences = [...taken, ...gaveWay, ...moving, ...asking];
  return sentences.length > 0 ? sentences.slice(0, 3).join(' ') : betweenText(rollout);
}

/** Neither asked nor moving: before the first ask, and between one environment and the next. */
function betweenText({ environments, analysis }: Rollout): string {
  const held = environments.find(({ unapprovedMerge }) => unapprovedMerge !== undefined);
  if (held !== undefined)
    return `${named(held.policy.name)} was merged without its approvals. An approver decides whether it goes on.`;
  const next = environments.find(({ phase }) => !isEnded(phase));
  if (next === undefined) return 'Every environment is done.';
  if (next.phase.name === 'approved' || next.phase.name === 'rolling')
    return `${named(next.policy.name)} is approved; its next pull request is being prepared.`;
  const reading =
    analysis === 'pending' ? 'Reading the release notes and the files' : 'Reading the files';
  return `${reading} that ${named(next.policy.name)} would change. Its approval is asked for next.`;
}

/** Its pull request is there and nobody has decided: the question says what becomes of it. */
function isShownEarly({ policy, phase }: Environment): boolean {
  return phase.name === 'awaiting-approval' && opensEarly(policy);
}

function askSentence(environment: Environment, { pinsCluster, release, theirs }: Rollout): string {
  const { policy, waves } = environment;
  if (mergesInGitHub(policy)) return inGitHubSentence(environment);
  const clusters = new Set(waves.flatMap((wave) => wave.clusters)).size;
  const missing = missingText(environment);
  if (theirs !== undefined) {
    return `#${theirs.number} of ${named(theirs.author)} moves ${named(policy.name)} to ${named(release)} by hand. It needs ${missing}; then its status \`amiable/approval\` turns green, and people merge it on GitHub.`;
  }
  const each =
    waves.length > 1 ? `a pull request for each of ${waves.length} waves` : 'a pull request';
  const ends = policy.mode === 'merge' ? 'is merged' : `is opened for people to merge`;
  if (pinsCluster !== undefined) {
    return `${named(policy.name)} needs ${missing}; then a pull request ${ends} that writes the release which ${named(pinsCluster)} runs now in the place of \`@latest\`. No node is replaced by that.`;
  }
  const then =
    policy.mode === 'merge'
      ? `then ${each} is merged and the nodes of ${count(clusters, 'cluster')} are replaced`
      : `then ${each} is opened for people to merge, for ${count(clusters, 'cluster')}`;
  return `${named(policy.name)} needs ${missing}; ${then}.`;
}

/** Where GitHub asks the people, the card only leads there. */
function inGitHubSentence({ policy, waves }: Environment): string {
  const numbers = waves.flatMap(({ parts }) => parts.map(({ number }) => `#${number}`));
  const pulls = numbers.length === 0 ? 'its pull request' : `${listed(numbers, 4)}`;
  return `${named(policy.name)} waits for people on GitHub: merging ${pulls} there is the approval.`;
}

function waveSentence(
  environment: Environment,
  wave: Wave,
  { next, names, held }: { next: string; names: Names; held: Held | undefined },
): string {
  const { phase, clusters, parts, stalled } = wave;
  const where = listed(clusters, 2);
  const numbers = parts.map(({ number }) => `#${number}`).join(', ');
  const pulls = parts.length > 1 ? `Pull requests ${numbers}` : `Pull request ${numbers}`;
  const is = parts.length > 1 ? 'are' : 'is';
  if (stalled !== undefined) {
    return stalled.soak === true
      ? `The soak of ${where} broke ${localTime(stalled.since)}. It starts again from the beginning once all is well.`
      : `The nodes of ${where} have come no further for a while. It goes on by itself once the way is free; it can also be rolled back.`;
  }
  if (isEnded(phase)) return '';
  switch (phase.name) {
    case 'pull-request': {
      if (parts.length === 0) return `The pull request for ${where} is being opened.`;
      return `${pulls} for ${where} ${is} open; ${mergedHow(environment, wave, names, held)}.`;
    }
    case 'merging':
      return isQueued(wave)
        ? `${pulls} for ${where} ${is} in the merge queue; GitHub merges once the checks pass there.`
        : `${pulls} for ${where} ${is} being merged.`;
    case 'merged':
      return `${pulls} for ${where} ${is} merged; what was merged is compared with what was approved.`;
    case 'syncing':
      return `Argo CD brings the change to ${where}; then Karpenter replaces the nodes.`;
    case 'replacing':
      return `Karpenter replaces the nodes of ${where} within its disruption budgets; ${next}.`;
    case 'soaking':
      return `${count(phase.total, 'node')} of ${where} ${phase.total === 1 ? 'runs' : 'run'} the new image. Watched until about ${localTime(phase.until)}; ${next}.`;
    case 'waiting':
      return '';
  }
}

/** What follows the wave that moves now, for `…; then …`. */
function nextOf({ environments }: Rollout, environment: Environment): string {
  const { policy, waves, unapprovedMerge } = environment;
  if (unapprovedMerge !== undefined) return 'then an approver decides whether it goes on';
  const later = waves.filter(({ phase }) => phase.name === 'waiting');
  if (later.length > 0) return `then ${count(later.length, 'more wave')}`;
  const after = environments.filter(
    ({ policy: of, phase }) => of.after.includes(policy.name) && phase.name === 'waiting',
  );
  if (after.length > 0) return `then ${listed(after.map(({ policy: { name } }) => name))} asks`;
  return 'then it is complete';
}

function outcomeText(rollout: Rollout, outcome: Outcome, names: Names): string {
  const { environments, rollback, openedAt } = rollout;
  const merges = hasMerged(rollout) ? 'Nothing more is merged.' : 'Nothing was merged.';
  switch (outcome.name) {
    case 'complete': {
      if (rollout.pinsCluster !== undefined)
        return `${named(rollout.pinsCluster)} is pinned to ${named(rollout.release)}, which its nodes ran before.`;
      const waves = environments.flatMap((environment) => environment.waves);
      const later = waves.some(({ phase }) => phase.name === 'complete' && phase.tail.length > 0);
      return `${count(replacedIn(waves), 'node')} replaced in ${count(waves.length, 'wave')}; complete ${duration(outcome.at - openedAt)} after it was found.${later ? ' Some nodes follow later; the digest names them until they have.' : ''}`;
    }
    case 'rolled-back': {
      const back = environments.flatMap(({ recoveries }) => recoveries);
      const to = listed([...new Set(back.flatMap(({ recovery }) => recovery?.to ?? []))]);
      const took = rollback === undefined ? '' : ` in ${duration(outcome.at - rollback.at)}`;
      const number = replacedIn(back);
      const where = listed([...new Set(back.flatMap(({ clusters }) => clusters))]);
      const moved =
        back.length === 0 ? '' : ` ${count(number, 'node')} of ${where} back on ${to}${took}.`;
      return `Rolled back by ${nameOf(names, rollback?.by)}: ${quoted(rollback?.reason ?? '')}.${moved}${leftOutText(rollout)}${stayText(rollout)}`;
    }
    case 'withdrawn':
      return `The release was taken back: ${quoted(rollout.recalled?.reason ?? '')}. ${merges}`;
    case 'superseded':
      return `${named(outcome.by)} replaces it and has a card of its own. ${merges}`;
    case 'rejected': {
      const found = environments.find((one) => one.rejected !== undefined);
      return `${nameOf(names, found?.rejected?.by)} rejected ${named(found?.policy.name ?? 'it')}: ${quoted(found?.rejected?.reason ?? '')}. ${merges} The next release gets a card of its own.`;
    }
    case 'expired':
      return `Nobody decided in time. ${merges}`;
    case 'overtaken': {
      const found = environments.find(({ overtaken }) => overtaken !== undefined)?.overtaken;
      const how = found === undefined || found.detail === '' ? '' : `: ${quoted(found.detail)}`;
      return `The pins were moved by somebody else${how}. Amiable follows what Git says. ${merges}`;
    }
    case 'closed': {
      const closed = environments
        .flatMap(wavesOf)
        .flatMap(({ parts }) => parts)
        .find(({ closedBy }) => closedBy !== undefined);
      return closed === undefined
        ? `A pull request was closed on GitHub, so it goes no further. ${merges}`
        : `${named(closed.closedBy ?? '')} closed #${closed.number} on GitHub, so it goes no further. ${merges}`;
    }
    case 'observed':
      return 'In observe mode: Amiable would have proposed this, and changed nothing.';
    case 'failed':
      return 'What was merged is not what was approved. Nothing goes on by itself; look at the thread.';
  }
}

function replacedIn(waves: readonly Wave[]): number {
  return waves.reduce(
    (sum, { phase }) => sum + (phase.name === 'complete' ? phase.replaced : 0),
    0,
  );
}

/** Clusters that nobody chose: the rollout is over, and they run what it brought. */
function stayText({ environments, release, rollback }: Rollout): string {
  const named = rollback?.leftOut.map(({ cluster }) => cluster) ?? [];
  const stay = environments
    .flatMap((environment) => movedClusters(environment))
    .filter((cluster) => !named.includes(cluster));
  if (stay.length === 0) return '';
  return ` Not taken back: ${listed(stay, 6)}, on ${listed([release])}.`;
}

function leftOutText({ rollback }: Rollout): string {
  const out = rollback?.leftOut ?? [];
  if (out.length === 0) return '';
  return ` Left out: ${listed(out.map(({ cluster, why }) => `${cluster} (${why})`))}.`;
}
