import { z } from 'zod';
import type { NodeClassView } from '../../tracking/types.ts';
import {
  Condition,
  conditionView,
  instantOf,
  Metadata,
  type Read,
  readWith,
} from './kube-object.ts';

/** One entry of `metadata.managedFields`; anything else there concerns nobody here. */
const ManagedFields = z
  .array(
    z.object({
      manager: z.string().default(''),
      time: z.string().nullish(),
      fieldsV1: z.object({ 'f:spec': z.record(z.string(), z.unknown()).optional() }).optional(),
    }),
  )
  .catch([]);

/** What only a forecast reads: unreadable, it is as if it were not there. */
const Ids = z
  .array(z.object({ id: z.string() }))
  .default([])
  .catch([]);

const NodeClass = z.object({
  metadata: Metadata.extend({ managedFields: ManagedFields.default([]) }),
  spec: z.object({
    amiSelectorTerms: z
      .array(z.looseObject({ alias: z.string().optional(), id: z.string().optional() }))
      .default([]),
  }),
  status: z
    .object({
      amis: z.array(z.object({ id: z.string() })).default([]),
      subnets: Ids,
      capacityReservations: Ids,
      conditions: z.array(Condition).default([]),
    })
    .default({ amis: [], subnets: [], capacityReservations: [], conditions: [] }),
});

const trackingAnnotation = 'argocd.argoproj.io/tracking-id';

/** An EC2NodeClass as tracking sees it; one that cannot be read has no conditions, so it never counts as resolved. */
export function readNodeClass(object: unknown): Read<NodeClassView> {
  return readWith(NodeClass, object, {
    view: ({ metadata, spec, status }) => ({
      name: metadata.name,
      generation: metadata.generation,
      terms: spec.amiSelectorTerms.map(({ alias, id, ...others }) => ({
        ...(alias !== undefined && { alias }),
        ...(id !== undefined && { id }),
        ...(typeof others['name'] === 'string' && { name: others['name'] }),
        ...(typeof others['ssmParameter'] === 'string' && { ssmParameter: others['ssmParameter'] }),
        other: Object.keys(others).length > 0,
      })),
      amis: status.amis.map(({ id }) => id),
      conditions: status.conditions.map(conditionView),
      ...(status.subnets.length > 0 && { subnets: status.subnets.map(({ id }) => id) }),
      ...(status.capacityReservations.length > 0 && {
        reservations: status.capacityReservations.map(({ id }) => id),
      }),
      ...(metadata.annotations[trackingAnnotation] !== undefined && {
        trackingId: metadata.annotations[trackingAnnotation],
      }),
      ...editedBy(metadata.managedFields),
    }),
    unreadable: (name) => ({ name, generation: 0, terms: [], amis: [], conditions: [] }),
  });
}

/** The newest manager of the terms: several may own them, when they agree. */
function editedBy(fields: z.infer<typeof ManagedFields>): Pick<NodeClassView, 'editedBy'> {
  const mine = fields
    .filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.['f:amiSelectorTerms'] !== undefined)
    .map(({ manager, time }) => ({ manager: manager.slice(0, 128), at: instantOf(time) }))
    .sort((a, b) => (b.at ?? 0) - (a.at ?? 0))[0];
  if (mine === undefined || mine.manager === '') return {};
  const { manager, at } = mine;
  return { editedBy: { manager, ...(at !== undefined && { at }) } };
}
