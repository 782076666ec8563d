import { demo } from '../../src/sandbox/demo-world.ts';
import type { TakenPage } from '../../src/sandbox/paging/start-paging-stand-in.ts';
import type { SandboxState } from '../../src/sandbox/state.ts';
import { startCrashSandbox } from './crash-sandbox.ts';
import type { KillOrder } from './kill-orders.ts';
import type { Deed } from './people.ts';
import { playPeople } from './people.ts';
import { killAtRandom } from './random-kills.ts';
import type { Aftermath, Story } from './story.ts';
import { tell } from './story.ts';

export type Played = {
  readonly story: Story;
  readonly aftermath: Aftermath;
  /** Nodes that still carry our mark. */
  readonly marks: readonly string[];
  /** How often Argo CD synced something in part. */
  readonly partialSyncs: number;
  /** What the pager was told, oldest first. */
  readonly pages: readonly TakenPage[];
  /** Kill orders that were never reached. */
  readonly left: readonly KillOrder[];
  /** How many posts may have been made and not recorded: each may have left a twin. */
  readonly lostPosts: number;
};

/** One story from the first card to the end, in a sandbox of its own, with all the deaths that are ordered. */
export async function play(
  deeds: readonly Deed[],
  {
    orders = [],
    atRandom,
    checksTakeMs,
  }: {
    readonly orders?: readonly KillOrder[];
    readonly atRandom?: { readonly seed: number; readonly times: number };
    /** Absent: as long as in the demonstration. */
    readonly checksTakeMs?: number;
  } = {},
): Promise<Played> {
  const sandbox = await startCrashSandbox(orders);
  const random = killAtRandom(sandbox, atRandom ?? { seed: 0, times: 0 });
  try {
    if (checksTakeMs !== undefined) {
      sandbox.standIns.github
        .repository('acme/gitops')
        .simulateChecks([{ name: 'validate', durationMs: checksTakeMs, outcome: 'success' }]);
    }
    const id = await playPeople(sandbox, deeds, { ends: isOver });
    await random.stop();
    return {
      ...(await tell(sandbox, id)),
      marks: demo.clusters.flatMap(({ name }) =>
        sandbox.standIns.kubernetes
          .objects(name, 'nodes')
          .filter(({ metadata }) => metadata.annotations?.['amiable.dev/brake'] !== undefined)
          .map(({ metadata }) => metadata.name),
      ),
      partialSyncs: sandbox.standIns.kubernetes.partialSyncs(),
      pages: sandbox.standIns.paging.taken(),
      left: sandbox.orders.left,
      lostPosts: sandbox.orders.lostPosts + random.kills(),
    };
  } finally {
    await random.stop();
    await sandbox.stop();
  }
}

/** Nothing is left to do: the rollout ended, and no pull request of it is open. */
function isOver({ status }: SandboxState['rollouts'][number], { github }: SandboxState): boolean {
  return (
    ['complete', 'rejected'].includes(status) && github.pulls.every(({ state }) => state !== 'open')
  );
}
