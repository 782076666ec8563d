import { z } from 'zod';
import { goDurationMs } from '../../tracking/go-duration.ts';
import type { PodView } from '../../tracking/types.ts';
import { Condition, instantOf, Metadata, type Read, readWith } from './kube-object.ts';

const Waiting = z.object({
  state: z.object({ waiting: z.object({ reason: z.string().optional() }).optional() }).optional(),
});

const Pod = z.object({
  metadata: Metadata.extend({
    ownerReferences: z
      .array(z.object({ kind: z.string(), name: z.string(), controller: z.boolean().optional() }))
      .default([]),
  }),
  spec: z
    .object({
      nodeName: z.string().optional(),
      tolerations: z
        .array(z.object({ key: z.string().optional(), operator: z.string().optional() }))
        .default([]),
      volumes: z
        .array(z.object({ persistentVolumeClaim: z.object({ claimName: z.string() }).optional() }))
        .nullish(),
    })
    .default({ tolerations: [] }),
  status: z
    .object({
      startTime: z.string().optional(),
      conditions: z.array(Condition).default([]),
      containerStatuses: z.array(Waiting).default([]),
      initContainerStatuses: z.array(Waiting).default([]),
    })
    .default({ conditions: [], containerStatuses: [], initContainerStatuses: [] }),
});
type Pod = z.infer<typeof Pod>;

/** A Pod as tracking sees it; one that cannot be read is there, and protects nothing. */
export function readPod(object: unknown): Read<PodView> {
  return readWith<typeof Pod, PodView>(Pod, object, {
    view: (pod) => {
      const { metadata, spec, status } = pod;
      const owner = ownerOf(pod);
      const claims = (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
        claim === undefined ? [] : [`${metadata.namespace ?? ''}/${claim.claimName}`],
      );
      const protectedFor = doNotDisruptOf(metadata.annotations);
      const startedAt = instantOf(status.startTime);
      const placed = status.conditions.find(({ type }) => type === 'PodScheduled');
      const refused = placed?.status === 'False' && placed.reason === 'Unschedulable';
      const refusedAt = instantOf(placed?.lastTransitionTime);
      return {
        namespace: metadata.namespace ?? '',
        name: metadata.name,
        labels: metadata.labels,
        ...(spec.nodeName !== undefined && spec.nodeName !== '' && { nodeName: spec.nodeName }),
        ...(owner !== undefined && { owner }),
        ...(protectedFor !== undefined && { doNotDisrupt: protectedFor }),
        ...(startedAt !== undefined && { startedAt }),
        stays: stays(pod),
        deleting: metadata.deletionTimestamp !== undefined,
        ready: status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
        crashing: [...status.containerStatuses, ...status.initContainerStatuses].some(({ state }) =>
          crashes.has(state?.waiting?.reason ?? ''),
        ),
        ...(refused && {
          unschedulable: {
            words: placed.message,
            ...(refusedAt !== undefined && { since: refusedAt }),
          },
        }),
        ...(claims.length > 0 && { claims }),
      };
    },
    unreadable: (name) => ({
      namespace: '',
      name,
      labels: {},
      stays: false,
      deleting: false,
      ready: false,
      crashing: false,
    }),
  });
}

const crashes = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'RunContainerError',
]);

/** `true`, or since Karpenter 1.12 a Go duration from the pod's start. */
function doNotDisruptOf(annotations: Readonly<Record<string, string>>): true | number | undefined {
  const value = annotations['karpenter.sh/do-not-disrupt'];
  return value === 'true' ? true : goDurationMs(value);
}

function ownerOf({ metadata }: Pod): string | undefined {
  const owner =
    metadata.ownerReferences.find(({ controller }) => controller === true) ??
    metadata.ownerReferences[0];
  if (owner === undefined) return undefined;
  const hash = metadata.labels['pod-template-hash'];
  const ofDeployment =
    owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`);
  const kind = ofDeployment ? 'Deployment' : owner.kind;
  const name = ofDeployment ? owner.name.slice(0, -hash.length - 1) : owner.name;
  return `${kind} ${metadata.namespace ?? ''}/${name}`;
}

function stays({ metadata, spec }: Pod): boolean {
  return (
    metadata.ownerReferences.some(({ kind }) => kind === 'Node' || kind === 'DaemonSet') ||
    spec.tolerations.some(
      ({ key, operator }) =>
        (operator === 'Exists' && (key === undefined || key === '')) ||
        key === 'karpenter.sh/disrupted',
    )
  );
}
