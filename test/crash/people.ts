import { setTimeout as wait } from 'node:timers/promises';
import type { Acted } from '../../src/sandbox/act.ts';
import { act } from '../../src/sandbox/act.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { RolloutId } from '../../src/shared/ids.ts';
import type { CrashSandbox } from './crash-sandbox.ts';

type RolloutState = SandboxState['rollouts'][number];

/** What a person does, until it shows: people press again when nothing came of it. */
export type Deed = {
  readonly what: string;
  /** Whether the time for it has come. */
  ready(rollout: RolloutState, state: SandboxState): boolean;
  /** Whether it shows; it is done again until then. */
  shows(rollout: RolloutState, state: SandboxState): boolean;
  do(rollout: RolloutState, state: SandboxState, sandbox: CrashSandbox): Promise<unknown>;
};

/** Nobody presses twice within this time, in real ms: the restart of a dead service takes most of it. */
const patienceMs = 2_500;

/** Drives a rollout to its end: one deed after the other, when its time has come. @returns its id. */
export async function playPeople(
  sandbox: CrashSandbox,
  deeds: readonly Deed[],
  {
    ends,
    withinMs = 420_000,
  }: {
    readonly ends: (rollout: RolloutState, state: SandboxState) => boolean;
    readonly withinMs?: number;
  },
): Promise<RolloutId> {
  const until = performance.now() + withinMs;
  const todo = [...deeds];
  let triedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const state = await sandbox.state();
    const rollout = state.rollouts.at(0);
    if (rollout !== undefined) {
      const [deed] = todo;
      if (deed === undefined) {
        if (ends(rollout, state)) return RolloutId.parse(rollout.id);
      } else if (deed.shows(rollout, state)) {
        todo.shift();
        triedAt = Number.NEGATIVE_INFINITY;
      } else if (deed.ready(rollout, state) && performance.now() - triedAt > patienceMs) {
        triedAt = performance.now();
        await deed.do(rollout, state, sandbox);
      }
    }
    if (performance.now() > until) {
      const missing = todo.map(({ what }) => what);
      throw new Error(
        `It did not end. Not done: ${missing.join(', ')}. ${JSON.stringify(rollout)}\n${sandbox.log.slice(-40).join('\n')}`,
      );
    }
    await wait(100);
  }
}

function phaseOf(rollout: RolloutState, environment: string): string | undefined {
  return rollout.environments.find(({ name }) => name === environment)?.phase;
}

function approvalsOf(rollout: RolloutState, environment: string): readonly string[] {
  return rollout.environments.find(({ name }) => name === environment)?.approvals ?? [];
}

/** Presses Approve on the card. */
export function approves(user: string, environment: string): Deed {
  return {
    what: `${user} approves ${environment}`,
    ready: (rollout) => phaseOf(rollout, environment) === 'awaiting-approval',
    shows: (rollout) => approvalsOf(rollout, environment).includes(user),
    do: (_, state, sandbox) => press(sandbox, state, user, 'rollout:approve', environment),
  };
}

/** Writes it in the thread: the answer comes as a message that only they see. */
export function approvesByMention(user: string, environment: string): Deed {
  return {
    ...approves(user, environment),
    what: `${user} approves ${environment} by a mention`,
    do: (_, state, { standIns }) =>
      act(standIns, {
        user,
        thread_ts: cardOf(state)?.ts ?? '',
        text: `@amiable approve ${environment}`,
      }),
  };
}

/** Somebody without rights presses, and is told so. */
export function isRefused(user: string, environment: string): Deed {
  return {
    what: `${user} is refused`,
    ready: (rollout) => phaseOf(rollout, environment) === 'awaiting-approval',
    shows: (_, { slack }) => slack.ephemerals.some((told) => told.user === user),
    do: (_, state, sandbox) => press(sandbox, state, user, 'rollout:approve', environment),
  };
}

