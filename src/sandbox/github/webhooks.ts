import { createHmac, randomUUID } from 'node:crypto';
import { isoOf } from '../../shared/time.ts';
import { checkRunJson } from './answers/check-answers.ts';
import { pullJson } from './answers/pull-answers.ts';
import { repositoryJson, userJson } from './answers/repository-answers.ts';
import type { Account, CheckRun, Pull, Repository, Status } from './state.ts';
import type { HookEvent, World } from './world.ts';

/** What goes wrong with deliveries, each as often as in reality: GitHub never repeats a lost one by itself. */
export type WebhookSwitches = {
  /** Deliveries are lost. */
  drop: boolean;
  /** Each comes twice, with the same delivery id. */
  double: boolean;
  /** Each two neighbours change places. */
  reorder: boolean;
};

export type WebhookTarget = { readonly url: string; readonly secret: string };

/** Sends signed webhooks one after the other; nobody waits for them, and a failed one is not sent again. */
export function createWebhooks(world: () => World, signal: AbortSignal) {
  const switches: WebhookSwitches = { drop: false, double: false, reorder: false };
  let target: WebhookTarget | undefined;
  let held: (() => Promise<void>) | undefined;
  let sending: Promise<void> = Promise.resolve();

  function emit(event: HookEvent): void {
    if (target === undefined || switches.drop) return;
    const delivery = deliveryOf(world(), target, event);
    const times = switches.double ? 2 : 1;
    const send = async () => {
      for (let i = 0; i < times; i += 1) await post(delivery, signal);
    };
    if (switches.reorder && held === undefined) {
      held = send;
      return;
    }
    const late = held;
    held = undefined;
    sending = sending.then(send).then(() => late?.());
  }

  return {
    switches,
    emit,
    deliverTo(to: WebhookTarget | undefined) {
      target = to;
    },
    /** Resolves when all that was emitted so far has been sent; for tests. */
    async settled(): Promise<void> {
      await sending;
    },
  };
}

type Delivery = {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

function deliveryOf(world: World, { url, secret }: WebhookTarget, hook: HookEvent): Delivery {
  const body = JSON.stringify(payloadOf(world, hook));
  return {
    url,
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/sandbox',
      'x-github-event': hook.event,
      'x-github-delivery': randomUUID(),
      'x-github-hook-installation-target-type': 'integration',
      'x-github-hook-installation-target-id': String(world.app.id),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
  };
}

async function post({ url, headers, body }: Delivery, signal: AbortSignal): Promise<void> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(10_000)]);
    const response = await fetch(url, { method: 'POST', headers, body, signal: limit });
    await response.body?.cancel();
  } catch {
    // GitHub notes a failed delivery in a list and goes on; so does everything that does not trust webhooks.
  }
}

function payloadOf(world: World, { event, repository, payload }: HookEvent): unknown {
  const base = {
    repository: repositoryJson(world, repository),
    installation: { id: world.state.installations.get(repository.owner.toLowerCase()) },
  };
  switch (event) {
    case 'push':
      return { ...base, ...pushPayload(world, payload as PushFacts) };
    case 'pull_request': {
      const { action, pull, by } = payload as { action: string; pull: Pull; by: Account };
      return {
        ...base,
        action,
        number: pull.number,
        pull_request: pullJson(world, repository, pull),
        sender: userJson(world, by),
      };
    }
    case 'status': {
      const { sha, status } = payload as { sha: string; status: Status };
      const { id, context, state, description, targetUrl, creator, at } = status;
      const branches = [...repository.branches].filter(([, head]) => head === sha);
      return {
        ...base,
        id,
        sha,
        name: base.repository.full_name,
        context,
        state,
        description,
        target_url: targetUrl,
        branches: branches.map(([name]) => ({ name, commit: { sha }, protected: false })),
        created_at: isoOf(at),
        updated_at: isoOf(at),
        sender: userJson(world, creator),
      };
    }
    case 'check_run': {
      const { action, run, sha } = payload as { action: string; run: CheckRun; sha: string };
      const check_run = checkRunJson(world, repository, sha, run);
      const head_branch = headBranchOf(repository, sha);
      return {
        ...base,
        action,
        check_run: { ...check_run, check_suite: { id: run.id, head_branch } },
      };
    }
  }
}

type PushFacts = {
  readonly branch: string;
  readonly before?: string;
  readonly after?: string;
  readonly by: Account;
};

function pushPayload(world: World, { branch, before, after, by }: PushFacts) {
  const nothing = '0'.repeat(40);
  return {
    ref: `refs/heads/${branch}`,
    before: before ?? nothing,
    after: after ?? nothing,
    created: before === undefined,
    deleted: after === undefined,
    forced: false,
    commits: [],
    head_commit: after === undefined ? null : { id: after },
    pusher: { name: by.login },
    sender: userJson(world, by),
  };
}

function headBranchOf(repository: Repository, sha: string): string | null {
  return repository.pulls.find(({ headSha }) => headSha === sha)?.headBranch ?? null;
}
