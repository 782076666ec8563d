import { taken, unknownName } from './check-environments.ts';
import type { Finding } from './config-error.ts';
import type { Outline } from './outline.ts';

/** Names, environments, where Argo CD runs, and that no two clusters are reached in the same way. */
export function checkClusters({ clusters, environments }: Outline): Finding[] {
  const environmentNames = namesOf(environments);
  const clusterNames = namesOf(clusters);
  const reached = new Map<string, string>();
  return clusters.flatMap((cluster, index) => {
    if (cluster === undefined) return [];
    const findings: Finding[] = [];
    const say = (path: readonly PropertyKey[], message: string) =>
      findings.push({ path: ['clusters', index, ...path], message });
    const { name, environment, argocd } = cluster;
    if (name !== undefined && clusters.findIndex((other) => other?.name === name) < index) {
      say(['name'], taken(name, 'cluster'));
    }
    if (environment !== undefined && !environmentNames.includes(environment)) {
      say(['environment'], unknownName(environment, 'environment', environmentNames));
    }
    if (argocd?.cluster !== undefined && !clusterNames.includes(argocd.cluster)) {
      say(['argocd', 'cluster'], unknownName(argocd.cluster, 'cluster', clusterNames));
    }
    const way = wayTo(cluster);
    const other = way === undefined ? undefined : reached.get(way);
    if (way !== undefined && other !== undefined && other !== name) {
      say(['api'], `leads to the same API as ${other}'s: each cluster must have its own.`);
    }
    if (way !== undefined && name !== undefined) reached.set(way, other ?? name);
    return findings;
  });
}

/** What makes two entries the same cluster, whatever their names. */
function wayTo({ name, api }: NonNullable<Outline['clusters'][number]>): string | undefined {
  if (api?.inCluster === true || api?.inCluster === 'true') return 'inCluster';
  if (api?.server !== undefined) return `server ${api.server.replace(/\/+$/, '')}`;
  const context = api?.context ?? name;
  return context === undefined ? undefined : `context ${context} of ${api?.kubeconfig ?? ''}`;
}

function namesOf(items: readonly ({ readonly name?: string | undefined } | undefined)[]): string[] {
  return items.flatMap((item) => (item?.name === undefined ? [] : [item.name]));
}
