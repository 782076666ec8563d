import type { EventOf, RolloutEvent } from '../src/rollout/events.ts';
import { mergesInGitHub } from '../src/rollout/pull-request-rule.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import {
  environmentNamed,
  hasMerged,
  missingApprovals,
  waveNamed,
} from '../src/rollout/rollout.ts';
import { assertNever } from '../src/shared/assert-never.ts';
import { withLocalTimes } from './blockers.ts';
import { brakeMilestone } from './brake.ts';
import { automaticText, expediteText } from './expedite.ts';
import { missingText } from './missing.ts';
import { nameOf } from './names.ts';
import { count, listed, named, quoted } from './phrases.ts';
import { pullRequestMilestone } from './pull-request-milestone.ts';
import { duration, localTime } from './times.ts';

/** One line of the thread: past tense, numbers first. `loud`: people have to act, so the channel hears it once. */
export type Milestone = { readonly text: string; readonly loud: boolean };

const quiet = (text: string): Milestone => ({ text, loud: false });
const loud = (text: string): Milestone => ({ text, loud: true });

/**
 * What an event says in the thread; `undefined` for those the card tells alone.
 * @param rollout the state right after the event.
 */
export function milestoneOf(
  event: RolloutEvent,
  rollout: Rollout,
  names: ReadonlyMap<string, string>,
): Milestone | undefined {
  const by = (person: string) => nameOf(names, person);
  switch (event.type) {
    case 'ApprovalRequested':
      return askedText(event, rollout);
    case 'ApprovalGranted': {
      const ask = environmentNamed(rollout, event.environment)?.ask;
      const count = environmentNamed(rollout, event.environment)?.policy.approval.count ?? 0;
      const note = event.note === undefined ? '' : `: ${quoted(event.note, 500)}`;
      return quiet(
        `${by(event.by)} approved *${named(event.environment)}* (${ask?.grants.length ?? 0} of ${count})${note}.`,
      );
    }
    case 'ApprovedAutomatically':
      return quiet(
        `*${named(event.environment)}* is ${automaticText(event.because)}. Nobody was asked.`,
      );
    case 'ApproversReminded': {
      const environment = environmentNamed(rollout, event.environment);
      const ask = environment?.ask;
      if (environment === undefined || ask === undefined) return undefined;
      if (mergesInGitHub(environment.policy)) {
        return quiet(
          `Reminder: *${named(event.environment)}* still waits to be merged on GitHub, until ${localTime(ask.expiresAt)}; silence approves nothing.`,
        );
      }
      return quiet(
        `Reminder: *${named(event.environment)}* still needs ${missingText(environment)}. Decide by ${localTime(ask.expiresAt)}; silence approves nothing.`,
      );
    }
    case 'RiskRaised':
      return loud(`The risk is *${event.level}* now: ${quoted(event.because, 500)}.`);
    case 'EnvironmentDeferred':
      return quiet(
        `*${named(event.environment)}* is asked from ${localTime(event.until)}: ${event.because === 'cadence' ? 'its cadence allows no more before' : 'the release is younger than its minimum age'}.`,
      );
    case 'WindowEnded':
      return loud(
        `The window of *${named(event.environment)}* ended while nodes were being replaced. Nothing more is merged until somebody resumes the rollout, or rolls back; ${event.next === 'brake' ? 'old nodes are held where the cluster permits it' : 'nodes that are due are still replaced'}.`,
      );
    case 'RolloutHalted': {
      const why = quoted(event.evidence.join('; '), 900).slice(1, -1);
      return loud(
        `*${named(event.environment)}* is halted, since new nodes are worse than the old ones. ${why}. Nothing more is merged until somebody resumes the rollout or rolls it back; old nodes are held where the cluster permits it.`,
      );
    }
    case 'BrakeSet':
    case 'BrakeObserved':
    case 'BrakeReleased':
      return brakeMilestone(event, names);
    case 'ExpediteRequested': {
      const { lapsed = [] } = event;
      const without =
        lapsed.length === 0
          ? ''
          : ` The earlier request of ${lapsed.map(by).join(' and ')} is void: they may no longer.`;
      return quiet(
        `${by(event.by)} asks for the fast lane of *${named(event.environment)}*: ${quoted(event.reason, 1000)}.${without}`,
      );
    }
    case 'EnvironmentExpedited': {
      const expedite = environmentNamed(rollout, event.environment)?.expedite;
      if (expedite === undefined) return undefined;
      return loud(expediteText(event.environment, expedite, names));
    }
    case 'ApprovalWithdrawn':
      return quiet(`${by(event.by)} withdrew the approval of *${named(event.environment)}*.`);
    case 'ApprovalsVoided':
      return quiet(voidedText(event, names));
    case 'ApprovalExpired':
      return quiet(`Nobody decided about *${named(event.environment)}* in time, so it expired.`);
    case 'EnvironmentRejected':
      return quiet(
        `${by(event.by)} rejected *${named(event.environment)}*: ${quoted(event.reason, 1000)}.`,
      );
    case 'EnvironmentObserved':
      return quiet(
        `*${named(event.environment)}* is in observe mode: ${count(event.pins, 'pin')} would have been moved.`,
      );
    case 'EnvironmentOvertaken':
    case 'PinOvertaken':
      return quiet(
        `*${named(event.environment)}*: the pins were moved by somebody else (${quoted(event.detail)}). Amiable follows what Git says.`,
      );
    case 'Snoozed': {
      const why = event.why === undefined ? '' : `: ${quoted(event.why, 500)}`;
      return quiet(`${by(event.by)} snoozed this until ${localTime(event.until)}${why}.`);
    }
    case 'SnoozeEnded':
      return quiet(
        event.by === undefined ? 'The snooze is over.' : `${by(event.by)} ended the snooze.`,
      );
    case 'UnapprovedMergeAccepted':
      return quiet(
        `${by(event.by)} accepted the merge in *${named(event.environment)}* that had no approvals.`,
      );
    case 'PullRequestOpened':
    case 'ChangeRebased':
    case 'MergeRequested':
    case 'MergeHeld':
    case 'PullRequestEnqueued':
    case 'PullRequestMerged':
    case 'MergeDiffers':
    case 'PullRequestClosed':
      return pullRequestMilestone(event, rollout, names);
    case 'ReplacementStalled':
      return loud(stalledText(event, rollout));
    case 'ReplacementResumed':
      return quiet(`*${named(event.environment)}* moves again.`);
    case 'SoakStarted': {
      const run = `${count(event.total, 'node')} ${event.total === 1 ? 'runs' : 'run'}`;
      const started = waveNamed(rollout, event.environment, event.wave)?.startedAt;
      const took = started === undefined ? '' : ` in ${duration(event.at - started)}`;
      const soak = event.until > event.at ? ` Soak until ${localTime(event.until)}.` : '';
      const { tail = [] } = event;
      const left =
        tail.length === 0
          ? ''
          : ` ${event.asks === true ? 'Nodes that cannot move yet' : 'Goes on without nodes that cannot move yet'}: ${withLocalTimes(quoted(tail.join('; '), 900).slice(1, -1))}.`;
      const question =
        event.asks === true
          ? ' Shall it go on without them? Until somebody resumes the rollout, or rolls it back, nothing more is merged.'
          : '';
      return (event.asks === true ? loud : quiet)(
        `${waveTitle(rollout, event)} done: ${run} ${named(targetOf(rollout, event))}${took}.${left}${question}${soak}`,
      );
    }
    case 'SoakBroken':
      return loud(
        `The soak of *${named(event.environment)}* broke: ${quoted(event.because)}. It starts again from the beginning once all is well.`,
      );
    case 'WaveCompleted':
      // The end of the soak shows on the card; only what was not proven has to be said.
      return event.proven
        ? undefined
        : quiet(
            `${waveTitle(rollout, event)}: ${unprovenText(event)}, so nothing is proven there.`,
          );
    case 'RolloutPaused': {
      const why = event.reason === undefined ? '' : `: ${quoted(event.reason, 1000)}`;
      return quiet(`${by(event.by)} paused the rollout${why}.`);
    }
    case 'RolloutResumed':
      return quiet(`${by(event.by)} resumed the rollout.`);
    case 'RollbackRequested': {
      const clusters = listed(
        event.recoveries.flatMap((one) => one.clusters),
        6,
      );
      const to = listed([...new Set(event.recoveries.map((one) => one.to))]);
      const out = listed(event.leftOut.map(({ cluster, why }) => `${cluster} (${why})`));
      const rest = event.leftOut.length === 0 ? '' : ` Left out: ${out}.`;
      return loud(
        `${by(event.by)} asked to roll back ${clusters} to ${to}: ${quoted(event.reason, 1000)}.${rest}`,
      );
    }
    case 'ReleaseRecalled': {
      const rest = hasMerged(rollout)
        ? 'Nothing more of it is merged; what moved is followed, and can be rolled back.'
        : 'The proposal is withdrawn; no nodes moved.';
      return loud(
        `${named(rollout.release)} was taken back: ${quoted(event.reason, 500)}. ${rest}`,
      );
    }
    case 'RolloutSwitched':
      return quiet(
        `${by(event.by)} switched to ${named(event.to)}, which gets a card of its own. Nothing more of this release is merged; what moved is followed, and can be rolled back.`,
      );
    case 'RolloutSuperseded':
      return quiet(
        `Superseded by ${named(event.by)}, which has a card of its own.${hasMerged(rollout) ? '' : ' No nodes moved.'}`,
      );
    case 'RolloutRolledBack':
      return loud(rolledBackText(rollout));
    case 'SyncRequested':
      return quiet(
        `${by(event.by)} asked Argo CD to sync the EC2NodeClass in *${named(event.cluster)}*, and nothing else.`,
      );
    case 'RolloutOpened':
    case 'AnalysisCompleted':
    case 'AnalysisUnavailable':
    case 'ApprovalRefused':
    case 'AttemptRefused':
    case 'MergeStarted':
    case 'MergeVerified':
    case 'SyncObserved':
    case 'ReplacementObserved':
    case 'RolloutClosed':
      return undefined;
    case 'RolloutCompleted':
      return quiet(completedText(rollout));
    default:
      return assertNever(event);
  }
}

