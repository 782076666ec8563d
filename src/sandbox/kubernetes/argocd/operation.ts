import type { Instant } from '../../../shared/time.ts';
import { second } from '../../../shared/time.ts';
import { stamp } from '../objects.ts';
import { type Application, listed, type Operation } from './objects.ts';
import { headsOf, manifestsOf } from './render.ts';
import { type ArgoCd, liveOf, read, windowsOf, write } from './runner.ts';
import { applyAll, chosen, retryLimit, startedOperation } from './sync.ts';
import { maySync } from './sync-windows.ts';

/** Takes up an operation; of one that names no revision, the tips of the branches are synced to. */
export function begin(argo: ArgoCd, asked: Operation, now: Instant): void {
  const application = read(argo);
  if (application?.status === undefined) return;
  const { operation, operationState } = startedOperation(
    application,
    asked,
    revisionsFor(argo, application, asked),
    now,
  );
  const status = { ...application.status, operationState };
  write(argo, { ...application, operation, status }, now);
  argo.plan.retries = 0;
  argo.plan.applyAt = now + argo.random.between(2, 4) * second;
}

function revisionsFor({ git }: ArgoCd, application: Application, { sync }: Operation) {
  const named = listed(sync);
  if (named.length > 0 && named.every((one) => one !== '')) return named;
  try {
    return headsOf(git, application);
  } catch {
    return [];
  }
}

/** What an operation that runs does when it is its time. */
export function apply(argo: ArgoCd, now: Instant): void {
  const { plan, git, name } = argo;
  const application = read(argo);
  const running = application?.status?.operationState;
  const live = liveOf(argo);
  if (application?.status === undefined || running === undefined || live === undefined) return;
  const { status } = application;
  const say = (message: string) => {
    const operationState = { ...running, message };
    write(argo, { ...application, status: { ...status, operationState } }, now);
  };
  const manual = running.operation.initiatedBy?.automated !== true;
  if (!maySync(windowsOf(argo, application), application, { manual, now })) {
    // an operation that is under way is not ended by a window: it waits for it
    plan.applyAt = now + 10 * second;
    say('Sync operation blocked by sync window');
    return;
  }
  const all = manifestsOf(git, application, listed(running.syncResult));
  if (all instanceof Error) {
    finish(argo, application, { phase: 'Error', message: all.message, resources: [] }, now);
    return;
  }
  const manifests = chosen(all, running.operation.sync.resources);
  const { refusal, resources } = applyAll(live, name, manifests, now);
  if (refusal === undefined) {
    const message = 'successfully synced (all tasks run)';
    finish(argo, application, { phase: 'Succeeded', message, resources }, now);
    return;
  }
  const message = `one or more objects failed to apply, reason: ${refusal}`;
  const limit = running.operation.retry?.limit ?? 0;
  if (plan.retries < limit) {
    plan.applyAt = now + Math.min(180, 5 * 2 ** plan.retries) * second;
    plan.retries += 1;
    const retried = { ...running, message: `${message}. Retrying attempt #${plan.retries}.` };
    const operationState = { ...retried, retryCount: plan.retries };
    write(argo, { ...application, status: { ...status, operationState } }, now);
    return;
  }
  const suffix = limit === 0 ? '' : ` (retried ${retryLimit} times).`;
  finish(argo, application, { phase: 'Failed', message: `${message}${suffix}`, resources }, now);
}

function finish(
  argo: ArgoCd,
  application: Application,
  ended: {
    phase: 'Succeeded' | 'Failed' | 'Error';
    message: string;
    resources: readonly Readonly<Record<string, string>>[];
  },
  now: Instant,
): void {
  const { status } = application;
  const running = status?.operationState;
  if (status === undefined || running === undefined) return;
  delete argo.plan.applyAt;
  const { resources: _before, ...at } = running.syncResult;
  const operationState = {
    ...running,
    phase: ended.phase,
    message: ended.message,
    finishedAt: stamp(now),
    syncResult: { ...at, resources: ended.resources },
  };
  const { initiatedBy, sync } = running.operation;
  const entry = {
    id: Number(status.history.at(-1)?.['id'] ?? 0) + 1,
    ...at,
    deployedAt: stamp(now),
    deployStartedAt: running.startedAt,
    initiatedBy,
  };
  // what was synced in part is no state to go back to
  const isWhole = (sync.resources ?? []).length === 0;
  if (!isWhole) argo.plan.partialSyncs = (argo.plan.partialSyncs ?? 0) + 1;
  const history =
    ended.phase === 'Succeeded' && isWhole ? [...status.history, entry].slice(-10) : status.history;
  const { operation: _, ...rest } = application;
  write(argo, { ...rest, status: { ...status, operationState, history } }, now);
}
