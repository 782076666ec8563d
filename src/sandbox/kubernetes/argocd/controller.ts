import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../../shared/time.ts';
import { second } from '../../../shared/time.ts';
import { stamp } from '../objects.ts';
import { syncPolicyOf } from './application.ts';
import { type Comparison, compare, compared } from './compare.ts';
import { repositoryOf } from './git.ts';
import { healthOf } from './health.ts';
import { type Application, listed, revisionsOf, sourcesIn } from './objects.ts';
import { apply, begin } from './operation.ts';
import { type ArgoCd, firstStatus, liveOf, read, windowsOf, write } from './runner.ts';
import { retryLimit } from './sync.ts';
import { maySync } from './sync-windows.ts';

/** One round for one Application: compare when due, finish what runs, start what is due, judge health. */
export function stepApplication(argo: ArgoCd, now: Instant): void {
  const { plan } = argo;
  const application = read(argo);
  if (application === undefined) return;
  if (application.status === undefined) {
    write(argo, { ...application, status: firstStatus(application.spec) }, now);
    plan.compareAt = now;
  }
  // somebody asked for it over the API, beside what the controller starts itself
  if (application.operation !== undefined && plan.applyAt === undefined)
    begin(argo, application.operation, now);
  if (now >= plan.compareAt) {
    plan.compareAt = now + (120 + argo.random.between(0, 60)) * second;
    look(argo, now);
  }
  if (plan.applyAt !== undefined && now >= plan.applyAt) {
    apply(argo, now);
    if (plan.applyAt === undefined) look(argo, now);
  }
  judgeHealth(argo, now);
}

/** Has Applications of a repository compare at once, as a Git webhook does. */
export function pushed(argo: ArgoCd, repo: string, now: Instant): void {
  const isSame = ({ repoURL }: { readonly repoURL: string }) =>
    repositoryOf(repoURL).toLowerCase() === repositoryOf(repo).toLowerCase();
  const application = read(argo);
  if (application === undefined || !sourcesIn(application.spec).some(isSame)) return;
  const { plan, random } = argo;
  plan.compareAt = Math.min(plan.compareAt, now + random.between(1, 4) * second);
}

/** A sync that a person starts; refused while another runs, by a closed window, or with nothing to sync to. */
export function requestSync(argo: ArgoCd, username: string, now: Instant): boolean {
  look(argo, now);
  const application = read(argo);
  if (application?.status === undefined || argo.plan.applyAt !== undefined) return false;
  const { status: sync, revision, revisions } = application.status.sync;
  const at = listed({ ...(revision && { revision }), ...(revisions && { revisions }) });
  if (at.length === 0 || sync === 'Unknown') return false;
  if (!maySync(windowsOf(argo, application), application, { manual: true, now })) return false;
  const asked = { prune: true, ...revisionsOf(application.spec, at) };
  begin(argo, { initiatedBy: { username }, sync: asked }, now);
  return true;
}

/** Somebody turns automation off in the Application, or on again. */
export function setAutoSync(argo: ArgoCd, on: boolean, now: Instant): void {
  const application = read(argo);
  if (application === undefined) return;
  const spec = { ...application.spec, syncPolicy: syncPolicyOf(on) };
  write(argo, { ...application, spec }, now);
  argo.plan.compareAt = now;
}

/** The state a cluster begins with: synced to the tips of the branches, long ago. */
export function bootstrap(argo: ArgoCd, application: Application, now: Instant): void {
  write(argo, { ...application, status: firstStatus(application.spec) }, now);
  look(argo, now);
  const { spec, status } = read(argo) ?? application;
  const isAutomatic = spec.syncPolicy?.['automated'] !== undefined;
  if (status?.sync.status === 'OutOfSync' && argo.plan.applyAt === undefined && !isAutomatic) {
    const asked = { prune: true, ...revisionsOf(spec, listed(status.sync)) };
    begin(argo, { initiatedBy: { username: 'admin' }, sync: asked }, now);
  }
  if (argo.plan.applyAt === undefined) return;
  apply(argo, now);
  look(argo, now);
}

function look(argo: ArgoCd, now: Instant): void {
  const application = read(argo);
  if (application?.status === undefined) return;
  const live = liveOf(argo);
  if (live === undefined) {
    withoutCluster(argo, application, now);
    return;
  }
  const comparison = compare(argo.git, live, application);
  const status = compared(application, live, comparison, now);
  if (status === undefined) return;
  write(argo, { ...application, status }, now);
  if (!(comparison instanceof Error)) syncIfDue(argo, comparison, now);
}

function withoutCluster(argo: ArgoCd, application: Application, now: Instant): void {
  const { server, name } = application.spec.destination;
  const message =
    server === undefined
      ? `application destination can't have both name and server undefined or unknown: there are no clusters with this name: ${name ?? ''}`
      : `cluster '${server}' has not been configured`;
  const condition = { type: 'InvalidSpecError', message, lastTransitionTime: stamp(now) };
  const status = application.status ?? firstStatus(application.spec);
  const sync = { ...status.sync, status: 'Unknown' as const };
  const known = status.conditions?.find((said) => said.message === message);
  const conditions = [known ?? condition];
  write(argo, { ...application, status: { ...status, sync, conditions } }, now);
}

function syncIfDue(argo: ArgoCd, { revisions, inSync }: Comparison, now: Instant): void {
  const application = read(argo);
  if (inSync || argo.plan.applyAt !== undefined || application === undefined) return;
  if (application.spec.syncPolicy?.['automated'] === undefined) return;
  // without a word, as the real one: only the OutOfSync stays
  if (!maySync(windowsOf(argo, application), application, { manual: false, now })) return;
  const last = application.status?.operationState;
  const tried = last !== undefined && isDeepStrictEqual(listed(last.syncResult), revisions);
  if (tried && (last.phase === 'Failed' || last.phase === 'Error')) {
    // auto-sync never retries a revision that failed: a new commit or a person is needed
    fail(argo, application, { revisions, reason: last.message }, now);
    return;
  }
  const sync = { prune: true, ...revisionsOf(application.spec, revisions) };
  begin(argo, { initiatedBy: { automated: true }, retry: { limit: retryLimit }, sync }, now);
}

function fail(
  argo: ArgoCd,
  application: Application,
  { revisions, reason }: { readonly revisions: readonly string[]; readonly reason: string },
  now: Instant,
): void {
  if (application.status === undefined) return;
  const message = `Failed last sync attempt to [${revisions.join(' ')}]: ${reason}`;
  const before = application.status.conditions ?? [];
  if (before.some((said) => said.type === 'SyncError' && said.message === message)) return;
  const others = before.filter(({ type }) => type !== 'SyncError');
  const failure = { type: 'SyncError', message, lastTransitionTime: stamp(now) };
  const status = { ...application.status, conditions: [...others, failure] };
  write(argo, { ...application, status }, now);
}

function judgeHealth(argo: ArgoCd, now: Instant): void {
  const application = read(argo);
  const live = liveOf(argo);
  if (application?.status === undefined || live === undefined) return;
  const health = healthOf(live, application.status.resources);
  if (health === application.status.health.status) return;
  const status = { status: health, lastTransitionTime: stamp(now) };
  write(argo, { ...application, status: { ...application.status, health: status } }, now);
}
