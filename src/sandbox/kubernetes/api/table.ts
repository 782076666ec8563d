import { day, hour, type Instant, minute, second } from '../../../shared/time.ts';
import { statusOf } from '../conditions.ts';
import type { AnyObject, Node, NodeClaim, Plural } from '../objects.ts';
import { ApiError } from './api-error.ts';

type Cell = string | number | null;
type Column = {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority: number;
  readonly cell: (object: AnyObject, now: Instant) => Cell;
};

export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** @throws ApiError 400 for a value the API server does not know. */
export function includeObjectOf(query: URLSearchParams): IncludeObject {
  const value = query.get('includeObject') ?? 'Metadata';
  if (value === 'None' || value === 'Metadata' || value === 'Object') return value;
  throw new ApiError(400, 'BadRequest', `unrecognized includeObject value: "${value}"`);
}

/**
 * A Table as kubectl reads it: the CRD's printer columns for NodeClaims, the built-in ones for Nodes. Other resources
 * have tables too, which are not played. @throws ApiError 406 for these.
 * @param options.headers false in a watch, after its first event.
 */
export function tableOf(
  plural: Plural,
  objects: readonly AnyObject[],
  {
    metadata,
    includeObject,
    headers,
    now,
  }: {
    readonly metadata: Readonly<Record<string, unknown>>;
    readonly includeObject: IncludeObject;
    readonly headers: boolean;
    readonly now: Instant;
  },
) {
  const columns = columnsOf[plural];
  if (columns === undefined)
    throw new ApiError(406, 'NotAcceptable', `The stand-in has no table of ${plural}`);
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: headers
      ? columns.map(({ cell: _, format = '', description = '', ...rest }) => ({
          format,
          description,
          ...rest,
        }))
      : null,
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      object:
        includeObject === 'None' ? null : includeObject === 'Object' ? object : partial(object),
    })),
  };
}

/** An object's metadata alone. */
export function partial({ metadata }: AnyObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

const name: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  priority: 0,
  cell: ({ metadata }) => metadata.name,
};
const age: Column = {
  name: 'Age',
  type: 'date',
  priority: 0,
  cell: ({ metadata }, now) => ageOf(now - Date.parse(metadata.creationTimestamp ?? '')),
};

function label(column: string, key: string, priority = 0): Column {
  return {
    name: column,
    type: 'string',
    priority,
    cell: ({ metadata }) => metadata.labels?.[key] ?? null,
  };
}

function ofClaim(column: string, cell: (claim: NodeClaim) => Cell, priority = 0): Column {
  return { name: column, type: 'string', priority, cell: (object) => cell(object as NodeClaim) };
}

function ofNode(column: string, cell: (node: Node) => Cell, priority = 0): Column {
  return { name: column, type: 'string', priority, cell: (object) => cell(object as Node) };
}

/** Source: additionalPrinterColumns of karpenter.sh_nodeclaims.yaml; kubernetes pkg/printers/internalversion. */
const columnsOf: Partial<Readonly<Record<Plural, readonly Column[]>>> = {
  nodeclaims: [
    name,
    label('Type', 'node.kubernetes.io/instance-type'),
    label('Capacity', 'karpenter.sh/capacity-type'),
    label('Zone', 'topology.kubernetes.io/zone'),
    ofClaim('Node', ({ status }) => status?.nodeName ?? null),
    ofClaim('Ready', ({ status }) => statusOf(status?.conditions, 'Ready') ?? null),
    age,
    ofClaim('ImageID', ({ status }) => status?.imageID ?? null, 1),
    ofClaim('ID', ({ status }) => status?.providerID ?? null, 1),
    label('NodePool', 'karpenter.sh/nodepool', 1),
    ofClaim('NodeClass', ({ spec }) => spec.nodeClassRef.name, 1),
    ofClaim('Drifted', ({ status }) => statusOf(status?.conditions, 'Drifted') ?? null, 1),
  ],
  nodes: [
    name,
    ofNode('Status', ({ status }) =>
      statusOf(status?.conditions, 'Ready') === 'True' ? 'Ready' : 'NotReady',
    ),
    ofNode('Roles', () => '<none>'),
    age,
    ofNode('Version', ({ status }) => status?.nodeInfo['kubeletVersion'] ?? ''),
    ofNode('Internal-IP', () => '<none>', 1),
    ofNode('External-IP', () => '<none>', 1),
    ofNode('OS-Image', ({ status }) => status?.nodeInfo['osImage'] ?? '', 1),
    ofNode('Kernel-Version', ({ status }) => status?.nodeInfo['kernelVersion'] ?? '', 1),
    ofNode(
      'Container-Runtime',
      ({ status }) => status?.nodeInfo['containerRuntimeVersion'] ?? '',
      1,
    ),
  ],
};

/** Spells an age as kubectl does, roughly: two units while small, then one. */
function ageOf(ms: number): string {
  if (Number.isNaN(ms)) return '<unknown>';
  if (ms < 2 * minute) return `${Math.max(0, Math.floor(ms / second))}s`;
  if (ms < 3 * hour) return `${Math.floor(ms / minute)}m`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)}h`;
  return `${Math.floor(ms / day)}d`;
}
