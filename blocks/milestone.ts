import type { RolloutEvent } from '../src/rollout/events.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed, waveNamed } from '../src/rollout/rollout.ts';
import { assertNever } from '../src/shared/assert-never.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { nameOf } from './names.ts';
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
      return event.ask === 1
        ? undefined
        : quiet(`Asked again for *${escapeMrkdwn(event.environment)}* (ask ${event.ask}).`);
    case 'ApprovalGranted': {
      const ask = environmentNamed(rollout, event.environment)?.ask;
      const count = environmentNamed(rollout, event.environment)?.policy.approval.count ?? 0;
      const note = event.note === undefined ? '' : `: “${escapeMrkdwn(event.note)}”`;
      return quiet(
        `${by(event.by)} approved *${escapeMrkdwn(event.environment)}* (${ask?.grants.length ?? 0} of ${count})${note}.`,
      );
    }
    case 'ApprovalWithdrawn':
      return quiet(
        `${by(event.by)} withdrew the approval of *${escapeMrkdwn(event.environment)}*.`,
      );
    case 'ApprovalsVoided':
      return quiet(voidedText(event, names));
    case 'ApprovalExpired':
      return quiet(
        `Nobody decided about *${escapeMrkdwn(event.environment)}* in time. It expired.`,
      );
    case 'EnvironmentRejected':
      return quiet(
        `${by(event.by)} rejected *${escapeMrkdwn(event.environment)}*: “${escapeMrkdwn(event.reason)}”.`,
      );
    case 'EnvironmentObserved':
      return quiet(
        `*${escapeMrkdwn(event.environment)}* is in observe mode: ${event.pins} pins would have been moved.`,
      );
    case 'EnvironmentOvertaken':
    case 'PinOvertaken':
      return quiet(
        `*${escapeMrkdwn(event.environment)}*: the pins were moved by somebody else (${escapeMrkdwn(event.detail)}). Amiable yields.`,
      );
    case 'Snoozed': {
      const why = event.why === undefined ? '' : `: “${escapeMrkdwn(event.why)}”`;
      return quiet(`${by(event.by)} snoozed this until ${localTime(event.until)}${why}.`);
    }
    case 'SnoozeEnded':
      return quiet(
        event.by === undefined ? 'The snooze is over.' : `${by(event.by)} ended the snooze.`,
      );
    case 'PullRequestOpened': {
      // Where Amiable merges by itself, the card has the link and the merge is the milestone.
      if (environmentNamed(rollout, event.environment)?.policy.mode === 'merge') return undefined;
      const link = `<${encodeURI(event.url)}|#${event.number}>`;
      return quiet(`Pull request ${link} opened for *${escapeMrkdwn(event.environment)}*.`);
    }
    case 'ChangeRebased':
      return quiet(
        `#${event.number} was written again on the newer base: an edit beside the pin. Approvals stand.`,
      );
    case 'MergeHeld':
      return quiet(
        `#${numberOf(rollout, event)} was not merged after all (${escapeMrkdwn(event.detail ?? event.because)}). Looking again.`,
      );
    case 'PullRequestMerged': {
      const what = `#${event.number} merged (${event.mergeSha.slice(0, 7)})`;
      const clusters = waveNamed(rollout, event.environment, event.wave)?.clusters ?? [];
      const where = escapeMrkdwn(clusters.join(', '));
      return event.approved
        ? quiet(`${what}. Argo CD brings it to ${where}.`)
        : loud(
            `${what} by ${escapeMrkdwn(event.by)} on GitHub *without the approvals* for ${escapeMrkdwn(event.environment)}. Its nodes are followed; promotion waits for an approver.`,
          );
    }
    case 'MergeDiffers':
      return loud(`*Stopped*: ${escapeMrkdwn(event.detail)}. Nothing goes on by itself.`);
    case 'UnapprovedMergeAccepted':
      return quiet(
        `${by(event.by)} accepted the merge in *${escapeMrkdwn(event.environment)}* that had no approvals.`,
      );
    case 'PullRequestClosed':
      return event.by === 'amiable'
        ? undefined
        : quiet(`#${event.number} was closed by ${escapeMrkdwn(event.by)} on GitHub.`);
    case 'ReplacementStalled':
      return loud(
        `*${escapeMrkdwn(event.environment)}* is stalled: no node finished for a while. ${escapeMrkdwn(event.blockers.join('; '))}.`,
      );
    case 'ReplacementResumed':
      return quiet(`*${escapeMrkdwn(event.environment)}* moves again.`);
    case 'SoakStarted': {
      const nodes = `${event.total} of ${event.total} nodes`;
      const started = waveNamed(rollout, event.environment, event.wave)?.startedAt;
      const took = started === undefined ? '' : ` in ${duration(event.at - started)}`;
      const soak = event.until > event.at ? ` Soak until ${localTime(event.until)}.` : '';
      return quiet(
        `${waveTitle(rollout, event)} done: ${nodes} run ${escapeMrkdwn(targetOf(rollout, event))}${took}.${soak}`,
      );
    }
    case 'SoakBroken':
      return loud(
        `The soak of *${escapeMrkdwn(event.environment)}* broke: ${escapeMrkdwn(event.because)}. It starts again when all is well.`,
      );
    case 'WaveCompleted':
      // The end of the soak shows on the card; only what was not proven has to be said.
      return event.proven
        ? undefined
        : quiet(`${waveTitle(rollout, event)}: 0 nodes to replace, so nothing is proven there.`);
    case 'RolloutPaused': {
      const why = event.reason === undefined ? '' : `: “${escapeMrkdwn(event.reason)}”`;
      return quiet(`${by(event.by)} paused the rollout${why}.`);
    }
    case 'RolloutResumed':
      return quiet(`${by(event.by)} resumed the rollout.`);
    case 'RollbackRequested': {
      const clusters = event.recoveries.flatMap((one) => one.clusters).join(', ');
      const to = [...new Set(event.recoveries.map((one) => one.to))].join(', ');
      const out = event.leftOut.map(({ cluster, why }) => `${cluster} (${why})`).join(', ');
      const rest = out === '' ? '' : ` Left out: ${escapeMrkdwn(out)}.`;
      return loud(
        `${by(event.by)} asked to roll back ${escapeMrkdwn(clusters)} to ${escapeMrkdwn(to)}: “${escapeMrkdwn(event.reason)}”.${rest}`,
      );
    }
    case 'RolloutSuperseded':
      return quiet(`Superseded by ${escapeMrkdwn(event.by)}. No nodes moved.`);
    case 'RolloutRolledBack':
      return loud('Rolled back: every chosen node runs the earlier image again.');
    case 'RolloutOpened':
    case 'AnalysisCompleted':
    case 'AnalysisUnavailable':
    case 'ApprovalRefused':
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

