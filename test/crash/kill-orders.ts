import { killedAt } from '../../src/cli/sandbox-service.ts';
import type { FaultService } from '../../src/sandbox/faults.ts';
import type { StandIns } from '../../src/sandbox/stand-ins.ts';
import type { EffectName } from '../../src/workflow/effect.ts';

/**
 * Where the service dies: before an effect is sent; when it is done and the reply is lost; when the reply came and
 * nothing of it is stored yet.
 */
const killPoints = ['before', 'lost', 'after'] as const;
export type KillPoint = (typeof killPoints)[number];
export type KillOrder = `${KillPoint}:${EffectName}`;

/** The request that does an effect. A new effect does not compile until it stands here. */
const requestOf: Readonly<Record<EffectName, { service: FaultService; match: string }>> = {
  'create-branch': { service: 'github', match: 'POST /repos/acme/gitops/git/refs' },
  'commit-change': { service: 'github', match: 'POST /graphql createCommitOnBranch' },
  'open-pull-request': { service: 'github', match: 'POST /repos/acme/gitops/pulls' },
  'close-pull-request': { service: 'github', match: 'PATCH /repos/acme/gitops/pulls/' },
  'set-status': { service: 'github', match: 'POST /repos/acme/gitops/statuses/' },
  merge: { service: 'github', match: 'PUT /repos/acme/gitops/pulls/' },
  dequeue: { service: 'github', match: 'POST /graphql dequeuePullRequest' },
  'post-message': { service: 'slack', match: 'chat.postMessage' },
  'edit-message': { service: 'slack', match: 'chat.update' },
  'upload-picture': { service: 'slack', match: 'files.completeUploadExternal' },
  'answer-person': { service: 'slack', match: 'chat.postEphemeral' },
  'show-modal': { service: 'slack', match: 'views.open' },
  'hold-nodes': { service: 'kubernetes', match: 'amiable-hold' },
  'release-nodes': { service: 'kubernetes', match: 'amiable-release' },
  'sync-node-class': { service: 'kubernetes', match: 'amiable-sync' },
  page: { service: 'paging', match: 'POST firing amiable/' },
};

export function ordersOf(effects: readonly EffectName[]): readonly KillOrder[] {
  return effects.flatMap((effect) => killPoints.map((point): KillOrder => `${point}:${effect}`));
}

/** The orders of one run: each strikes once, the first that is reached first, and the next start knows the rest. */
export class KillOrders {
  #left: readonly KillOrder[];
  readonly struck: KillOrder[] = [];

  constructor(orders: readonly KillOrder[]) {
    this.#left = orders;
  }

  /** Orders that were never reached. */
  get left(): readonly KillOrder[] {
    return this.#left;
  }

  /** How often the service died with a message posted and not recorded: each may leave a twin. */
  get lostPosts(): number {
    return this.struck.filter((one) => /^(lost|after):post-message$/.test(one)).length;
  }

  /** What the service is started with: it kills itself around effects. */
  arguments(): readonly string[] {
    const own = this.#left.filter((order) => !order.startsWith('lost:'));
    return own.length === 0 ? [] : ['--kill', own.map((order) => `${order}:1`).join(',')];
  }

  /** The service said that it kills itself. */
  heard(line: string): void {
    const [, order] = new RegExp(`${killedAt} ([a-z:-]+?):1`).exec(line) ?? [];
    if (order !== undefined) this.#strike(order as KillOrder);
  }

  /** Orders the stand-ins to lose replies, and kills the service when one does. */
  loseReplies(standIns: StandIns, kill: () => void): void {
    for (const order of this.#left.filter((one) => one.startsWith('lost:'))) {
      const { service, match } = requestOf[order.slice('lost:'.length) as EffectName];
      standIns.order({ service, kind: 'lost-reply', match, times: 1 });
    }
    for (const faults of Object.values(standIns.faults)) {
      faults.onHit((kind, request) => {
        if (kind !== 'lost-reply') return;
        kill();
        const order = this.#left.find(
          (one) =>
            one.startsWith('lost:') &&
            request.includes(requestOf[one.slice('lost:'.length) as EffectName].match),
        );
        if (order !== undefined) this.#strike(order);
      });
    }
  }

  #strike(order: KillOrder): void {
    this.#left = this.#left.filter((one) => one !== order);
    this.struck.push(order);
  }
}
