import { act } from '../../src/sandbox/act.ts';
import { hour } from '../../src/shared/time.ts';
import type { CrashSandbox } from './crash-sandbox.ts';
import { cardOf, type Deed, rejectsWithPullRequest } from './people.ts';

const gitops = ({ standIns }: CrashSandbox) => standIns.github.repository('acme/gitops');

/** GitHub merges by a queue alone, which waits for others so long that there is time to take something out. */
export function requiresQueue(): Deed {
  let done = false;
  return {
    what: 'the branch gets a merge queue',
    ready: () => true,
    shows: () => done,
    async do(_, __, sandbox) {
      gitops(sandbox).protect({ mergeQueue: { waitMs: 12 * hour } });
      done = true;
    },
  };
}

/** Pauses as soon as the pull request waits in the queue. */
export function pausesInQueue(user: string): Deed {
  return {
    what: `${user} pauses`,
    ready: ({ environments }) =>
      environments.some(({ waves }) => waves.some(({ pulls }) => pulls.length > 0)),
    shows: ({ status }) => status === 'paused',
    async do(_, state, sandbox) {
      if (gitops(sandbox).queue().length === 0) return;
      const thread_ts = cardOf(state)?.ts ?? '';
      await act(sandbox.standIns, { user, thread_ts, text: '@amiable pause' });
    },
  };
}

/** Rejects once it is out of the queue. */
export function rejectsOutOfQueue(user: string, environment: string): Deed {
  const rejects = rejectsWithPullRequest(user, environment);
  return {
    ...rejects,
    async do(rollout, state, sandbox) {
      // Out of it, and on record: right after a crash the one may be so before the other.
      const { environments } = rollout;
      const merging = environments.some(({ waves }) =>
        waves.some((one) => one.phase === 'merging'),
      );
      if (!merging && gitops(sandbox).queue().length === 0)
        await rejects.do(rollout, state, sandbox);
    },
  };
}
