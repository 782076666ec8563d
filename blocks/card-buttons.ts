import type { Button, KnownBlock, Overflow } from '@slack/types';
import { clustersToBrake } from '../src/rollout/brake.ts';
import { canStillBeRejected } from '../src/rollout/decide-approval.ts';
import { isMergeable } from '../src/rollout/decide-press.ts';
import { mergesByButton, mergesInGitHub } from '../src/rollout/pull-request-rule.ts';
import type { Environment, Rollout } from '../src/rollout/rollout.ts';
import { missingApprovals } from '../src/rollout/rollout.ts';
import { hasWayBack } from '../src/rollout/way-back.ts';
import { actions, button, confirmation, overflow } from './block-kit.ts';
import { brakeLeaves } from './brake.ts';
import type { CardKey } from './card-key.ts';
import { encodeAskBlock, encodeCardKey } from './card-key.ts';
import { approvedThen } from './merged-how.ts';
import { count, listed } from './phrases.ts';

/**
 * One row for each environment that asks, else one row for the rollout.
 * @param green environments whose next pull requests wait for nothing on GitHub.
 */
export function decisionRows(
  rollout: Rollout,
  green: ReadonlySet<string> = new Set(),
): KnownBlock[] {
  const { id } = rollout;
  const value = encodeCardKey({ rolloutId: id });
  const asking = rollout.environments.filter(({ phase }) => phase.name === 'awaiting-approval');
  const rows: KnownBlock[] = [];
  if (rollout.rollback !== undefined) {
    return [actions(`card-${id}`, [detailsButton(value)])];
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
  for (const environment of rollout.environments) {
    if (green.has(environment.policy.name)) own.push(...mergeButtons(rollout, environment));
  }
  if (rollout.paused !== undefined)
    own.push(button('rollout:resume', 'Resume rollout', { value, style: 'primary' }));
  else if (rollout.snoozed !== undefined) {
    own.push(button('rollout:wake', 'Wake now', { value, style: 'primary' }));
  } else own.push(button('rollout:pause', 'Pause rollout', { value }));
  if (clustersToBrake(rollout).length > 0 && (rollout.brake?.releasing ?? true))
    own.push(brakeButton(rollout, value));
  if (merged) own.push(button('rollout:rollback', 'Roll back...', { value, style: 'danger' }));
  own.push(detailsButton(value));
  if (!merged && rollout.snoozed === undefined)
    own.push(button('rollout:snooze', 'Snooze...', { value }));
  rows.push(actions(`card-${id}`, own));
  for (const environment of rollout.environments) {
    if (asking.includes(environment) || !canStillBeRejected(environment)) continue;
    const key = askKey(rollout, environment);
    rows.push(actions(encodeAskBlock(key), secondThoughts(rollout, environment, key)));
  }
  return rows;
}

/** Where the policy leaves the moment to people, and nobody has chosen it yet. */
function mergeButtons(rollout: Rollout, environment: Environment): Button[] {
  const { policy, waves } = environment;
  const wave = waves.find(({ phase }) => phase.name !== 'complete');
  if (wave === undefined || !mergesByButton(policy)) return [];
  if (!isMergeable(rollout, environment, wave)) return [];
  const numbers = wave.parts.map(({ number }) => `#${number}`);
  return [
    button('rollout:merge', `Merge ${policy.name}`, {
      value: encodeCardKey(askKey(rollout, environment)),
      style: 'primary',
      spoken: `Merge ${listed(numbers, 3)} for rollout ${rollout.id}`,
    }),
  ];
}

function brakeButton(rollout: Rollout, value: string): Button {
  const clusters = listed(clustersToBrake(rollout), 2);
  return button('rollout:brake', 'Brake...', {
    value,
    spoken: `Brake rollout ${rollout.id}`,
    confirm: confirmation(
      'Hold the old nodes?',
      `Nothing more is merged, and the old nodes of ${clusters} are held where the cluster permits it. ${brakeLeaves}`,
      'Brake',
      'Not now',
    ),
  });
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
  const reject = button('rollout:reject', `Reject ${policy.name}...`, {
    value,
    style: 'danger',
    spoken: `Reject ${policy.name} for rollout ${rollout.id}`,
  });
  if (mergesInGitHub(policy)) return [reject];
  return [
    button('rollout:approve', `Approve ${policy.name}`, {
      value,
      style: 'primary',
      spoken: `Approve ${policy.name} for rollout ${rollout.id}`,
      ...(last
        ? {
            confirm: confirmation(
              'Start this rollout?',
              rollout.theirs !== undefined
                ? `One approval is missing. If yours counts, #${rollout.theirs.number} turns green, for people to merge on GitHub.`
                : `One approval is missing. If yours counts, ${environment.waves.length > 1 ? `a pull request for each of ${environment.waves.length} waves` : 'a pull request'} (${count(clusters, 'cluster')}) ${approvedThen(environment)}.`,
              'Approve and start',
              'Not yet',
            ),
          }
        : {}),
    }),
    reject,
    // An option holds 75 characters, too few for a key: the row's own name holds it.
    overflow('rollout:more', [
      { label: 'Approve with note...', value: 'note' },
      { label: 'Withdraw my approval', value: 'withdraw' },
    ]),
  ];
}

/** Approved, and nothing merged on it yet: whoever thinks again finds the way here. */
function secondThoughts({ id }: Rollout, { policy }: Environment, key: CardKey): Button[] {
  const value = encodeCardKey(key);
  return [
    button('rollout:reject', `Reject ${policy.name}...`, {
      value,
      spoken: `Reject ${policy.name} for rollout ${id}`,
    }),
    button('rollout:withdraw', 'Withdraw my approval', {
      value,
      spoken: `Withdraw my approval of ${policy.name} for rollout ${id}`,
    }),
  ];
}

export function closedButtons(rollout: Rollout): Button[] {
  const value = encodeCardKey({ rolloutId: rollout.id });
  // However it ended: what moved before can be taken back.
  return hasWayBack(rollout)
    ? [detailsButton(value), button('rollout:rollback', 'Roll back...', { value })]
    : [detailsButton(value)];
}

function detailsButton(value: string): Button {
  return button('rollout:details', 'Details', { value });
}
