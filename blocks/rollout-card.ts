import type { Button, KnownBlock, Overflow } from '@slack/types';
import type { Environment, Rollout } from '../src/rollout/rollout.ts';
import { isEnded, missingApprovals, wavesOf } from '../src/rollout/rollout.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { noSummaryText, riskText, securityText, summaryText } from './analysis-text.ts';
import {
  actions,
  button,
  confirmation,
  context,
  fields,
  header,
  type Message,
  overflow,
  section,
} from './block-kit.ts';
import { type CardKey, encodeAskBlock, encodeCardKey } from './card-key.ts';
import { nameOf } from './names.ts';
import { clusterCount, environmentText, stateOf } from './state.ts';
import { duration, localTime } from './times.ts';

/** What the card shows beside the record: passing knowledge of the last look. */
export type CardView = {
  readonly rollout: Rollout;
  readonly names: ReadonlyMap<string, string>;
  /** What stands in the way, each in a sentence. */
  readonly troubles: readonly string[];
  /** What open pull requests wait for, each in a sentence. */
  readonly waits: readonly string[];
  readonly frozen?: { readonly by: string; readonly reason: string };
};

/** The root message of a rollout's thread: drawn anew from the state, never patched. */
export function rolloutCard(view: CardView): Message {
  const { rollout } = view;
  const { word, glyph } = stateOf(rollout);
  const { done, all } = clusterCount(rollout);
  const release = escapeMrkdwn(rollout.release);
  const title = `${word}: EKS nodes ${rollout.release} (${done} of ${all} clusters)`;
  const sentence = `${glyph} ${consequence(view)}`;
  if (rollout.outcome !== undefined) {
    return {
      text: `${word}: EKS nodes ${release}. ${consequence(view)}`,
      blocks: [
        header(title),
        section(sentence),
        actions(`card-${rollout.id}`, closedButtons(rollout)),
        lastLine(view),
      ],
    };
  }
  const blocks: KnownBlock[] = [
    header(title),
    section(`${sentence} ${riskText(rollout)}`),
    fields([
      ['From → to', fromTo(rollout)],
      ['Security', securityText(rollout)],
      ['Scope', scope(rollout)],
      ['Plan', plan(rollout)],
    ]),
    section(
      rollout.environments.map((environment) => environmentLine(view, environment)).join('\n'),
    ),
  ];
  const banners = bannerLines(view);
  if (banners.length > 0) blocks.push(section(banners.join('\n')));
  blocks.push(...decisionRows(rollout));
  blocks.push(lastLine(view));
  return { text: `${word}: EKS nodes ${release}. ${consequence(view)}`, blocks };
}

/** One sentence: what is so now, and what comes next. */
function consequence({ rollout, names }: CardView): string {
  const { outcome, rollback, snoozed, paused } = rollout;
  const nodesMoved = rollout.environments
    .flatMap(({ waves }) => waves)
    .reduce((sum, { phase }) => sum + (phase.name === 'complete' ? phase.replaced : 0), 0);
  if (outcome !== undefined) {
    const took = duration(outcome.at - rollout.openedAt);
    switch (outcome.name) {
      case 'complete':
        return `${nodesMoved} nodes replaced in ${took}.`;
      case 'rolled-back': {
        const who = nameOf(names, rollback?.by);
        return `Rolled back by ${who}: “${escapeMrkdwn(rollback?.reason ?? '')}”.${leftOutText(rollout)}`;
      }
      case 'superseded':
        return `${escapeMrkdwn(outcome.by)} replaces it. No nodes moved.`;
      case 'rejected': {
        const rejected = rollout.environments.find((one) => one.rejected !== undefined)?.rejected;
        return `${nameOf(names, rejected?.by)} rejected it: “${escapeMrkdwn(rejected?.reason ?? '')}”.`;
      }
      case 'expired':
        return 'Nobody decided in time. Nothing more is merged.';
      case 'overtaken':
        return `The pins were moved by somebody else${detailOf(rollout)}. Amiable yields.`;
      case 'closed':
        return 'A pull request was closed, so it goes no further.';
      case 'observed':
        return 'In observe mode: Amiable would have proposed this, and changed nothing.';
      case 'failed':
        return 'What was merged is not what was approved. Nothing goes on by itself.';
    }
  }
  if (rollback !== undefined) {
    return `${nameOf(names, rollback.by)} asked to roll back: “${escapeMrkdwn(rollback.reason)}”.${leftOutText(rollout)}`;
  }
  if (rollout.environments.some(({ differs }) => differs !== undefined)) {
    return 'What was merged is not what was approved. Merges are stopped; look at the thread.';
  }
  if (snoozed !== undefined) {
    return `Snoozed by ${nameOf(names, snoozed.by)} until ${localTime(snoozed.until)}.`;
  }
  if (paused !== undefined) {
    const why = paused.reason === undefined ? '' : `: “${escapeMrkdwn(paused.reason)}”`;
    return `Paused by ${nameOf(names, paused.by)}${why}. Nothing more is merged; nodes that are due are still replaced.`;
  }
  const asking = rollout.environments.filter(({ phase }) => phase.name === 'awaiting-approval');
  const summary = summaryText(rollout);
  if (asking.length > 0) {
    const which = asking.map(({ policy }) => policy.name).join(' and ');
    return `Moves the node image of ${escapeMrkdwn(which)}.${summary === '' ? '' : ` ${summary}`}`;
  }
  const moving = rollout.environments
    .filter(({ phase }) => phase.name === 'rolling' || phase.name === 'approved')
    .map((environment) => `${environment.policy.name}: ${environmentText(rollout, environment)}`);
  return moving.length > 0 ? `${escapeMrkdwn(moving.join('; '))}.` : summary;
}

