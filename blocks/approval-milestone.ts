import type { EventOf } from '../src/rollout/events.ts';
import { mergesInGitHub } from '../src/rollout/pull-request-rule.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed, missingApprovals } from '../src/rollout/rollout.ts';
import { automaticText } from './expedite.ts';
import type { Milestone } from './milestone-line.ts';
import { quiet } from './milestone-line.ts';
import { missingText } from './missing.ts';
import { nameOf } from './names.ts';
import { count, listed, named, quoted } from './phrases.ts';
import { localTime } from './times.ts';

/** What is asked of people, and what became of it, in the thread. */
export function approvalMilestone(
  event: EventOf<
    | 'EnvironmentDeferred'
    | 'ApprovalRequested'
    | 'ApprovalGranted'
    | 'ApprovedAutomatically'
    | 'ApproversReminded'
    | 'ApprovalWithdrawn'
    | 'ApprovalsVoided'
    | 'ApprovalExpired'
    | 'EnvironmentRejected'
    | 'EnvironmentObserved'
    | 'UnapprovedMergeAccepted'
  >,
  rollout: Rollout,
  names: ReadonlyMap<string, string>,
): Milestone | undefined {
  const by = (person: string) => nameOf(names, person);
  switch (event.type) {
    case 'EnvironmentDeferred':
      return quiet(
        `*${named(event.environment)}* is asked from ${localTime(event.until)}: ${event.because === 'cadence' ? 'its cadence allows no more before' : 'the release is younger than its minimum age'}.`,
      );
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
    case 'UnapprovedMergeAccepted':
      return quiet(
        `${by(event.by)} accepted the merge in *${named(event.environment)}* that had no approvals.`,
      );
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

function voidedText(
  { environment, because, of, detail }: EventOf<'ApprovalsVoided'>,
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
      return `${place} is asked again, and no earlier approval counts: the change is not what it was${more}.`;
    case 'policy-changed':
      return `${place} is asked again, and no earlier approval counts: its rules changed.`;
    case 'foreign-commit':
      return `${place} is asked again, and no earlier approval counts: the pull request is not as Amiable made it${more}.`;
    case 'risk-raised':
      return `${place} is asked again, and no earlier approval counts: the risk was raised${more}.`;
  }
}
