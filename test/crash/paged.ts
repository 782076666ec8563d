import type { CrashSandbox } from './crash-sandbox.ts';
import { ordersOf } from './kill-orders.ts';
import type { Deed } from './people.ts';
import { approves, keepsPods, rejectsWithPullRequest, startsRejecting } from './people.ts';

const cluster = 'staging-eu-1';
const rights = ['list nodeclaims', 'watch nodeclaims'] as const;

/** The service loses sight of a cluster that replaces nodes, until somebody was woken whom it remembers. */
function losesSight(): Deed {
  let sandbox: CrashSandbox | undefined;
  return {
    what: `${cluster} shows no nodes`,
    ready: ({ environments }) =>
      environments.some(({ waves }) =>
        waves.some(({ phase, clusters }) => phase === 'replacing' && clusters.includes(cluster)),
      ),
    shows() {
      if (sandbox === undefined) return false;
      const { standIns, orders } = sandbox;
      const fired = standIns.paging.taken().filter(({ status }) => status === 'firing');
      const forgotten = orders.struck.filter((order) => /^(lost|after):page$/.test(order));
      return orders.left.length === 0 && fired.length > forgotten.length;
    },
    async do(_, __, here) {
      sandbox = here;
      for (const what of rights) here.standIns.kubernetes.act(cluster, { do: 'deny', what });
    },
  };
}

/** It sees again, and its pods may move. */
function seesAgain(): Deed {
  let sandbox: CrashSandbox | undefined;
  return {
    what: `${cluster} shows its nodes again`,
    ready: () => true,
    shows: () => sandbox?.standIns.paging.taken().at(-1)?.status === 'resolved',
    async do(_, __, here) {
      sandbox = here;
      const { kubernetes } = here.standIns;
      for (const what of rights) kubernetes.act(cluster, { do: 'allow', what });
      kubernetes.act(cluster, { do: 'unblock-pdb' });
    },
  };
}

/** A release whose first cluster cannot be seen while its nodes are replaced: one of the four conditions that wake. */
export const paged: readonly Deed[] = [
  keepsPods(cluster),
  approves('U0ANN', 'staging'),
  approves('U0BO', 'staging'),
  losesSight(),
  seesAgain(),
  startsRejecting('U0DANA', 'production'),
  rejectsWithPullRequest('U0DANA', 'production'),
];

export const ofPage = ordersOf(['page']);