function environmentLine({ rollout, names }: CardView, environment: Environment): string {
  const { policy, ask, phase } = environment;
  const parts = [
    `*${escapeMrkdwn(policy.name)}*: ${escapeMrkdwn(environmentText(rollout, environment))}`,
  ];
  if (ask !== undefined && ask.grants.length > 0) {
    parts.push(`approved by ${ask.grants.map(({ by }) => nameOf(names, by)).join(', ')}`);
  }
  if (phase.name === 'awaiting-approval' && ask !== undefined) {
    const missing = missingApprovals(environment);
    parts.push(`still needed: ${missing}, by ${localTime(ask.expiresAt)}`);
    if (ask.unproven.length > 0) {
      parts.push(`not proven on ${escapeMrkdwn(ask.unproven.join(', '))}: no node ran it there`);
    }
  }
  const links = wavesOf(environment)
    .flatMap(({ parts: pulls }) => pulls)
    .map(({ url, number }) => `<${encodeURI(url)}|#${number}>`);
  if (links.length > 0) parts.push(links.join(' '));
  return parts.join(' · ');
}

function bannerLines({ rollout, names, troubles, waits, frozen }: CardView): string[] {
  const lines: string[] = [];
  if (frozen !== undefined) {
    lines.push(
      `:snowflake: All merges are frozen by ${nameOf(names, frozen.by)}: “${escapeMrkdwn(frozen.reason)}”.`,
    );
  }
  for (const { policy, unapprovedMerge } of rollout.environments) {
    if (unapprovedMerge === undefined) continue;
    lines.push(
      `:warning: ${escapeMrkdwn(policy.name)} was merged by ${escapeMrkdwn(unapprovedMerge.by)} on GitHub without the approvals. An approver has to press Continue, or roll back.`,
    );
  }
  for (const wave of rollout.environments.flatMap(wavesOf)) {
    if (wave.stalled === undefined || isEnded(wave.phase)) continue;
    const why = wave.stalled.blockers.join('; ');
    lines.push(`:warning: Stalled since ${localTime(wave.stalled.since)}: ${escapeMrkdwn(why)}.`);
  }
  for (const what of [...waits, ...troubles].slice(0, 4))
    lines.push(`:information_source: ${escapeMrkdwn(what)}.`);
  return lines;
}

/** One row for each environment that asks, else one row for the rollout. */
function decisionRows(rollout: Rollout): KnownBlock[] {
  const { id } = rollout;
  const value = encodeCardKey({ rolloutId: id });
  const asking = rollout.environments.filter(({ phase }) => phase.name === 'awaiting-approval');
  const rows: KnownBlock[] = [];
  if (rollout.rollback !== undefined) {
    return [actions(`card-${id}`, [details(value)])];
  }
  for (const environment of rollout.snoozed === undefined && rollout.paused === undefined
    ? asking
    : []) {
    const key = askKey(rollout, environment);
    rows.push(actions(encodeAskBlock(key), askButtons(rollout, environment, key)));
  }
  const merged = rollout.environments.some(({ waves }) =>
    waves.some(({ parts }) => parts.some(({ mergeSha }) => mergeSha !== undefined)),
  );
  const own: (Button | Overflow)[] = [];
  for (const { policy, unapprovedMerge } of rollout.environments) {
    if (unapprovedMerge === undefined) continue;
    const key = encodeCardKey({ rolloutId: id, environment: policy.name });
    own.push(
      button('rollout:accept-merge', `Continue ${policy.name}`, { value: key, style: 'primary' }),
    );
  }
  if (rollout.snoozed !== undefined)
    own.push(button('rollout:wake', 'Wake now', { value, style: 'primary' }));
  else if (rollout.paused !== undefined) {
    own.push(button('rollout:resume', 'Resume rollout', { value, style: 'primary' }));
  } else own.push(button('rollout:pause', 'Pause rollout', { value }));
  if (merged) own.push(button('rollout:rollback', 'Roll back...', { value, style: 'danger' }));
  own.push(details(value));
  if (!merged && rollout.snoozed === undefined)
    own.push(button('rollout:snooze', 'Snooze...', { value }));
  rows.push(actions(`card-${id}`, own));
  return rows;
}

