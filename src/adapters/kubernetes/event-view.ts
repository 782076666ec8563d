import { z } from 'zod';
import type { EventView } from '../../tracking/types.ts';
import { instantOf, Metadata, type Read, readWith } from './kube-object.ts';

const text = z.string().nullish();

const Event = z.object({
  metadata: Metadata,
  reason: z.string().default(''),
  message: z.string().default(''),
  firstTimestamp: text,
  lastTimestamp: text,
  // events of events.k8s.io leave the two above empty
  eventTime: text,
  series: z.object({ lastObservedTime: text }).nullish(),
  involvedObject: z.object({
    kind: z.string().default(''),
    name: z.string().default(''),
    namespace: z.string().optional(),
  }),
});

export function readEvent(object: unknown): Read<EventView> {
  return readWith<typeof Event, EventView>(Event, object, {
    view: (event) => {
      const { kind, name, namespace } = event.involvedObject;
      const firstAt = instantOf(event.firstTimestamp ?? event.eventTime);
      const lastAt = instantOf(
        event.lastTimestamp ??
          event.series?.lastObservedTime ??
          event.eventTime ??
          event.firstTimestamp,
      );
      return {
        kind,
        name,
        ...(namespace !== undefined && { namespace }),
        reason: event.reason,
        message: event.message,
        ...(firstAt !== undefined && { firstAt }),
        ...(lastAt !== undefined && { lastAt }),
      };
    },
    unreadable: () => ({ kind: '', name: '', reason: '', message: '' }),
  });
}
