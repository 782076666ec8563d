import type { EventOf } from '../src/rollout/events.ts';
import { mergesInGitHub, peopleMerge } from '../src/rollout/pull-request-rule.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed, waveNamed, wavesOf } from '../src/rollout/rollout.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import type { Milestone } from './milestone-line.ts';
import { loud, quiet } from './milestone-line.ts';
import { nameOf } from './names.ts';
import { named, quoted } from './phrases.ts';
import { waveScope } from './wave-scope.ts';

/** What becomes of pull requests, in the thread; `undefined` for what the card tells alone. */
export function pullRequestMilestone(
  event: EventOf<
    | 'PullRequestOpened'
    | 'ChangeRebased'
    | 'MergeRequested'
    | 'MergeHeld'
    | 'PullRequestEnqueued'
    | 'PullRequestMerged'
    | 'MergeDiffers'
    | 'PullRequestClosed'
  >,
  rollout: Rollout,
  names: ReadonlyMap<string, string>,
): Milestone | undefined {
  switch (event.type) {
    case 'PullRequestOpened': {
      // Where Amiable merges by itself, the card has the link and the merge is the milestone.
      const policy = environmentNamed(rollout, event.environment)?.policy;
      if (policy === undefined || !peopleMerge(policy)) return undefined;
      const link = mrkdwnLink(`#${event.number}`, event.url);
      const how = mergesInGitHub(policy) ? 'merging it is the approval' : 'people merge it';
      return quiet(`Pull request ${link} opened for *${named(event.environment)}*; ${how}.`);
    }
    case 'ChangeRebased':
      return quiet(
        `${linked(rollout, event)} was written again on the newer base: an edit beside the pin. Approvals stand.`,
      );
    case 'MergeRequested':
      return quiet(`${nameOf(names, event.by)} pressed Merge for *${named(event.environment)}*.`);
    case 'MergeHeld':
      return quiet(
        `#${numberOf(rollout, event)} was not merged after all: ${quoted(event.detail ?? event.because)}. It is looked at again and tried again by itself; the same reason is not told twice.`,
      );
    case 'PullRequestEnqueued':
      return quiet(
        `${linked(rollout, event)} waits in the merge queue of GitHub. *Reject*, a pause or a freeze takes it out.`,
      );
    case 'PullRequestMerged': {
      const what = `${linked(rollout, event)} merged (${event.mergeSha.slice(0, 7)})`;
      const wave = waveNamed(rollout, event.environment, event.wave);
      const where = wave === undefined ? '' : waveScope(wave);
      const policy = environmentNamed(rollout, event.environment)?.policy;
      const byWhom =
        event.byHand === true && policy !== undefined && mergesInGitHub(policy)
          ? ` by ${personText(event, names)} on GitHub, which approves it`
          : '';
      return event.approved
        ? quiet(`${what}${byWhom}. Argo CD brings it to ${where}.`)
        : loud(
            `${what} by ${named(event.by)} on GitHub *without the approvals* for ${named(event.environment)}. Its nodes are followed; promotion waits for an approver.`,
          );
    }
    case 'MergeDiffers':
      return loud(
        `*Stopped*: what was merged in ${named(event.environment)} is not what was approved: ${quoted(event.detail)}. Nothing goes on by itself; look at the pull request, then roll back or repair it by hand.`,
      );
    case 'PullRequestClosed':
      return event.by === 'amiable'
        ? undefined
        : quiet(`${linked(rollout, event)} was closed by ${named(event.by)} on GitHub.`);
  }
}

/** Who merged: their name in Slack where it is known, and their login. */
function personText(
  { by, person }: EventOf<'PullRequestMerged'>,
  names: ReadonlyMap<string, string>,
): string {
  return person === undefined ? named(by) : `${nameOf(names, person)} (${named(by)})`;
}

/** `#12`, as a link where its address is on record. */
function linked(
  rollout: Rollout,
  { number, repository }: { readonly number: number; readonly repository: string },
): string {
  const parts = rollout.environments
    .flatMap(wavesOf)
    .flatMap((wave) => [...wave.parts, ...wave.abandoned]);
  const part = parts.find((one) => one.number === number && one.repository === repository);
  return part === undefined ? `#${number}` : mrkdwnLink(`#${number}`, part.url);
}

function numberOf(
  rollout: Rollout,
  { environment, wave }: { readonly environment: string; readonly wave: string },
): string {
  return (waveNamed(rollout, environment, wave)?.parts ?? [])
    .map(({ number }) => number)
    .join(', #');
}
