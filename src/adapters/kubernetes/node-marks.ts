import { z } from 'zod';
import { metadataForm } from './api-client.ts';
import { Metadata, type Read } from './kube-object.ts';
import type { WatchedKind } from './watched-kinds.ts';

export const doNotDisrupt = 'karpenter.sh/do-not-disrupt';
/** Who set it, so that only our own is taken away again. `infra/kubernetes/brake.yaml` permits these two and no other. */
export const ourMark = 'amiable.dev/brake';

/** Who keeps Karpenter from disrupting a Node, as far as its annotations say. */
export type Marked = {
  readonly version: string;
  readonly held: boolean;
  /** Whose mark; absent: nobody's of ours. */
  readonly mark?: string;
};

export const Marks = z
  .object({ metadata: Metadata.extend({ resourceVersion: z.string() }) })
  .transform(({ metadata }): Marked => {
    const mark = metadata.annotations[ourMark];
    return {
      version: metadata.resourceVersion,
      held: metadata.annotations[doNotDisrupt] === 'true',
      ...(mark === undefined ? {} : { mark }),
    };
  });

/** All of Karpenter's Nodes, by their metadata alone. */
export const marks: WatchedKind<Marked> = {
  kind: 'Node',
  path: '/api/v1/nodes',
  labelSelector: 'karpenter.sh/nodepool',
  accept: metadataForm,
  read: (object): Read<Marked> => ({ value: Marks.parse(object) }),
};