/** The card itself is the first question; every later one would go unseen, as an edit tells nobody. */
function askedText(
  { environment: name, ask }: EventOf<'ApprovalRequested'>,
  rollout: Rollout,
): Milestone | undefined {
  const place = `*${named(name)}*`;
  if (ask > 1)
    return quiet(`Asked again for ${place} (ask ${ask}): buttons of earlier asks no longer count.`);
  const environment = environmentNamed(rollout, name);
  // One that had nothing to move was not part of it, and so is not done.
  const after = (environment?.policy.after ?? []).filter(
    (one) => environmentNamed(rollout, one) !== undefined,
  );
  if (environment === undefined || after.length === 0) return undefined;
  if (mergesInGitHub(environment.policy)) {
    return quiet(
      `${listed(after)} ${after.length === 1 ? 'is' : 'are'} done. The pull request of ${place} comes next; merging it on GitHub is the approval.`,
    );
  }
  const missing = count(missingApprovals(environment), 'approval');
  return quiet(
    `${listed(after)} ${after.length === 1 ? 'is' : 'are'} done. ${place} now needs ${missing}: the buttons are on the card.`,
  );
}

function completedText({ environments, openedAt, outcome, release, pinsCluster }: Rollout): string {
  if (pinsCluster !== undefined)
    return `*Complete*: ${named(pinsCluster)} is pinned to ${named(release)}.`;
  const waves = environments.flatMap((environment) => environment.waves);
  const nodes = waves.reduce(
    (sum, { phase }) => sum + (phase.name === 'complete' ? phase.replaced : 0),
    0,
  );
  const took = duration((outcome?.at ?? openedAt) - openedAt);
  return `*Complete*: ${count(nodes, 'node')} in ${count(waves.length, 'wave')}, complete ${took} after its first card.`;
}

