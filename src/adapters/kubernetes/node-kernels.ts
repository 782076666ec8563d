import { z } from 'zod';
import { tableForm } from './api-client.ts';
import { type Read, readWith } from './kube-object.ts';
import { type Columns, type RowReader, TableUnusableError, textIn } from './table.ts';
import type { WatchedKind } from './watched-kinds.ts';

const Node = z.object({
  status: z.object({ nodeInfo: z.object({ kernelVersion: z.string().default('') }) }),
});

/** By name, the kernel that Karpenter's Nodes say they run; empty where one does not say. */
export const nodeKernels: WatchedKind<string> = {
  kind: 'Node',
  path: '/api/v1/nodes',
  labelSelector: 'karpenter.sh/nodepool',
  accept: tableForm,
  read: readKernel,
  rows: kernelRows,
};

function readKernel(object: unknown): Read<string> {
  return readWith<typeof Node, string>(Node, object, {
    view: ({ status }) => status.nodeInfo.kernelVersion,
    unreadable: () => '',
  });
}

/** The same from kubectl's column, which stands in every table though kubectl shows it with `-o wide` only. */
function kernelRows(columns: Columns): RowReader<string> {
  const kernel = columns.get('Kernel-Version');
  if (kernel === undefined)
    throw new TableUnusableError('the table of Nodes has no Kernel-Version');
  return (cells) => textIn(cells, kernel) ?? '';
}
