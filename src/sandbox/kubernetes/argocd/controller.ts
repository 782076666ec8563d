import type { Instant } from '../../../shared/time.ts';
import { second } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Application } from '../objects.ts';
import { stamp } from '../objects.ts';
import type { Random } from '../random.ts';
import { type ApplicationSpec, hubOf, namespaceOf, newApplication } from './application.ts';
import { type Comparison, compare, compared, manifestsOf } from './compare.ts';
import { type Git, repositoryOf } from './git.ts';
import { healthOf } from './health.ts';
import { applyAll, retryLimit, startedOperation } from './sync.ts';

/** What Argo CD remembers of an Application beside the object; plain data, kept across restarts. */
export type ApplicationPlan = {
  compareAt: Instant;
  /** When the running operation applies (again); absent: none runs. */
  applyAt?: Instant;
  retries: number;
};

export type ArgoCd = {
  readonly spec: ApplicationSpec;
  readonly plan: ApplicationPlan;
  /** Where the Application lives, and where it delivers to; often the same. */
  readonly hub: ObjectStore;
  readonly live: ObjectStore;
  readonly git: Git;
  readonly random: Random;
};

/** One round for one Application: compare when due, finish what runs, start what is due, judge health. */
export function stepApplication(argo: ArgoCd, now: Instant): void {
  const { plan, spec } = argo;
  if (read(argo) === undefined) write(argo, newApplication(spec), now);
  if (now >= plan.compareAt) {
    plan.compareAt = now + (120 + argo.random.between(0, 60)) * second;
    look(argo, now);
  }
  if (plan.applyAt !== undefined && now >= plan.applyAt) apply(argo, now);
  judgeHealth(argo, now);
}

/** Has Applications of a repository compare at once, as a Git webhook does. */
export function pushed({ spec, plan, random }: ArgoCd, repo: string, now: Instant): void {
  if (repositoryOf(spec.repoURL).toLowerCase() !== repositoryOf(repo).toLowerCase()) return;
  plan.compareAt = Math.min(plan.compareAt, now + random.between(1, 4) * second);
}

/** A sync that a person starts; refused while another operation runs, or with nothing to sync to. */
export function requestSync(argo: ArgoCd, username: string, now: Instant): boolean {
  look(argo, now);
  const application = read(argo);
  const revision = application?.status?.sync.revision;
  const fine = application?.status?.sync.status !== 'Unknown';
  if (argo.plan.applyAt !== undefined || revision === undefined || !fine) return false;
  begin(argo, revision, { username }, now);
  return true;
}

/** Somebody turns automation off in the Application, or on again. */
export function setAutoSync(argo: ArgoCd, on: boolean, now: Instant): void {
  const application = read(argo);
  if (application === undefined) return;
  const { syncPolicy } = newApplication({ ...argo.spec, autoSync: on }).spec;
  const { syncPolicy: _, ...spec } = application.spec;
  write(
    argo,
    { ...application, spec: syncPolicy === undefined ? spec : { ...spec, syncPolicy } },
    now,
  );
  argo.plan.compareAt = now;
}

/** The state a cluster begins with: synced to the tip of the branch, long ago. */
export function bootstrap(argo: ArgoCd, now: Instant): void {
  write(argo, newApplication(argo.spec), now);
  look(argo, now);
  const { spec, status } = read(argo) ?? newApplication(argo.spec);
  const isAutomatic = spec.syncPolicy?.['automated'] !== undefined;
  if (status?.sync.status === 'OutOfSync' && argo.plan.applyAt === undefined && !isAutomatic)
    begin(argo, status.sync.revision ?? '', { username: 'admin' }, now);
  if (argo.plan.applyAt !== undefined) apply(argo, now);
}

function look(argo: ArgoCd, now: Instant): void {
  const application = read(argo);
  if (application === undefined) return;
  const comparison = compare(argo.git, argo.live, application);
  const status = compared(application, argo.live, comparison, now);
  if (status === undefined) return;
  write(argo, { ...application, status }, now);
  if (!(comparison instanceof Error)) syncIfDue(argo, comparison, now);
}

