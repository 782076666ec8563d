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
    clusters: config.clusters.map(({ name, api, argocd }) => ({
      name,
      ...(api.kind === 'server'
        ? {
            server: api.server,
            token: api.token.reveal(),
            ...(api.ca === undefined ? {} : { caData: api.ca }),
          }
        : api.kind === 'kubeconfig'
          ? {
              context: api.context,
              ...(api.path === undefined ? {} : { kubeconfig: api.path }),
            }
          : { inCluster: true as const }),
      ...(argocd === undefined
        ? {}
        : {
            application: {
              name: argocd.application,
              namespace: argocd.namespace,
              ...(argocd.cluster === undefined ? {} : { cluster: argocd.cluster }),
            },
          }),
    })),
  });
}
