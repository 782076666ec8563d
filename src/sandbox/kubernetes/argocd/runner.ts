import type { Instant } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Random } from '../random.ts';
import type { Git } from './git.ts';
import type { Application, ApplicationFields, ApplicationStatus, SyncWindow } from './objects.ts';

/** What Argo CD remembers of an Application beside the object; plain data, kept across restarts. */
export type ApplicationPlan = {
  compareAt: Instant;
  /** When the running operation applies (again); absent: none runs. */
  applyAt?: Instant;
  retries: number;
  /** Operations that named resources and were carried out. */
  partialSyncs?: number;
};

/** One Application's controller. */
export type ArgoCd = {
  readonly name: string;
  readonly namespace: string;
  readonly plan: ApplicationPlan;
  /** Where the Application lives. */
  readonly hub: ObjectStore;
  /** Where it delivers to; `undefined` for a destination that Argo CD has no cluster of. */
  readonly destined: (destination: ApplicationFields['destination']) => ObjectStore | undefined;
  readonly git: Git;
  readonly random: Random;
};

export function read({ hub, name, namespace }: ArgoCd): Application | undefined {
  return hub.get('applications', name, namespace);
}

export function write({ hub }: ArgoCd, application: Application, now: Instant): void {
  hub.put('applications', application, now);
}

export function liveOf(argo: ArgoCd): ObjectStore | undefined {
  const application = read(argo);
  return application === undefined ? undefined : argo.destined(application.spec.destination);
}

/** The windows of its project, which lives in Argo CD's own namespace. */
export function windowsOf({ hub }: ArgoCd, { spec }: Application): readonly SyncWindow[] {
  return hub.get('appprojects', spec.project, 'argocd')?.spec.syncWindows ?? [];
}

/** An Application that Argo CD has not looked at yet has no status: it begins with this one. */
export function firstStatus({ source, sources, destination }: ApplicationFields) {
  const status: ApplicationStatus = {
    sync: {
      status: 'Unknown',
      comparedTo: { ...(sources === undefined ? { source } : { sources }), destination },
    },
    health: { status: 'Missing' },
    resourceHealthSource: 'appTree',
    summary: {},
    resources: [],
    history: [],
  };
  return status;
}