function askKey({ id }: Rollout, { policy, ask }: Environment): CardKey {
  return {
    rolloutId: id,
    environment: policy.name,
    ...(ask === undefined ? {} : { ask: ask.number }),
  };
}

function askButtons(
  rollout: Rollout,
  environment: Environment,
  key: CardKey,
): (Button | Overflow)[] {
  const { policy } = environment;
  const value = encodeCardKey(key);
  const last = missingApprovals(environment) === 1;
  const clusters = new Set(environment.waves.flatMap((wave) => wave.clusters)).size;
  const outcome =
    policy.mode === 'merge'
      ? 'is opened and merged when its checks pass'
      : 'is opened; people merge it on GitHub';
  return [
    button('rollout:approve', `Approve ${policy.name}`, {
      value,
      style: 'primary',
      spoken: `Approve ${policy.name} for rollout ${rollout.id}`,
      ...(last
        ? {
            confirm: confirmation(
              'Start this rollout?',
              `One approval is missing. If yours counts, a pull request for ${clusters} ${clusters === 1 ? 'cluster' : 'clusters'} ${outcome}.`,
              'Approve and start',
              'Not yet',
            ),
          }
        : {}),
    }),
    button('rollout:reject', `Reject ${policy.name}...`, {
      value,
      style: 'danger',
      spoken: `Reject ${policy.name} for rollout ${rollout.id}`,
    }),
    // An option holds 75 characters, too few for a key: the row's own name holds it.
    overflow('rollout:more', [
      { label: 'Approve with note...', value: 'note' },
      { label: 'Withdraw my approval', value: 'withdraw' },
    ]),
  ];
}

function closedButtons(rollout: Rollout): Button[] {
  const value = encodeCardKey({ rolloutId: rollout.id });
  return rollout.outcome?.name === 'complete'
    ? [details(value), button('rollout:rollback', 'Roll back...', { value })]
    : [details(value)];
}

function details(value: string): Button {
  return button('rollout:details', 'Details', { value });
}

function fromTo({ environments, release }: Rollout): string {
  const from = new Set(environments.flatMap(({ replaces }) => replaces.map((one) => one.release)));
  return `${escapeMrkdwn([...from].sort().join(', '))} → ${escapeMrkdwn(release)}`;
}

function scope(rollout: Rollout): string {
  const { all } = clusterCount(rollout);
  const pins = rollout.environments
    .flatMap(({ replaces }) => replaces)
    .reduce((sum, one) => sum + one.pins, 0);
  const skips = rollout.skips === 0 ? '' : `, skips ${rollout.skips} releases`;
  return `${all} clusters, ${pins} pins${skips}`;
}

function plan({ environments }: Rollout): string {
  return environments
    .map(({ policy, waves }) => {
      const sizes = waves.map(({ clusters }) => clusters.length).join(', then ');
      const soak = policy.soakMs > 0 ? `, soak ${duration(policy.soakMs)}` : '';
      const mode = policy.mode === 'merge' ? '' : ` (${policy.mode} only)`;
      return `${escapeMrkdwn(policy.name)} ${sizes} ${waves.length === 1 && sizes === '1' ? 'cluster' : 'clusters'}${soak}${mode}`;
    })
    .join(' → ');
}

function leftOutText({ rollback }: Rollout): string {
  const out = rollback?.leftOut ?? [];
  if (out.length === 0) return '';
  return ` Left out: ${escapeMrkdwn(out.map(({ cluster, why }) => `${cluster} (${why})`).join(', '))}.`;
}

function detailOf({ environments }: Rollout): string {
  const detail = environments.find(({ overtaken }) => overtaken !== undefined)?.overtaken?.detail;
  return detail === undefined || detail === '' ? '' : ` (${escapeMrkdwn(detail)})`;
}

function lastLine({ rollout }: CardView): KnownBlock {
  const summary =
    rollout.analysis === 'pending'
      ? 'analysis under way'
      : noSummaryText(rollout) || 'AI summary, sources in Details';
  return context(
    `${rollout.id} · opened ${localTime(rollout.openedAt)} · last change ${localTime(rollout.lastChangeAt)} · ${summary}`,
  );
}
