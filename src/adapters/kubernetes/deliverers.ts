import type { Clock, Instant } from '../../shared/time.ts';
import { minute } from '../../shared/time.ts';
import { deliveringApplications } from '../../tracking/delivering-applications.ts';
import { isSameRepository } from '../../tracking/same-repository.ts';
import type { ApplicationView, Delivered, Deliverers } from '../../tracking/types.ts';
import type { Log } from '../../workflow/log.ts';
import type { ApiClient } from './api-client.ts';
import { readApplication } from './application-view.ts';
import { ClusterUnreachableError } from './cluster-unreachable-error.ts';
import { listAll } from './list-all.ts';
import { readOwning } from './owning-applications.ts';
import { createSyncWindows } from './sync-windows.ts';

/** How long what was found is believed, or that nothing was: Applications are made and moved seldom. */
const foundForMs = 10 * minute;
const argoGroup = '/apis/argoproj.io/v1alpha1';

/** How a cluster gets what Git says. */
export type DeliveryOptions =
  /** By something else than Argo CD. */
  | 'external'
  | {
      /** Absent: those that manage or read what changes are looked for. */
      readonly application?: string | undefined;
      /** Where Applications are, if they may not be listed everywhere; `argocd` by default. */
      readonly namespace?: string | undefined;
      /** Where Argo CD runs, by name of one of the clusters; absent: here, else where others say it does. */
      readonly cluster?: string | undefined;
      /** Where its pages are, such as `https://argocd.example.com`. */
      readonly url?: string | undefined;
      /** True: people may have an EC2NodeClass synced; false by default. */
      readonly syncNodeClass?: boolean | undefined;
    };

type Place = { readonly hub: string; readonly namespace: string; readonly name: string };
type Found = {
  readonly at: Instant;
  readonly applications: readonly Place[];
  readonly above: readonly Place[];
  readonly because?: string;
  /** A place where they may be did not answer. */
  readonly unsure?: true;
};

/** Finds and reads Applications. Nothing is remembered of them but where they are. */
export function createDeliverers({
  api,
  delivery,
  server,
  clusters,
  clock,
  log,
}: {
  /** @throws Error for a cluster there is none of. */
  readonly api: (cluster: string) => ApiClient;
  readonly delivery: (cluster: string) => DeliveryOptions;
  /** Address of a cluster's API server. */
  readonly server: (cluster: string) => Promise<string>;
  readonly clusters: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}) {
  const remembered = new Map<string, Found>();
  const heldNow = createSyncWindows({ api, clock });

  async function read(
    { hub, namespace, name }: Place,
    what: Delivered,
    { url, syncNodeClass = false }: Exclude<DeliveryOptions, 'external'>,
  ): Promise<ApplicationView | undefined> {
    const path = `${argoGroup}/namespaces/${namespace}/applications/${name}`;
    try {
      const object = await api(hub).get(path);
      const view = readApplication(object, repositoryRead(readApplication(object), what));
      const held = view.sync === 'OutOfSync' ? await heldNow(hub, view) : undefined;
      return {
        ...view,
        hub: { cluster: hub, maySync: syncNodeClass },
        ...(held !== undefined && { held }),
        ...(url !== undefined && { url: pageOf(url, view) }),
      };
    } catch (cause) {
      if (cause instanceof ClusterUnreachableError) {
        if (cause.status === 404) return undefined;
        throw cause;
      }
      throw new ClusterUnreachableError({ cluster: hub, doing: `GET ${path}` }, { cause });
    }
  }

  /** Where Argo CD may run, the likeliest first. */
  function hubsOf(cluster: string): readonly string[] {
    const named = hubIn(delivery(cluster));
    if (named !== undefined) return [named];
    const others = clusters.flatMap((one) => hubIn(delivery(one)) ?? []);
    return [...new Set([cluster, ...others])];
  }

  async function find(cluster: string, what: Delivered): Promise<Found> {
    const options = delivery(cluster);
    const namespace = (options === 'external' ? undefined : options.namespace) ?? 'argocd';
    const reasons: string[] = [];
    let unsure = false;
    const address = normalisedServer(await server(cluster));
    for (const hub of hubsOf(cluster)) {
      try {
        const all = await listApplications(api(hub), { cluster: hub, log }, namespace);
        const { applications, above } = deliveringApplications(all, what, {
          isSame: isSameRepository,
          isHere: (destination) =>
            isHere(destination, { cluster, address, inside: hub === cluster }),
        });
        const placed = (one: ApplicationView) => ({
          hub,
          namespace: one.namespace,
          name: one.name,
        });
        if (applications.length > 0)
          return {
            at: clock.now(),
            applications: applications.map(placed),
            above: above.map(placed),
          };
        reasons.push(`no Application of ${hub} manages or reads it`);
      } catch (cause) {
        if (!(cause instanceof ClusterUnreachableError)) throw cause;
        log.info({ cluster, hub, cause }, 'Applications not listed');
        reasons.push(whyNot(hub, cause));
        unsure ||= ![401, 403, 404].includes(cause.status ?? 0);
      }
    }
    return {
      at: clock.now(),
      applications: [],
      above: [],
      because: reasons.join(', '),
      ...(unsure && { unsure }),
    };
  }

  return async function deliverers(cluster: string, what: Delivered): Promise<Deliverers> {
    const options = delivery(cluster);
    if (options === 'external') return { kind: 'external' };
    const { application, namespace = 'argocd', cluster: hub = cluster } = options;
    if (application !== undefined) {
      const view = await read({ hub, namespace, name: application }, what, options);
      return view === undefined
        ? { kind: 'unknown', because: `there is no Application ${namespace}/${application}` }
        : { kind: 'argocd', applications: [view], above: [] };
    }
    const key = JSON.stringify([cluster, what]);
    const before = remembered.get(key);
    const isKnown = before !== undefined && clock.now() < before.at + foundForMs;
    const looked = isKnown ? before : await find(cluster, what);
    // No answer is no news: those found before are asked, and their silence is seen.
    const found = looked.unsure === true && before !== undefined ? before : looked;
    if (remembered.size > 1_000) remembered.clear();
    remembered.set(key, found);
    const views = await Promise.all(found.applications.map((place) => read(place, what, options)));
    const above = await Promise.all(found.above.map((place) => read(place, what, options)));
    const isThere = (view: ApplicationView | undefined) => view !== undefined;
    // one that went away was renamed or split: the next look finds what took its place
    if (!views.every(isThere)) remembered.delete(key);
    const applications = views.filter(isThere);
    return applications.length > 0
      ? { kind: 'argocd', applications, above: above.filter(isThere) }
      : { kind: 'unknown', because: found.because ?? 'its Application is gone' };
  };
}