/** Opens the details of the release. */
export function readsDetails(user: string): Deed {
  return {
    what: `${user} reads the details`,
    ready: (_, state) => cardOf(state) !== undefined,
    shows: (_, { slack }) =>
      slack.views.some((view) => view.user === user && view.type === 'modal'),
    do: (_, state, sandbox) => press(sandbox, state, user, 'rollout:details'),
  };
}

/** Opens the modal that rejects, and takes their time. */
export function startsRejecting(user: string, environment: string): Deed {
  return {
    what: `${user} is about to reject ${environment}`,
    ready: (rollout) => phaseOf(rollout, environment) === 'awaiting-approval',
    shows: (_, { slack }) => slack.views.some((view) => view.user === user),
    do: (_, state, sandbox) => press(sandbox, state, user, 'rollout:reject', environment),
  };
}

/** Submits it once a pull request is open. */
export function rejectsWithPullRequest(user: string, environment: string): Deed {
  return {
    what: `${user} rejects ${environment}`,
    ready: (rollout) =>
      rollout.environments.some(({ waves }) => waves.some(({ pulls }) => pulls.length > 0)),
    shows: (rollout) => phaseOf(rollout, environment) === 'rejected',
    do: (_, { slack }, { standIns }) =>
      act(standIns, {
        user,
        view_id: slack.views.find((view) => view.user === user)?.id,
        values: { reason: { text: 'The kernel of this release hangs on our nodes.' } },
      }),
  };
}

/** No node of the cluster can be drained, so that there is time to brake. */
export function keepsPods(cluster: string): Deed {
  let done = false;
  return {
    what: `pods of ${cluster} are kept`,
    ready: () => true,
    shows: () => done,
    async do(_, __, { standIns }) {
      standIns.kubernetes.act(cluster, { do: 'block-pdb' });
      done = true;
    },
  };
}

/** Stops it in the middle of the first environment. */
export function brakes(user: string, environment: string): Deed {
  return {
    what: `${user} brakes`,
    ready: (rollout) =>
      rollout.environments.some(
        ({ name, waves }) =>
          name === environment && waves.some(({ phase }) => phase === 'replacing'),
      ),
    shows: ({ status }) => status === 'paused',
    do: (_, state, { standIns }) =>
      act(standIns, { user, thread_ts: cardOf(state)?.ts ?? '', text: '@amiable brake' }),
  };
}

/** Lets it go on once what came of the brake was told. */
export function resumesAfter(user: string, said: string, cluster: string): Deed {
  return {
    what: `${user} resumes`,
    ready: (_, { slack }) => slack.messages.some(({ text }) => text.includes(said)),
    shows: ({ status }) => status !== 'paused',
    do: (_, state, { standIns }) => {
      standIns.kubernetes.act(cluster, { do: 'unblock-pdb' });
      return act(standIns, { user, thread_ts: cardOf(state)?.ts ?? '', text: '@amiable resume' });
    },
  };
}

/** The card that is kept true: a twin is an older one that nobody edits any more. */
export function cardOf(state: SandboxState) {
  return state.slack.messages.findLast(
    ({ thread_ts, blocks }) =>
      thread_ts === undefined && JSON.stringify(blocks).includes('rollout:details'),
  );
}

async function press(
  { standIns }: CrashSandbox,
  state: SandboxState,
  user: string,
  actionId: string,
  environment?: string,
): Promise<Acted | undefined> {
  const card = cardOf(state);
  if (card === undefined) return undefined;
  const elements = (card.blocks ?? []).flatMap((block) => {
    const { block_id, elements: all } = block as {
      block_id?: string;
      elements?: readonly { action_id?: string; value?: string }[];
    };
    return (all ?? []).map((element) => ({ ...element, block_id }));
  });
  const button = elements.find(
    ({ action_id, value = '' }) =>
      action_id === actionId &&
      (environment === undefined || value.includes(JSON.stringify(environment))),
  );
  if (button === undefined) return undefined;
  return act(standIns, {
    user,
    message_ts: card.ts,
    action_id: actionId,
    ...(button.block_id === undefined ? {} : { block_id: button.block_id }),
    ...(button.value === undefined ? {} : { value: button.value }),
  });
}
