import type { Instant } from '../../../shared/time.ts';
import { second } from '../../../shared/time.ts';
import type { ObjectStore } from '../object-store.ts';
import type { Random } from '../random.ts';
import {
  type ApplicationSpec,
  hubOf,
  namespaceOf,
  newApplication,
  project,
} from './application.ts';
import { stepApplicationSets } from './application-sets.ts';
import { bootstrap, pushed, requestSync, setAutoSync, stepApplication } from './controller.ts';
import type { Git } from './git.ts';
import type { Application, ApplicationFields, AppProject, SyncWindow } from './objects.ts';
import { type ApplicationPlan, type ArgoCd, liveOf, read } from './runner.ts';

/** What somebody does in Argo CD; without a name, to the first Application that delivers there. */
export type ArgoCdAct =
  | { readonly do: 'sync'; readonly application?: string }
  | { readonly do: 'auto-sync'; readonly on: boolean; readonly application?: string }
  /** Of the project of all Applications of this Argo CD. */
  | { readonly do: 'sync-windows'; readonly windows: readonly SyncWindow[] };

/**
 * The Argo CDs of all clusters: a controller for each Application, wherever it came from.
 * @param stores by name of cluster.
 * @param serverOf address of a cluster's API server, as a destination may spell it.
 * @param saved plans by key, from an earlier run.
 */
export function argoCdFleet({
  stores,
  serverOf,
  git,
  random,
  saved = {},
}: {
  readonly stores: ReadonlyMap<string, ObjectStore>;
  readonly serverOf: (cluster: string) => string;
  readonly git: Git;
  readonly random: Random;
  readonly saved?: Readonly<Record<string, ApplicationPlan>>;
}) {
  const runners = new Map<string, ArgoCd>();

  function destined(hub: ObjectStore, { server, name }: ApplicationFields['destination']) {
    if (server === 'https://kubernetes.default.svc' || name === 'in-cluster') return hub;
    for (const [cluster, store] of stores)
      if (cluster === name || serverOf(cluster) === server) return store;
    return undefined;
  }

  function runnerOf(
    cluster: string,
    hub: ObjectStore,
    name: string,
    namespace: string,
    now: Instant,
  ) {
    const key = `${cluster}/${namespace}/${name}`;
    const known = runners.get(key);
    if (known !== undefined) return known;
    const compareAt = now + random.between(0, 180) * second;
    const made: ArgoCd = {
      name,
      namespace,
      plan: saved[key] ?? { compareAt, retries: 0 },
      hub,
      destined: (destination) => destined(hub, destination),
      git,
      random,
    };
    runners.set(key, made);
    return made;
  }

  /** A controller for each Application that there is, in the order they were found. */
  function all(now: Instant): readonly ArgoCd[] {
    for (const [cluster, hub] of stores)
      for (const { metadata } of hub.list('applications'))
        runnerOf(cluster, hub, metadata.name, metadata.namespace ?? 'argocd', now);
    return [...runners.values()].filter((argo) => read(argo) !== undefined);
  }

  function delivering(cluster: string, application: string | undefined, now: Instant): ArgoCd {
    const found = all(now).find(
      (argo) =>
        liveOf(argo) === stores.get(cluster) &&
        (application === undefined || argo.name === application),
    );
    if (found === undefined) throw new Error(`No Application delivers to ${cluster}`);
    return found;
  }

  return {
    /** Applications that were there long ago, synced; and the project that they belong to. */
    begin(specs: readonly ApplicationSpec[], now: Instant): void {
      for (const spec of specs) {
        const hub = stores.get(hubOf(spec));
        if (hub === undefined) throw new Error(`No cluster for ${spec.name}`);
        runnerOf(hubOf(spec), hub, spec.name, namespaceOf(spec), now);
        if (hub.get('appprojects', project, 'argocd') === undefined)
          hub.put('appprojects', projectWith([]), now);
      }
    },
    bootstrap(specs: readonly ApplicationSpec[], now: Instant): void {
      for (const spec of specs) {
        const runner = runners.get(`${hubOf(spec)}/${namespaceOf(spec)}/${spec.name}`);
        if (runner !== undefined) bootstrap(runner, newApplication(spec), now);
      }
      // what these brought: children, and what ApplicationSets make
      for (const hub of stores.values()) stepApplicationSets(hub, now);
      for (const argo of all(now)) {
        const application = read(argo);
        if (application !== undefined && application.status === undefined)
          bootstrap(argo, application, now);
      }
    },
    /** One round for all that delivers to a cluster, and for the ApplicationSets that live there. */
    step(store: ObjectStore, now: Instant): void {
      stepApplicationSets(store, now);
      for (const argo of all(now))
        if ((liveOf(argo) ?? argo.hub) === store) stepApplication(argo, now);
    },
    pushed(repository: string, now: Instant): void {
      for (const argo of all(now)) pushed(argo, repository, now);
    },
    applications: (now: Instant): readonly Application[] =>
      all(now).flatMap((argo) => read(argo) ?? []),
    /** @throws Error for what does not fit. */
    act(cluster: string, what: ArgoCdAct, now: Instant): void {
      if (what.do === 'sync-windows') {
        const hub = stores.get(cluster);
        if (hub?.get('appprojects', project, 'argocd') === undefined)
          throw new Error(`No Argo CD runs in ${cluster}`);
        hub.put('appprojects', projectWith(what.windows), now);
        return;
      }
      const argo = delivering(cluster, what.application, now);
      if (what.do === 'auto-sync') setAutoSync(argo, what.on, now);
      else if (!requestSync(argo, 'admin', now))
        throw new Error(`${argo.name} cannot be synced now`);
    },
    plans: (): Readonly<Record<string, ApplicationPlan>> =>
      Object.fromEntries([...runners].map(([key, { plan }]) => [key, plan])),
  };
}

function projectWith(syncWindows: readonly SyncWindow[]): AppProject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AppProject',
    metadata: { name: project, namespace: 'argocd' },
    spec: {
      sourceRepos: ['*'],
      destinations: [{ server: '*', namespace: '*' }],
      ...(syncWindows.length > 0 && { syncWindows }),
    },
  };
}