function completedText({ environments, openedAt, outcome }: Rollout): string {
  const waves = environments.flatMap((environment) => environment.waves);
  const nodes = waves.reduce(
    (sum, { phase }) => sum + (phase.name === 'complete' ? phase.replaced : 0),
    0,
  );
  const took = duration((outcome?.at ?? openedAt) - openedAt);
  return `*Complete*: ${nodes} nodes in ${waves.length} waves, ${took} from the first card to the last node.`;
}

function voidedText(
  { environment, because, of, detail }: Extract<RolloutEvent, { type: 'ApprovalsVoided' }>,
  names: ReadonlyMap<string, string>,
): string {
  const place = `*${escapeMrkdwn(environment)}*`;
  const more = detail === undefined ? '' : ` (${escapeMrkdwn(detail)})`;
  switch (because) {
    case 'no-longer-approver':
      return `${(of ?? []).map((one) => nameOf(names, one)).join(', ')} may no longer approve ${place}; that approval dropped out.`;
    case 'change-moved':
      return `Approvals of ${place} fell: the change is not what it was${more}. It is asked again.`;
    case 'policy-changed':
      return `Approvals of ${place} fell: its policy changed. It is asked again.`;
    case 'foreign-commit':
      return `Approvals of ${place} fell: the pull request is not as Amiable made it${more}. It is asked again.`;
    case 'risk-raised':
      return `Approvals of ${place} fell: the risk was raised${more}. It is asked again.`;
  }
}

function waveTitle(
  rollout: Rollout,
  { environment, wave: name }: { readonly environment: string; readonly wave: string },
): string {
  const found = environmentNamed(rollout, environment);
  const wave = waveNamed(rollout, environment, name);
  if (wave?.recovery !== undefined) return `Way back of *${escapeMrkdwn(environment)}*`;
  const all = found?.waves ?? [];
  const index = all.findIndex((one) => one.name === name) + 1;
  return all.length > 1
    ? `*${escapeMrkdwn(environment)}*, wave ${index} of ${all.length}`
    : `*${escapeMrkdwn(environment)}*`;
}

function targetOf(
  rollout: Rollout,
  { environment, wave }: { readonly environment: string; readonly wave: string },
): string {
  return waveNamed(rollout, environment, wave)?.recovery?.to ?? rollout.release;
}

function numberOf(
  rollout: Rollout,
  { environment, wave }: { readonly environment: string; readonly wave: string },
): string {
  return (waveNamed(rollout, environment, wave)?.parts ?? [])
    .map(({ number }) => number)
    .join(', #');
}
