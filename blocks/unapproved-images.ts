import type { KnownBlock } from '@slack/types';
import { escapeMrkdwn } from '../src/shared/text.ts';
import type { Instant } from '../src/shared/time.ts';
import type { UnapprovedFinding } from '../src/tracking/unapproved-images.ts';
import { actions, button, context, header, type Message, message, section } from './block-kit.ts';
import { count, listed, named } from './phrases.ts';
import { localTime } from './times.ts';

/** What runs in a cluster without an approval, or that it is over. */
export type UnapprovedSummary = {
  readonly cluster: string;
  readonly environment: string;
  readonly isProtected: boolean;
  readonly observesOnly: boolean;
  readonly findings: readonly UnapprovedFinding[];
  readonly notChecked?: readonly { readonly nodeClass: string; readonly reason: string }[];
  readonly since?: Instant;
  readonly unseen?: Instant;
};

/** Node classes told one by one; more of them have one cause as a rule. */
const mostTold = 5;

/** The one message a cluster gets about images that no approved change put there: cause, owner, and what comes next. */
export function unapprovedImages(facts: UnapprovedSummary): Message {
  const { cluster, environment, findings, notChecked, since, unseen } = facts;
  const where = `${cluster} (${environment})`;
  if (unseen !== undefined) {
    const title = `Not checked: images of ${where}`;
    const text = `The cluster has not answered since ${localTime(unseen)}. What was said here of its nodes may no longer be so.`;
    return message(`${escapeMrkdwn(title)}. ${text}`, [header(title), section(text)]);
  }
  const [unsure, ...others] = notChecked ?? [];
  if (findings.length === 0 && unsure !== undefined) {
    const title = `Not checked: images of ${where}`;
    const more =
      others.length === 0 ? '' : ` Nor of ${count(others.length, 'other EC2NodeClass')}.`;
    const text = `Nobody can say now what EC2NodeClass ${named(unsure.nodeClass)} is to run: ${place(unsure.reason)}.${more} What was found before may still be so.`;
    return message(`${escapeMrkdwn(title)}. ${text}`, [header(title), section(text)]);
  }
  if (findings.length === 0) {
    const title = `Resolved: images of ${where}`;
    const text =
      ':white_check_mark: Every node runs an approved image again, as far as Git has a pin for it.';
    return message(`${escapeMrkdwn(title)}. ${text}`, [header(title), section(text)]);
  }
  const onlyUpgrade = findings.every(({ cause }) => cause === 'control-plane');
  const title = `${onlyUpgrade ? 'Second replacement' : 'Unapproved image'}: ${where}`;
  const told = findings.slice(0, mostTold).map((one) => ({ one, words: wordsOf(one, facts) }));
  const more = findings.length - told.length;
  const spoken = told.map(({ words: { what, cause, owner, next } }) =>
    [what, `Cause: ${cause}`, `Owner: ${owner}`, next].join(' '),
  );
  return message([`${escapeMrkdwn(title)}.`, ...spoken].join(' '), [
    header(title),
    ...told.flatMap(({ one, words }, i) => [
      section(findingText(one, words)),
      ...pinButton(one, facts, i),
    ]),
    ...(more > 0 ? [section(`and ${count(more, 'more finding')}`)] : []),
    ...(since === undefined ? [] : [context(`First seen ${localTime(since)}`)]),
  ]);
}

function findingText({ cause }: UnapprovedFinding, words: Words): string {
  const glyph = cause === 'control-plane' ? ':arrows_counterclockwise:' : ':warning:';
  return `${glyph} ${words.what}\n*Cause:* ${words.cause}\n*Owner:* ${words.owner}\n${words.next}`;
}

/** Only where all nodes run one release: pinning it replaces none of them. */
function pinButton(finding: UnapprovedFinding, facts: UnapprovedSummary, i: number): KnownBlock[] {
  if (finding.cause !== 'latest' || finding.runs === undefined || facts.observesOnly) return [];
  const key: PinKey = { cluster: facts.cluster, release: finding.runs };
  return [
    actions(`pin-now-${i}`, [
      button('images:pin', 'Pin it now', {
        value: JSON.stringify(key),
        ...(facts.isProtected && { style: 'primary' as const }),
        spoken: `Propose to pin ${facts.cluster} to ${finding.runs}`,
      }),
    ]),
  ];
}

