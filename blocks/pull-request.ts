import type { Change } from '../src/rollout/change.ts';
import { partsOf } from '../src/rollout/change.ts';
import { mergesByButton, mergesInGitHub, peopleMerge } from '../src/rollout/pull-request-rule.ts';
import type { Rollout } from '../src/rollout/rollout.ts';
import { environmentNamed } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import type { RepositoryName } from '../src/shared/ids.ts';
import { clamp, escapeMarkdown, oneLine } from '../src/shared/text.ts';
import { isoOf } from '../src/shared/time.ts';
import { analysisMarkdown } from './analysis-markdown.ts';

/** In characters: GitHub refuses a body of 65,536 and more; the table leaves room for all that stands below it. */
const bodyRoom = 60_000;
const tableRoom = 25_000;

/** Title and description of a wave's pull request: what, why, by whose leave, and how to take it back by hand. */
export function pullRequestDocument({
  rollout,
  wave,
  repository,
  change,
  names,
  leftAlone,
}: {
  readonly rollout: Rollout;
  readonly wave: Wave;
  readonly repository: RepositoryName;
  readonly change: Change;
  readonly names: ReadonlyMap<string, string>;
  readonly leftAlone: readonly string[];
}): { readonly title: string; readonly body: string } {
  const back = wave.recovery !== undefined;
  const target = back ? wave.recovery.to : rollout.release;
  const pins = !back && rollout.pinsCluster !== undefined;
  const title = `${back ? 'Roll back' : pins ? 'Pin' : 'Move'} node images of ${wave.environment} to ${target} (${wave.name})`;
  const edits = partsOf(change, wave).get(repository) ?? [];
  const rows = edits.map(
    ({ path, object, from, to, clusters }) =>
      `| ${[path, object, from, to].map(code).join(' | ')} | ${clusterList(clusters)} |`,
  );
  const shown = rows.filter((_, i) => rows.slice(0, i + 1).join('\n').length <= tableRoom);
  const merges = mergesText(rollout, wave);
  const parts = [
    pins
      ? `Pins the node images of **${escapeMarkdown(wave.environment)}** (${clusterList(wave.clusters)}) to ${code(target)}, which its nodes run already, in the place of an alias that follows every publication. No node is replaced by that.`
      : `${back ? 'Takes' : 'Moves'} the node images of **${escapeMarkdown(wave.environment)}** (${clusterList(wave.clusters)}) ${back ? 'back to' : 'to'} ${code(target)}. Argo CD applies it, and Karpenter replaces the nodes within its disruption budgets.`,
    '',
    '### Change',
    '',
    '| file | object | from | to | clusters |',
    '| --- | --- | --- | --- | --- |',
    ...shown,
    ...(rows.length > shown.length
      ? ['', `and ${rows.length - shown.length} more; the diff shows them all.`]
      : []),
    ...(leftAlone.length === 0
      ? []
      : [
          '',
          `Left alone, because somebody edited them since: ${escapeMarkdown(clamp(leftAlone.join('; '), 2000))}.`,
        ]),
    '',
    ...approvalLines(rollout, wave, names),
    '',
    ...(back ? takenBackLines(rollout) : analysisMarkdown(rollout)),
    '### How to go back',
    '',
    back
      ? 'Edit the pins by hand; Amiable yields to what Git says.'
      : `Press *Roll back...* on the card in Slack, or run \`/ami rollback ${rollout.id.slice(3)}\`. By hand: put the values of the column “from” back. A Git revert of this merge does the same as long as nobody has edited these files since.`,
    '',
    `Rollout ${rollout.id}, ${escapeMarkdown(wave.environment)} ${escapeMarkdown(wave.name)}. ${merges}; its status is amiable/approval.`,
  ];
  return { title: clamp(oneLine(title), 250), body: clampLines(parts.join('\n')) };
}

/** As code, in which GitHub links and mentions nothing; in words where it holds more than names do. */
function code(text: string): string {
  return /^[\w@.:/#-]{1,200}$/.test(text) ? `\`${text}\`` : escapeMarkdown(text);
}

function clusterList(clusters: readonly string[]): string {
  const shown = clusters.slice(0, 10).map((cluster) => escapeMarkdown(clamp(cluster, 100)));
  const more = clusters.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Whole lines, as many as GitHub takes: nothing is cut in the middle of a cell or an entity. */
function clampLines(body: string): string {
  return body.length <= bodyRoom ? body : body.slice(0, body.lastIndexOf('\n', bodyRoom));
}

function approvalLines(
  rollout: Rollout,
  wave: Wave,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  if (wave.recovery !== undefined) {
    const { rollback } = rollout;
    const who = rollback === undefined ? 'somebody' : (names.get(rollback.by) ?? rollback.by);
    return [
      '### Asked for by',
      '',
      `${escapeMarkdown(who)}: ${escapeMarkdown(rollback?.reason ?? '')}`,
    ];
  }
  const ask = environmentNamed(rollout, wave.environment)?.ask;
  const grants = (ask?.grants ?? []).map(({ by, at, note }) => {
    const said = note === undefined ? '' : `: ${escapeMarkdown(note)}`;
    return `- ${escapeMarkdown(names.get(by) ?? by)}, ${isoOf(at)}${said}`;
  });
  const policy = environmentNamed(rollout, wave.environment)?.policy;
  const digest = ['', `Digest \`${ask?.digest ?? ''}\``];
  if (policy !== undefined && mergesInGitHub(policy)) {
    const order =
      'Its status amiable/approval says whether anything of Amiable stands against that.';
    return ['### Approval', '', `Merging this on GitHub is the approval. ${order}`, ...digest];
  }
  if (grants.length === 0 && ask?.automatic === undefined) {
    return [
      '### Approval',
      '',
      'Not approved when this was opened: people are asked in Slack.',
      ...digest,
    ];
  }
  return ['### Approved by', '', ...grants, ...digest];
}

function mergesText(rollout: Rollout, wave: Wave): string {
  const policy = environmentNamed(rollout, wave.environment)?.policy;
  if (wave.recovery !== undefined || policy === undefined)
    return 'Amiable merges this itself once its checks pass';
  if (peopleMerge(policy)) return 'People merge this';
  return mergesByButton(policy)
    ? 'Amiable merges this once its checks pass and an approver presses Merge in Slack'
    : 'Amiable merges this itself once its checks pass';
}

/** The facts were worked out for the way there, and are worth reading for what is lost again. */
function takenBackLines(rollout: Rollout): readonly string[] {
  const [, ...facts] = analysisMarkdown(rollout);
  return [
    '### What is taken back',
    '',
    `What follows was worked out for the way to ${code(rollout.release)}: this goes from right to left, and what was fixed is open again.`,
    ...facts,
  ];
}
