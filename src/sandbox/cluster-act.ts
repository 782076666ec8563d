import { z } from 'zod';

const name = z.string().exactOptional();
const names = z.array(z.string()).exactOptional();
const budget = { namespace: z.string().exactOptional(), name };

/** What can be done to a cluster over `POST /sandbox/act`: the shapes of the stand-in's own `Act`. */
export const ClusterAct = z.discriminatedUnion('do', [
  z.object({
    do: z.literal('add-node'),
    nodePool: z.string(),
    arch: z.enum(['x86_64', 'arm64']).exactOptional(),
  }),
  z.object({ do: z.literal('kill-node'), name }),
  z.object({ do: z.literal('interrupt-node'), name }),
  z.object({ do: z.literal('consolidate-node'), name }),
  z.object({ do: z.literal('degrade'), name }),
  z.object({ do: z.literal('recover'), name }),
  z.object({ do: z.literal('block-pdb'), ...budget }),
  z.object({ do: z.literal('unblock-pdb'), ...budget }),
  z.object({
    do: z.literal('launch-failures'),
    how: z.enum(['never-registers', 'never-ready', 'no-capacity', 'no-driver', 'none']),
  }),
  z.object({ do: z.literal('upgrade-control-plane'), to: z.string() }),
  z.object({ do: z.literal('edit-node-class'), alias: z.string(), name }),
  z.object({
    do: z.literal('serve-versions'),
    group: z.string(),
    versions: z.array(z.string()),
  }),
  z.object({ do: z.literal('deny'), what: z.string() }),
  z.object({ do: z.literal('allow'), what: z.string() }),
  z.object({ do: z.literal('sync'), application: z.string().exactOptional() }),
  z.object({
    do: z.literal('auto-sync'),
    on: z.boolean(),
    application: z.string().exactOptional(),
  }),
  z.object({
    do: z.literal('sync-windows'),
    windows: z.array(
      z.object({
        kind: z.enum(['allow', 'deny']),
        schedule: z.string(),
        duration: z.string(),
        applications: names,
        namespaces: names,
        clusters: names,
        manualSync: z.boolean().exactOptional(),
        timeZone: name,
        andOperator: z.boolean().exactOptional(),
      }),
    ),
  }),
]);
export type ClusterAct = z.infer<typeof ClusterAct>;

/** Every word `do` may be for a cluster. */
export const clusterDeeds: readonly string[] = ClusterAct.options.map(
  ({ shape }) => shape.do.value,
);