function stalledText(
  event: Extract<RolloutEvent, { type: 'ReplacementStalled' }>,
  rollout: Rollout,
): string {
  const patience = environmentNamed(rollout, event.environment)?.policy.stallAfterMs ?? 0;
  const why =
    event.blockers.length === 0
      ? 'Nothing known holds its nodes'
      : withLocalTimes(quoted(event.blockers.join('; '), 900).slice(1, -1));
  return `*${named(event.environment)}* is stalled: no node finished for ${duration(patience)}. ${why}. It goes on by itself once the way is free; it can also be rolled back.`;
}

function unprovenText({ replaced }: EventOf<'WaveCompleted'>): string {
  return replaced === 0
    ? '0 nodes to replace'
    : `${count(replaced, 'node')} replaced, fewer than its soak asks for`;
}

function rolledBackText({ environments, rollback, outcome }: Rollout): string {
  const back = environments.flatMap(({ recoveries }) => recoveries);
  const nodes = back.reduce(
    (sum, { phase }) => sum + (phase.name === 'complete' ? phase.replaced : 0),
    0,
  );
  const to = listed([...new Set(back.flatMap(({ recovery }) => recovery?.to ?? []))]);
  if (back.length === 0 || rollback === undefined || outcome === undefined) return '*Rolled back*.';
  const where = listed([...new Set(back.flatMap(({ clusters }) => clusters))], 6);
  return `*Rolled back*: ${count(nodes, 'node')} of ${where} back on ${to}, ${duration(outcome.at - rollback.at)} after it was asked for.`;
}

