import { createClusters } from '../adapters/kubernetes/create-clusters.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../shared/time.ts';
import type { Log } from '../workflow/log.ts';

/** The clusters of the configuration, reached the way it says. Nothing is asked before the first look. */
export function composeClusters(
  config: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
) {
  return createClusters({
    clock,
    log,
    clusters: config.clusters.map(({ name, api, argocd, delivery }) => ({
      name,
      connection: connectionOf(api),
      delivery: delivery === 'external' ? delivery : (argocd ?? {}),
    })),
  });
}

function connectionOf(api: Config['clusters'][number]['api']) {
  switch (api.kind) {
    case 'server':
      return {
        kind: 'server' as const,
        server: api.server,
        token: api.token.reveal(),
        ...(api.ca === undefined ? {} : { ca: api.ca }),
      };
    case 'kubeconfig':
      return {
        kind: 'kubeconfig' as const,
        context: api.context,
        ...(api.path === undefined ? {} : { path: api.path }),
      };
    case 'in-cluster':
      return { kind: 'in-cluster' as const };
  }
}