function syncIfDue(argo: ArgoCd, { revision, inSync }: Comparison, now: Instant): void {
  const application = read(argo);
  if (inSync || argo.plan.applyAt !== undefined || application === undefined) return;
  if (application.spec.syncPolicy?.['automated'] === undefined) return;
  const last = application.status?.operationState;
  const tried = last?.syncResult.revision === revision;
  if (tried && (last.phase === 'Failed' || last.phase === 'Error')) {
    // auto-sync never retries a revision that failed: a new commit or a person is needed
    fail(argo, application, revision, last.message, now);
    return;
  }
  begin(argo, revision, { automated: true }, now);
}

function begin(
  argo: ArgoCd,
  revision: string,
  initiatedBy: { automated: true } | { username: string },
  now: Instant,
): void {
  const application = read(argo);
  if (application?.status === undefined) return;
  const { operation, operationState } = startedOperation(application, revision, initiatedBy, now);
  const status = { ...application.status, operationState };
  write(argo, { ...application, operation, status }, now);
  argo.plan.retries = 0;
  argo.plan.applyAt = now + argo.random.between(2, 4) * second;
}

function apply(argo: ArgoCd, now: Instant): void {
  const { plan, live, git, spec } = argo;
  const application = read(argo);
  const running = application?.status?.operationState;
  if (application?.status === undefined || running === undefined) return;
  const manifests = manifestsOf(git, application, running.syncResult.revision);
  if (manifests instanceof Error) {
    finish(argo, application, { phase: 'Error', message: manifests.message, resources: [] }, now);
    return;
  }
  const { refusal, resources } = applyAll(live, spec.name, manifests, now);
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
    write(argo, { ...application, status: { ...application.status, operationState } }, now);
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
  const { revision, source } = running.syncResult;
  const operationState = {
    ...running,
    phase: ended.phase,
    message: ended.message,
    finishedAt: stamp(now),
    syncResult: { revision, source, resources: ended.resources },
  };
  const { initiatedBy } = running.operation;
  const entry = {
    id: Number(status.history.at(-1)?.['id'] ?? 0) + 1,
    revision,
    deployedAt: stamp(now),
    deployStartedAt: running.startedAt,
    source,
    initiatedBy,
  };
  const history =
    ended.phase === 'Succeeded' ? [...status.history, entry].slice(-10) : status.history;
  const { operation: _, ...rest } = application;
  write(argo, { ...rest, status: { ...status, operationState, history } }, now);
  look(argo, now);
}

function fail(
  argo: ArgoCd,
  application: Application,
  revision: string,
  reason: string,
  now: Instant,
): void {
  if (application.status === undefined) return;
  const message = `Failed last sync attempt to [${revision}]: ${reason}`;
  const before = application.status.conditions ?? [];
  if (before.some((said) => said.type === 'SyncError' && said.message === message)) return;
  const others = before.filter(({ type }) => type !== 'SyncError');
  const failure = { type: 'SyncError', message, lastTransitionTime: stamp(now) };
  const status = { ...application.status, conditions: [...others, failure] };
  write(argo, { ...application, status }, now);
}

function judgeHealth(argo: ArgoCd, now: Instant): void {
  const application = read(argo);
  if (application?.status === undefined) return;
  const health = healthOf(argo.live, application.status.resources);
  if (health === application.status.health.status) return;
  const status = { status: health, lastTransitionTime: stamp(now) };
  write(argo, { ...application, status: { ...application.status, health: status } }, now);
}

function read({ hub, spec }: ArgoCd): Application | undefined {
  return hub.get('applications', spec.name, namespaceOf(spec));
}

function write({ hub }: ArgoCd, application: Application, now: Instant): void {
  hub.put('applications', application, now);
}

export function isAt({ spec }: ArgoCd, cluster: string): boolean {
  return hubOf(spec) === cluster || spec.cluster === cluster;
}
