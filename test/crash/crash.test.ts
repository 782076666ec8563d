import { afterEach, describe, expect, test } from 'vitest';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { effectNames } from '../../src/workflow/effect.ts';
import type { CrashSandbox } from './crash-sandbox.ts';
import { startCrashSandbox } from './crash-sandbox.ts';
import type { KillOrder } from './kill-orders.ts';
import { ordersOf } from './kill-orders.ts';
import type { Deed } from './people.ts';
import {
  approves,
  approvesByMention,
  isRefused,
  playPeople,
  readsDetails,
  rejectsWithPullRequest,
} from './people.ts';
import type { Aftermath, Story } from './story.ts';
import { tell } from './story.ts';

let running: CrashSandbox | undefined;

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** A release from its first card to the last node. */
const complete: readonly Deed[] = [
  readsDetails('U0GUEST'),
  isRefused('U0CY', 'staging'),
  approves('U0ANN', 'staging'),
  approvesByMention('U0BO', 'staging'),
  approves('U0DANA', 'production'),
  approvesByMention('U0ANN', 'production'),
];

/** A release that somebody rejects while its first pull request is open. */
const rejected: readonly Deed[] = [
  approves('U0ANN', 'staging'),
  approves('U0BO', 'staging'),
  rejectsWithPullRequest('U0DANA', 'staging'),
];

/** What only the second story does. */
const ofRejection = ordersOf(['close-pull-request']);

test('the orders of both stories reach every effect there is, at each of the three points', () => {
  expect([...ordersOf(effectNames)].sort()).toEqual([...ofCompletion(), ...ofRejection].sort());
});

describe('a service that dies around its effects', () => {
  test('completes a rollout as if it never had', async () => {
    const calm = await play(complete, []);
    const crashed = await play(complete, ofCompletion());
    expect(crashed.left).toEqual([]);
    agree(crashed, calm.story);
  });

  test('rejects one as if it never had', async () => {
    const calm = await play(rejected, []);
    const crashed = await play(rejected, ofRejection);
    expect(crashed.left).toEqual([]);
    agree(crashed, calm.story);
  });
});

function ofCompletion(): readonly KillOrder[] {
  return ordersOf(effectNames.filter((name) => name !== 'close-pull-request'));
}

type Played = {
  readonly story: Story;
  readonly aftermath: Aftermath;
  readonly left: readonly KillOrder[];
  readonly lostPosts: number;
  readonly log: string;
};

async function play(deeds: readonly Deed[], orders: readonly KillOrder[]): Promise<Played> {
  const began = performance.now();
  const sandbox = await startCrashSandbox(orders);
  running = sandbox;
  if (deeds === rejected) {
    // The checks never end: the pull request stays open until somebody decides.
    sandbox.standIns.github
      .repository('acme/gitops')
      .simulateChecks([
        { name: 'validate', durationMs: Number.MAX_SAFE_INTEGER, outcome: 'success' },
      ]);
  }
  const state = await playPeople(sandbox, deeds, { ends: isOver });
  const told = await tell(sandbox, state);
  const played = {
    ...told,
    left: sandbox.orders.left,
    lostPosts: sandbox.orders.lostPosts,
    log: `${sandbox.orders.struck.length} kills in ${Math.round(performance.now() - began)} ms`,
  };
  await sandbox.stop();
  running = undefined;
  return played;
}

/** Nothing is left to do: the rollout ended, and no pull request of it is open. */
function isOver({ status }: SandboxState['rollouts'][number], { github }: SandboxState): boolean {
  return (
    ['complete', 'rejected'].includes(status) && github.pulls.every(({ state }) => state !== 'open')
  );
}

/** The same story; and one message a slot, with at most one twin for each post whose reply was lost. */
function agree({ story, aftermath, lostPosts }: Played, calm: Story): void {
  expect(story).toEqual(calm);
  expect(aftermath).toMatchObject({ silent: [], pending: [] });
  expect(aftermath.twins.length, aftermath.twins.join('\n')).toBeLessThanOrEqual(lostPosts);
}
