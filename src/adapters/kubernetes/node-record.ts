import { z } from 'zod';
import { Condition, isTrue, Metadata, type Read, readWith } from './kube-object.ts';

export type NodeRecord = { readonly name: string; readonly ready: boolean };

const Node = z.object({
  metadata: Metadata,
  status: z.object({ conditions: z.array(Condition).default([]) }).default({ conditions: [] }),
});

export function readNode(object: unknown): Read<NodeRecord> {
  return readWith(Node, object, {
    view: ({ metadata, status }) => ({
      name: metadata.name,
      ready: isTrue(status.conditions, 'Ready'),
    }),
    unreadable: (name) => ({ name, ready: false }),
  });
}
