import { z } from 'zod';
import type { NodeClassView } from '../../tracking/types.ts';
import { Condition, conditionView, Metadata, type Read, readWith } from './kube-object.ts';

const NodeClass = z.object({
  metadata: Metadata,
  spec: z.object({
    amiSelectorTerms: z
      .array(z.looseObject({ alias: z.string().optional(), id: z.string().optional() }))
      .default([]),
  }),
  status: z
    .object({
      amis: z.array(z.object({ id: z.string() })).default([]),
      conditions: z.array(Condition).default([]),
    })
    .default({ amis: [], conditions: [] }),
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
      ...(metadata.annotations[trackingAnnotation] !== undefined && {
        trackingId: metadata.annotations[trackingAnnotation],
      }),
    }),
    unreadable: (name) => ({ name, generation: 0, terms: [], amis: [], conditions: [] }),
  });
}
