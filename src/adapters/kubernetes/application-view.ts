import { z } from 'zod';
import { isSameRepository } from '../../tracking/same-repository.ts';
import type { ApplicationView } from '../../tracking/types.ts';
import { Metadata } from './kube-object.ts';

const text = z.string().optional();
const Source = z.object({
  repoURL: text,
  path: text,
  chart: text,
  ref: text,
  targetRevision: text,
  helm: z.object({ valueFiles: z.array(z.string()).nullish() }).nullish(),
});
/** What names us on an operation. */
export const ourInfo = 'amiable';
const Asked = z.object({
  info: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
const health = ['Healthy', 'Progressing', 'Degraded', 'Suspended', 'Missing', 'Unknown'] as const;

/** Only what is read; Argo CD leaves out everything that it has nothing to say about. */
const Application = z.object({
  metadata: Metadata.extend({
    ownerReferences: z
      .array(z.object({ kind: z.string().default(''), name: z.string().default('') }))
      .nullish(),
  }),
  operation: Asked.nullish(),
  spec: z.object({
    project: text,
    source: Source.optional(),
    sources: z.array(Source).optional(),
    sourceHydrator: z.object({ drySource: Source }).optional(),
    destination: z.object({ server: text, name: text, namespace: text }).nullish(),
    syncPolicy: z
      .object({ automated: z.object({ enabled: z.boolean().optional() }).nullish() })
      .nullish(),
  }),
  status: z
    .object({
      sync: z
        .object({
          status: z.enum(['Synced', 'OutOfSync', 'Unknown']).catch('Unknown'),
          revision: text,
          revisions: z.array(z.string()).optional(),
        })
        .optional(),
      health: z.object({ status: z.enum(health).catch('Unknown') }).optional(),
      operationState: z
        .object({
          phase: z.enum(['Running', 'Terminating', 'Failed', 'Error', 'Succeeded']),
          message: text,
          operation: Asked.optional(),
          syncResult: z
            .object({ revision: text, revisions: z.array(z.string()).optional() })
            .nullish(),
        })
        .optional(),
      conditions: z
        .array(z.object({ type: z.string(), message: z.string().default('') }))
        .nullish(),
      resources: z
        .array(
          z.object({ kind: z.string().default(''), name: z.string().default(''), status: text }),
        )
        .nullish(),
      sourceHydrator: z
        .object({
          lastSuccessfulOperation: z.object({ drySHA: text, hydratedSHA: text }).optional(),
        })
        .optional(),
    })
    .default({}),
});
type Application = z.infer<typeof Application>;

/**
 * An Application as tracking sees it.
 * @param repository which source's revision is asked for: a clone URL or `owner/name`; absent: the only one there is.
 * @throws z.ZodError when it cannot be read.
 */
export function readApplication(object: unknown, repository?: string): ApplicationView {
  const application = Application.parse(object);
  const { metadata, spec, status } = application;
  const { sync, operationState } = status;
  const automated = spec.syncPolicy?.automated;
  const revision = revisionOf(application, sync, repository);
  const marks = [application.operation, operationState?.operation]
    .flatMap((asked) => asked?.info ?? [])
    .flatMap(({ name, value }) => (name === ourInfo ? [value] : []));
  const ran = revisionOf(application, operationState?.syncResult ?? undefined, repository);
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    sync: sync?.status ?? 'Unknown',
    ...(revision !== undefined && { revision }),
    health: status.health?.status ?? 'Unknown',
    autoSync: automated !== undefined && automated !== null && automated.enabled !== false,
    ...(operationState !== undefined && {
      operation: {
        phase: operationState.phase,
        message: operationState.message ?? '',
        ...(ran !== undefined && { revision: ran }),
      },
    }),
    conditions: status.conditions ?? [],
    ...(marks.length > 0 && { marks }),
    sources: sourcesOf(application),
    ...managedOf(application),
  };
}

const trackingAnnotation = 'argocd.argoproj.io/tracking-id';
/** Resources of one Application that are named as different; one has thousands. */
const mostNamed = 50;

/** Where it delivers, what it manages there, and what manages it. */
function managedOf({ metadata, spec, status }: Application) {
  const { server, name, namespace } = spec.destination ?? {};
  const resources = status.resources ?? [];
  const set = metadata.ownerReferences?.find(({ kind }) => kind === 'ApplicationSet');
  // `root:argoproj.io/Application:argocd/child`; `team_root` where root is not in Argo CD's own namespace
  const [root, tracked] = metadata.annotations[trackingAnnotation]?.split(':') ?? [];
  const isChild = tracked === 'argoproj.io/Application' && root !== undefined && root !== '';
  return {
    destination: {
      ...(server && { server }),
      ...(name && { name }),
      ...(namespace && { namespace }),
    },
    ...(spec.project && { project: spec.project }),
    nodeClasses: resources.filter(({ kind }) => kind === 'EC2NodeClass').map((one) => one.name),
    outOfSync: resources
      .filter((one) => one.status === 'OutOfSync')
      .slice(0, mostNamed)
      .map((one) => `${one.kind} ${one.name}`),
    ...(set !== undefined
      ? { parent: { kind: 'ApplicationSet' as const, name: set.name } }
      : isChild
        ? { parent: { kind: 'Application' as const, ...placeOf(root) } }
        : {}),
  };
}

/** Names of Kubernetes have no `_`, so what stands before one is the namespace. */
function placeOf(instance: string): { readonly name: string; readonly namespace?: string } {
  const at = instance.indexOf('_');
  return at < 0
    ? { name: instance }
    : { name: instance.slice(at + 1), namespace: instance.slice(0, at) };
}

/** What it reads from Git. A chart's own files lie elsewhere; its value files may not. */
function sourcesOf({ spec, status }: Application) {
  const { source, sources = [], sourceHydrator } = spec;
  const isOne = sources.length === 0 || sourceHydrator !== undefined;
  const only = sourceHydrator?.drySource ?? source;
  const all = isOne ? (only === undefined ? [] : [only]) : sources;
  return all.map(({ repoURL = '', path, chart, ref, helm, targetRevision }, i) => {
    const compared = isOne
      ? revisionAt({ spec, status }, status.sync)
      : status.sync?.revisions?.[i];
    return {
      repository: repoURL,
      ...(path !== undefined && chart === undefined && { folder: path }),
      ...(ref !== undefined && { ref }),
      ...(targetRevision !== undefined && { revision: targetRevision }),
      // a chart's is a version, not a commit
      ...(compared && chart === undefined && { compared }),
      valueFiles: helm?.valueFiles ?? [],
    };
  });
}

/** The revision of the asked repository; `undefined` when no source is in it. */
function revisionOf(
  application: Application,
  stated: { revision?: string | undefined; revisions?: string[] | undefined } | undefined,
  repository: string | undefined,
): string | undefined {
  if (stated === undefined) return undefined;
  const { spec } = application;
  const isAsked = ({ repoURL }: z.infer<typeof Source>) =>
    repository === undefined || isSameRepository(repoURL ?? '', repository);
  const several = spec.sourceHydrator === undefined ? (spec.sources ?? []) : [];
  if (several.length > 0) {
    // revisions line up with the sources by index; a chart's is a version, not a commit
    const index = several.findIndex((one) => one.chart === undefined && isAsked(one));
    if (repository === undefined && several.length > 1) return undefined;
    return index < 0 ? undefined : stated.revisions?.[index];
  }
  const only = spec.sourceHydrator?.drySource ?? spec.source;
  return only !== undefined && isAsked(only) ? revisionAt(application, stated) : undefined;
}

/** Of an Application with one source. */
function revisionAt(
  { spec, status }: Pick<Application, 'spec' | 'status'>,
  stated: { revision?: string | undefined } | undefined,
): string | undefined {
  if (stated?.revision === undefined || stated.revision === '') return undefined;
  if (spec.sourceHydrator === undefined) return stated.revision;
  // what is compared lies on a branch of rendered manifests; the commit people merged is the dry one behind it
  const { drySHA, hydratedSHA } = status.sourceHydrator?.lastSuccessfulOperation ?? {};
  return hydratedSHA === stated.revision ? drySHA : undefined;
}