function voidedText(
  { environment, because, of, detail }: Extract<RolloutEvent, { type: 'ApprovalsVoided' }>,
  names: ReadonlyMap<string, string>,
): string {
  const place = `*${named(environment)}*`;
  const more = detail === undefined ? '' : ` (${quoted(detail)})`;
  switch (because) {
    case 'no-longer-approver':
      return `${(of ?? []).map((one) => nameOf(names, one)).join(', ')} may no longer approve ${place}; that approval dropped out.`;
    case 'no-longer-valid':
      return `The approval of ${place} by ${(of ?? []).map((one) => nameOf(names, one)).join(', ')} is older than its policy lets it count; it dropped out. It is asked again.`;
    case 'change-moved':
      return `The approvals of ${place} no longer stand: the change is not what it was${more}. It is asked again.`;
    case 'policy-changed':
      return `The approvals of ${place} no longer stand: its rules changed. It is asked again.`;
    case 'foreign-commit':
      return `The approvals of ${place} no longer stand: the pull request is not as Amiable made it${more}. It is asked again.`;
    case 'risk-raised':
      return `The approvals of ${place} no longer stand: the risk was raised${more}. It is asked again.`;
  }
}

function waveTitle(
  rollout: Rollout,
  { environment, wave: name }: { readonly environment: string; readonly wave: string },
): string {
  const found = environmentNamed(rollout, environment);
  const wave = waveNamed(rollout, environment, name);
  if (wave?.recovery !== undefined) return `Way back of *${named(environment)}*`;
  const all = found?.waves ?? [];
  const index = all.findIndex((one) => one.name === name) + 1;
  return all.length > 1
    ? `*${named(environment)}*, wave ${index} of ${all.length}`
    : `*${named(environment)}*`;
}

function targetOf(
  rollout: Rollout,
  { environment, wave }: { readonly environment: string; readonly wave: string },
): string {
  return waveNamed(rollout, environment, wave)?.recovery?.to ?? rollout.release;
}
