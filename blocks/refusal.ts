import type { Refusal } from '../src/rollout/refusal.ts';
import { assertNever } from '../src/shared/assert-never.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import type { Message } from './block-kit.ts';
import { message, section } from './block-kit.ts';
import { ofSets } from './missing.ts';
import { nameOf } from './names.ts';
import { named, quoted } from './phrases.ts';
import { localTime } from './times.ts';

/** A *no* in words, for the asker alone: because of what, who could, and what to do. */
export function refusalMessage(
  refusal: Refusal,
  {
    names,
    who,
    cardUrl,
  }: {
    readonly names: ReadonlyMap<string, string>;
    /** People who could, as far as Slack said. */
    readonly who: readonly string[];
    readonly cardUrl?: string;
  },
): Message {
  const text = refusalText(refusal, names, who);
  const link = cardUrl === undefined ? '' : ` ${mrkdwnLink('Open the card', cardUrl)}`;
  return message(text, [section(`${text}${link}`)]);
}

function refusalText(
  { code, environment, fleet, newestAsk, by, at, pullRequest, missing, missingOf, detail }: Refusal,
  names: ReadonlyMap<string, string>,
  who: readonly string[],
): string {
  const place = environment === undefined ? 'this rollout' : `*${named(environment)}*`;
  switch (code) {
    case 'not-an-approver':
      return `You can't decide about ${place}. ${whoText(names, who)} Nothing changed.`;
    case 'not-allowed-to-stop':
      return fleet === undefined
        ? `You can't stop or roll back ${place}. ${whoText(names, who)} Nothing changed.`
        : `You can't freeze merges, hold anything or mark a release. ${whoText(names, who)} Nothing changed.`;
    case 'guest-or-bot':
      return `Guests, apps and people of other workspaces can't decide rollouts.`;
    case 'cannot-check':
      return `I could not confirm who may decide (Slack did not answer). Nothing was decided; please try again.`;
    case 'old-card':
      return newestAsk === undefined
        ? `This card is no longer open for ${place}. Nothing changed.`
        : `This button is of an earlier ask; ${place} is at ask ${newestAsk} now. Nothing changed; please look at the card again.`;
    case 'already-approved':
      return missing === undefined || missing === 0
        ? `You already approved ${place}.`
        : `You already approved ${place}. Waiting for ${missing} more${ofSets(missingOf ?? [], missing)}.`;
    case 'already-decided':
      return by === undefined
        ? `This was already decided for ${place}. Nothing to do.`
        : `This was already decided for ${place} by ${nameOf(names, by)}${at === undefined ? '' : ` (${localTime(at)})`}. Nothing to do.`;
    case 'merge-under-way':
      return pullRequest === undefined
        ? `A merge of ${place} is already under way. To take it back, use Roll back once it is merged.`
        : `The merge of #${pullRequest} is already under way. To take it back, use Roll back once it is merged.`;
    case 'nothing-to-stop':
      return `Nothing is under way in ${place}.`;
    case 'nothing-to-brake':
      return `No nodes of ${place} are being replaced, so there is nothing to brake. Pause it instead.`;
    case 'nothing-to-roll-back':
      return `Nothing was merged in ${place} yet, so there is nothing to roll back. Reject or pause it instead.`;
    case 'no-way-back':
      return `No cluster of ${place} has a proven image to go back to${detail === undefined ? '' : ` (${quoted(detail)})`}.`;
    case 'not-paused':
      return `There is nothing to resume: ${place} is not paused.`;
    case 'not-approved-by-you':
      return `You have not approved ${place}, so there is nothing to withdraw.`;
    case 'not-an-expediter':
      return `You can't open the fast lane of ${place}. ${whoText(names, who)} Nothing changed.`;
    case 'nothing-to-expedite':
      return `There is no fast lane for ${place}: its policy has none, or it has ended.`;
    case 'own-request':
      return `You asked for this rollout, so somebody else has to approve it.`;
    case 'snoozed-too-long':
      return `A rollout can be snoozed for 90 days at most. Nothing changed; please choose an earlier day.`;
    case 'nothing-to-switch-to':
      return `No later release waits for ${place} to end, so there is nothing to switch to. Nothing changed.`;
    case 'closed':
      return `This rollout is closed. Nothing changed.`;
    case 'too-old':
      return `Your click from a while ago could not be handled in time. Nothing was recorded; please press again.`;
    case 'merged-in-github':
      return `Nobody approves ${place} in Slack: merging its pull request on GitHub is the approval. Nothing changed.`;
    case 'nothing-to-merge':
      return `There is nothing to merge in ${place} now: its pull request has to be open and approved, and nothing may hold it. Nothing changed.`;
    case 'not-allowed-to-sync':
      return `You can't have ${place} synced. ${whoText(names, who)} Nothing changed.`;
    case 'nothing-to-sync':
      return `Nothing of ${place} waits for somebody to sync it now: the change is there already, it is paused, or its Argo CD brings it by itself. Nothing changed.`;
    default:
      return assertNever(code);
  }
}

/** At most three names, alphabetical and in plain text: a refusal must not ping anybody. */
function whoText(names: ReadonlyMap<string, string>, who: readonly string[]): string {
  if (who.length === 0) return 'I could not look up who can (Slack did not say).';
  const sorted = who.map((person) => nameOf(names, person)).sort();
  const more = sorted.length > 3 ? ` and ${sorted.length - 3} more` : '';
  return `Who can: ${sorted.slice(0, 3).join(', ')}${more}.`;
}
