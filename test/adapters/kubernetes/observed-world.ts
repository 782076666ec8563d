import { createClusters } from '../../../src/adapters/kubernetes/create-clusters.ts';
import { second } from '../../../src/shared/time.ts';
import type { ClusterView } from '../../../src/tracking/types.ts';
import type { Log } from '../../../src/workflow/log.ts';
import { cutLine } from '../../fakes/cut-line.ts';
import { cluster, settled, startForTest } from '../../sandbox/kubernetes/start-for-test.ts';

/** A stand-in and the adapter that looks at it, on one clock. */
export async function observedWorld({
  requestTimeoutMs = 10 * second,
  canBeCut = false,
  ...options
}: {
  requestTimeoutMs?: number;
  /** The adapter reaches the cluster through a line that can be cut. */
  canBeCut?: boolean;
} & Parameters<typeof startForTest>[0] = {}) {
  const world = await startForTest(options);
  const { standIn, clock } = world;
  const line = canBeCut ? await cutLine(standIn.serverUrl(cluster)) : undefined;
  const logged: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] =
    [];
  const note = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    logged.push({ level, message, fields });
  };
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') };
  const clusters = createClusters({
    clusters: [
      {
        name: cluster,
        connection: {
          kind: 'server',
          server: line?.url ?? standIn.serverUrl(cluster),
          token: standIn.token(cluster),
        },
        delivery: { application: 'karpenter-config' },
      },
    ],
    clock,
    log,
    requestTimeoutMs,
    random: () => 0.5,
  });
  return {
    ...world,
    clusters,
    logged,
    line,
    observe: () => clusters.observe(cluster),
    /** Lets time pass until the adapter's view satisfies `holds`; the clock moves with it, a second a turn. */
    async eventually(holds: (view: ClusterView) => boolean, turns = 120): Promise<ClusterView> {
      for (let turn = 0; turn < turns; turn += 1) {
        await settled();
        const view = await clusters.observe(cluster);
        if (holds(view)) return view;
        clock.advance(second);
        standIn.tick();
      }
      throw new Error('the view never came to what was expected');
    },
    /** Waits, while the clock stands still, for what is under way over the loopback interface. */
    async seen(holds: (view: ClusterView) => boolean): Promise<ClusterView> {
      for (let turn = 0; turn < 300; turn += 1) {
        const view = await clusters.observe(cluster);
        if (holds(view)) return view;
        await settled();
      }
      throw new Error('the view never came to what was expected');
    },
    async close() {
      await clusters.close();
      await line?.close();
      await standIn.close();
    },
  };
}

export type ObservedWorld = Awaited<ReturnType<typeof observedWorld>>;

/** The names and images of a view's NodeClaims, in order. */
export function imagesOf({ nodeClaims }: ClusterView): readonly string[] {
  return nodeClaims.map(({ name, imageId = '-' }) => `${name} ${imageId}`).sort();
}
