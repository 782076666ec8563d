import type { RolloutId } from '../src/shared/ids.ts';
import { notHandledText } from '../src/tracking/not-handled-text.ts';
import type { NotHandled } from '../src/tracking/types.ts';
import { actions, button, type Message, message, section } from './block-kit.ts';
import { count, listed, named } from './phrases.ts';

/** What runs somewhere now, who approved it, and what can take it back. */
export type WhereRunsFacts = {
  readonly asked: { readonly by: 'release' | 'kernel' | 'driver' | 'any'; readonly text: string };
  readonly runs: readonly {
    readonly cluster: string;
    readonly environment: string;
    readonly release?: string;
    readonly kernel?: string;
    readonly driver?: string | null;
    readonly nodes: number;
  }[];
  readonly notSeen: readonly string[];
  readonly unknownNodes: number;
  readonly notHandled: NotHandled;
  readonly notCounted: readonly string[];
  readonly approvals: readonly {
    readonly rollout: RolloutId;
    readonly environment: string;
    readonly by: readonly string[];
    readonly automatic?: true;
    readonly mergedBy?: readonly string[];
    readonly unapproved?: string;
  }[];
  readonly waysBack: readonly {
    readonly rollout: RolloutId;
    readonly clusters: readonly { readonly cluster: string; readonly to: string }[];
  }[];
  readonly leftOut: readonly { readonly cluster: string; readonly why: string }[];
};

const mostLines = 15;

/**
 * The answer to `/ami where`: by what nodes run, not by what Git says.
 * @param recovery names what was found, for the button that opens the recovery card; absent: no button.
 */
export function whereRunsMessage(
  facts: WhereRunsFacts,
  names: ReadonlyMap<string, string>,
  recovery?: string,
): Message {
  const { runs, approvals, waysBack } = facts;
  const lead = whereLead(facts);
  const approved = approvals
    .slice(0, 10)
    .map((one) => `• \`${one.rollout}\` ${approvalText(one, names)}`);
  const parts = [
    lead,
    ...runs.slice(0, mostLines).map((one) => `• ${runsText(one)}`),
    ...(runs.length > mostLines ? [`and ${count(runs.length - mostLines, 'more line')}`] : []),
    ...unknownTexts(facts),
    ...approved,
    ...wayBackTexts(facts),
  ];
  return message(lead, [
    section(parts.join('\n')),
    ...(recovery === undefined || waysBack.length === 0
      ? []
      : [
          actions(`recovery-${recovery.slice(0, 100)}`, [
            button('recovery:open', 'Roll back...', {
              value: recovery,
              style: 'danger',
              spoken: 'Roll back: choose which of these clusters',
            }),
          ]),
        ]),
  ]);
}

/** `staging: approved by Ann Lee, Bo Chen`; on whose word it came there, and that nobody gave it where nobody did. */
export function approvalText(
  { environment, by, automatic, mergedBy = [], unapproved }: WhereRunsFacts['approvals'][number],
  names: ReadonlyMap<string, string>,
): string {
  const people = listed(
    by.map((person) => names.get(person) ?? person),
    5,
  );
  const said = [
    ...(by.length === 0 ? [] : [`approved by ${people}`]),
    ...(automatic === true ? ['approved by its policy'] : []),
    ...(mergedBy.length === 0 ? [] : [`merged on GitHub by ${listed(mergedBy, 5)}`]),
    ...(unapproved === undefined
      ? []
      : [`merged by ${named(unapproved)} without the approvals asked for`]),
  ];
  return `${named(environment)}: ${said.length === 0 ? 'no approval is on record' : said.join('; ')}`;
}

/** `7 nodes in 2 clusters run kernel 6.12.` */
export function whereLead({ asked, runs }: Pick<WhereRunsFacts, 'asked' | 'runs'>): string {
  const kinds = { kernel: 'kernel ', driver: 'NVIDIA driver ', release: '', any: '' };
  const what = `${kinds[asked.by]}${named(asked.text)}`;
  const total = runs.reduce((sum, { nodes }) => sum + nodes, 0);
  const clusters = new Set(runs.map(({ cluster }) => cluster)).size;
  return runs.length === 0
    ? `No node that was seen runs ${what}.`
    : `${count(total, 'node')} in ${count(clusters, 'cluster')} ${total === 1 ? 'runs' : 'run'} ${what}.`;
}

/** `*prod-eu-1* (production): 3 nodes on al2023@v20261118, kernel 6.12.118` */
export function runsText({
  cluster,
  environment,
  release,
  kernel,
  driver,
  nodes,
}: WhereRunsFacts['runs'][number]): string {
  const on = [
    release === undefined ? 'an image that is no published one' : named(release),
    ...(kernel === undefined ? [] : [`kernel ${named(kernel)}`]),
    ...(driver === undefined || driver === null ? [] : [`NVIDIA driver ${named(driver)}`]),
  ].join(', ');
  return `*${named(cluster)}* (${named(environment)}): ${count(nodes, 'node')} on ${on}`;
}

/** What nobody knows, so that it does not pass for "none". */
export function unknownTexts({
  asked,
  notSeen,
  unknownNodes,
  notHandled,
  notCounted,
}: Pick<
  WhereRunsFacts,
  'asked' | 'notSeen' | 'unknownNodes' | 'notHandled' | 'notCounted'
>): string[] {
  const others = notHandledText(notHandled);
  const nodes = count(unknownNodes, 'node');
  const what = {
    release: `${nodes} ran an image that is no published one.`,
    kernel: `The kernel of ${nodes} is not known.`,
    driver: `The NVIDIA driver of ${nodes} is not known.`,
    any: `Not everything is known of ${nodes}.`,
  };
  return [
    ...(notSeen.length === 0 ? [] : [`Not known of ${listed(notSeen, 10)}.`]),
    ...(unknownNodes === 0 ? [] : [what[asked.by]]),
    ...(others === undefined ? [] : [`Not looked at: ${others}, which are not handled.`]),
    ...(notCounted.length === 0
      ? []
      : [`Nodes that are not handled were not counted in ${listed(notCounted, 10)}.`]),
  ];
}

/** What can be taken back, and what cannot, with the reason. */
export function wayBackTexts({ waysBack, leftOut }: WhereRunsFacts): string[] {
  const back = waysBack.map(({ rollout, clusters }) => {
    const places = clusters.map(({ cluster, to }) => `${cluster} to ${to}`);
    return `\`${rollout}\` can take back ${listed(places, 10)}.`;
  });
  const out = leftOut.map(({ cluster, why }) => `${cluster} (${why})`);
  return [...back, ...(out.length === 0 ? [] : [`Cannot be taken back: ${listed(out, 10)}.`])];
}
