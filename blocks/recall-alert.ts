import type { KnownBlock } from '@slack/types';
import type { RolloutId } from '../src/shared/ids.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { actions, button, header, type Message, message, section } from './block-kit.ts';
import { encodeCardKey } from './card-key.ts';
import { listed, named, quoted } from './phrases.ts';

/** A recalled release, who runs it, and which rollouts can take it back. */
export type RecallSummary = {
  readonly release: string;
  readonly detail: string;
  readonly running: readonly { readonly cluster: string; readonly environment: string }[];
  /** Their nodes run it, and no pin names it. */
  readonly unpinned: readonly { readonly cluster: string; readonly environment: string }[];
  /** Not known what their nodes run. */
  readonly notSeen: readonly string[];
  readonly withdrawn: readonly RolloutId[];
  readonly waysBack: readonly {
    readonly rollout: RolloutId;
    readonly clusters: readonly string[];
  }[];
};

/** One alert a recalled release: why, who runs it, and the way back. */
export function recallAlert(facts: RecallSummary): Message {
  const { release, detail, withdrawn, waysBack } = facts;
  const title = `Recalled: EKS nodes ${release}`;
  const sentences = [
    `:warning: ${named(release)} is not fit to run any more: ${quoted(detail, 500)}.`,
    withdrawn.length === 0
      ? ''
      : `${withdrawn.length === 1 ? 'Its proposal' : 'Its proposals'} ${listed(withdrawn)} ${withdrawn.length === 1 ? 'is' : 'are'} withdrawn. It is not offered again while that stands.`,
    runningText(facts),
    unpinnedText(facts),
    wayOutText(facts),
  ].filter((sentence) => sentence !== '');
  // A row each: an action id may stand but once in a row.
  const buttons: KnownBlock[] = waysBack.slice(0, 3).map(({ rollout }, i) =>
    actions(`recall-${i}-${rollout}`, [
      button('rollout:rollback', 'Roll back...', {
        value: encodeCardKey({ rolloutId: rollout }),
        style: 'danger',
        spoken: `Roll back rollout ${rollout}`,
      }),
    ]),
  );
  const text = sentences.join('\n');
  return message(`${escapeMrkdwn(title)}. ${sentences.join(' ')}`, [
    header(title),
    section(text),
    ...buttons,
  ]);
}

/** That a recall is over, said to whoever was alerted. */
export function recallLifted({
  release,
  detail,
}: {
  readonly release: string;
  readonly detail: string;
}): Message {
  const title = `Recall lifted: EKS nodes ${release}`;
  const text = `${named(release)} is no longer taken back: ${quoted(detail, 500)}. It may be offered again, as any other release: by its age, and where every region has it. What was withdrawn stays withdrawn.`;
  return message(`${escapeMrkdwn(title)}. ${text}`, [header(title), section(text)]);
}

function runningText({ running, waysBack }: RecallSummary): string {
  if (running.length === 0) return 'No pin names it now.';
  const names = placesOf(running);
  const back = waysBack.flatMap(({ clusters }) => clusters);
  const text = `Pins of these clusters name it: ${listed(names, 12)}.`;
  return back.length === 0
    ? text
    : `${text} Rolled out by Amiable, with a proven way back: ${listed(back, 12)}.`;
}

/** Nodes are what matters in the end; a pin such as `@latest` does not say what they run. */
function unpinnedText({ unpinned, notSeen }: RecallSummary): string {
  const nodes =
    unpinned.length === 0
      ? ''
      : `Nodes run it though no pin names it: ${listed(placesOf(unpinned), 12)}.`;
  const unseen = notSeen.length === 0 ? '' : `Not checked what nodes run: ${listed(notSeen, 12)}.`;
  return [nodes, unseen].filter((text) => text !== '').join(' ');
}

function placesOf(all: RecallSummary['running']): readonly string[] {
  return all.map(({ cluster, environment }) => `${cluster} (${environment})`);
}

/** Whoever has no button for it has to know, also where others have one. */
function wayOutText({ running, unpinned, waysBack }: RecallSummary): string {
  const back = waysBack.flatMap(({ clusters }) => clusters);
  const left = [...running, ...unpinned].filter(({ cluster }) => !back.includes(cluster));
  if (left.length === 0) return '';
  const where = back.length === 0 ? '' : ` for ${listed(placesOf(left), 12)}`;
  return `There is no recorded way back${where}: move the pins by hand, or wait for the next release.`;
}