export function hubIn(options: DeliveryOptions): string | undefined {
  return options === 'external' ? undefined : options.cluster;
}

/** In all namespaces, or where that is not allowed in the one where Argo CD keeps them by default. */
export async function listApplications(
  api: ApiClient,
  set: { readonly cluster: string; readonly log: Log },
  namespace: string,
): Promise<readonly ApplicationView[]> {
  const kind = { kind: 'Application', read: readOwning };
  const list = async (path: string) =>
    [...(await listAll(api, { ...kind, path }, set)).items.values()].map((one) => one.application);
  try {
    return await list(`${argoGroup}/applications`);
  } catch (cause) {
    if (!(cause instanceof ClusterUnreachableError) || cause.status !== 403) throw cause;
    return list(`${argoGroup}/namespaces/${namespace}/applications`);
  }
}

/** The changed repository that an Application reads: its revision is the one to ask for. */
function repositoryRead({ sources = [] }: ApplicationView, { files }: Delivered) {
  return files.find(({ repository }) =>
    sources.some((source) => isSameRepository(source.repository, repository)),
  )?.repository;
}

export function isHere(
  { server, name }: NonNullable<ApplicationView['destination']>,
  { cluster, address, inside }: { cluster: string; address: string; inside: boolean },
): boolean {
  if (inside && (name === 'in-cluster' || server === 'https://kubernetes.default.svc')) return true;
  return name === cluster || (server !== undefined && normalisedServer(server) === address);
}

export function normalisedServer(server: string): string {
  return server.trim().toLowerCase().replace(/\/+$/, '').replace(/:443$/, '');
}

function whyNot(hub: string, { status }: ClusterUnreachableError): string {
  if (status === 404) return `Argo CD does not run in ${hub}`;
  if (status === 401 || status === 403) return `the Applications of ${hub} may not be listed`;
  return `${hub} does not answer`;
}

function pageOf(url: string, { namespace, name }: ApplicationView): string {
  return `${url.replace(/\/+$/, '')}/applications/${namespace}/${name}`;
}