/** What the button carries: a key, looked up anew when it is pressed. */
export type PinKey = { readonly cluster: string; readonly release: string };

type Words = {
  readonly what: string;
  readonly cause: string;
  readonly owner: string;
  readonly next: string;
};

function wordsOf(finding: UnapprovedFinding, facts: UnapprovedSummary): Words {
  const nodeClass = `EC2NodeClass ${named(finding.nodeClass)}`;
  const running = (whats: readonly string[]) =>
    `${count(finding.nodes, 'node')} of ${nodeClass} ${finding.nodes === 1 ? 'runs' : 'run'} ${listed(whats)}`;
  switch (finding.cause) {
    case 'latest':
      return {
        what:
          finding.nodes === 0
            ? `No node of ${nodeClass} runs yet, and the first one gets what is published by then.`
            : `${running(finding.whats)}, which nobody was asked about.`,
        cause: `Git says ${named(finding.value)}, which follows every publication by itself.`,
        owner: `whoever keeps ${place(finding.place)}.`,
        next: pinText(finding, facts),
      };
    case 'live-edit':
      return {
        what: `${running(finding.whats)}, which nobody was asked about.`,
        cause: `the object in the cluster says ${listed([finding.says])}, and Git says ${listed([finding.git])} (${place(finding.place)}).`,
        owner:
          finding.by === undefined
            ? 'not known: the object does not say what set it.'
            : `field manager ${named(finding.by.manager)}${finding.by.at === undefined ? '' : `, ${localTime(finding.by.at)}`}. Kubernetes records programs, not people.`,
        next: "With the next sync Git's value stands again, and nodes are replaced again. What shall stay has to be changed in Git.",
      };
    case 'git-edit':
      return {
        what: `${running(finding.whats)}, and no approved change put it there.`,
        cause: `the pin was moved by hand: ${place(finding.place)}.`,
        owner: 'whoever merged it; the history of that file has the name.',
        next: 'It stays as it is. The next approved release moves the pin on.',
      };
    case 'earlier-edit':
      return {
        what: `${running(finding.whats)}, which nobody was asked about.`,
        cause: `they started while EC2NodeClass ${named(finding.nodeClass)} said something else; it says what Git says again (${listed([finding.git])}).`,
        owner: 'not known: the object keeps no history.',
        next: 'Karpenter replaces them as its disruption budgets allow.',
      };
    case 'control-plane': {
      const { release, from, to, done, nodes } = finding;
      const newer = minor(from) > minor(to);
      return {
        what: `${done} of ${count(nodes, 'node')} of ${nodeClass} ${done === 1 ? 'runs' : 'run'} ${named(release)} in its image for Kubernetes ${named(to)}.`,
        cause: newer
          ? `some run its image for Kubernetes ${named(from)}, which is newer than what is known of the control plane (${named(to)}).`
          : `the control plane went from Kubernetes ${named(from)} to ${named(to)}, and Karpenter replaces nodes by the same release for ${named(to)}.`,
        owner: newer
          ? 'whoever keeps `kubernetes` of this cluster in the configuration.'
          : 'whoever upgraded the control plane; EKS does so itself when support ends.',
        next: 'The release is the approved one. No rollout of images replaces these nodes.',
      };
    }
  }
}

function pinText(
  { runs }: Extract<UnapprovedFinding, { cause: 'latest' }>,
  { environment, isProtected, observesOnly }: UnapprovedSummary,
): string {
  const guard = isProtected ? `${named(environment)} is protected. ` : '';
  if (observesOnly) return `${guard}Amiable only observes there, so it proposes nothing.`;
  if (runs === undefined) {
    return `${guard}It can be pinned once all of its nodes run the same release.`;
  }
  return `${guard}“Pin it now” proposes to write ${named(runs)}, which all of its nodes run, in the place of the alias: the usual approvals, and no node is replaced.`;
}

function place(text: string): string {
  return escapeMrkdwn(text.slice(0, 300));
}

function minor(kubernetes: string): number {
  return Number(kubernetes.split('.')[1] ?? 0);
}
