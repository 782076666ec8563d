import { z } from 'zod';
import { Condition, isTrue, Metadata, type Read, readWith } from './kube-object.ts';
import { type Columns, type RowReader, TableUnusableError, textIn } from './table.ts';

const Node = z.object({
  metadata: Metadata,
  status: z.object({ conditions: z.array(Condition).default([]) }).default({ conditions: [] }),
});

/** Whether a Node is Ready; one that cannot be read is not. */
export function readNode(object: unknown): Read<boolean> {
  return readWith<typeof Node, boolean>(Node, object, {
    view: ({ status }) => isTrue(status.conditions, 'Ready'),
    unreadable: () => false,
  });
}

/** The same from kubectl's column Status: `Ready`, `NotReady`, `Ready,SchedulingDisabled`. */
export function nodeRows(columns: Columns): RowReader<boolean> {
  const status = columns.get('Status');
  if (status === undefined) throw new TableUnusableError('the table of Nodes has no Status');
  return (cells) => (textIn(cells, status) ?? '').split(',').includes('Ready');
}
