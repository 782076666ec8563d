import { unknownName } from './check-environments.ts';
import type { Finding } from './config-error.ts';
import type { Outline } from './outline.ts';

/** Clusters named by waves: they exist, in this environment, once; and nothing comes after the rest. */
export function checkWaves({ environments, clusters }: Outline): Finding[] {
  return environments.flatMap((environment, index) => {
    if (environment?.name === undefined) return [];
    const own = clusters.flatMap((cluster) =>
      cluster?.name !== undefined && cluster.environment === environment.name ? [cluster.name] : [],
    );
    const elsewhere = new Map(clusters.map((cluster) => [cluster?.name, cluster?.environment]));
    const seen = new Set<string>();
    const { waves } = environment;
    return waves.flatMap((wave, position) => {
      const path = ['environments', index, 'waves', position];
      const findings: Finding[] = namedBy(wave).flatMap(([cluster, place]) => {
        const here = [...path, 'clusters', place];
        if (own.includes(cluster)) {
          if (!seen.has(cluster)) {
            seen.add(cluster);
            return [];
          }
          return [{ path: here, message: `names ${JSON.stringify(cluster)} a second time.` }];
        }
        const other = elsewhere.get(cluster);
        return [
          {
            path: here,
            message:
              other === undefined
                ? unknownName(cluster, 'cluster', own)
                : `${JSON.stringify(cluster)} belongs to the environment ${other}, not to ${environment.name}.`,
          },
        ];
      });
      if (waves.indexOf('rest') !== -1 && waves.indexOf('rest') < position) {
        findings.push({
          path,
          message: 'comes after rest, which leaves nothing: rest must be the last wave.',
        });
      }
      return findings;
    });
  });
}

function namedBy(wave: unknown): [string, number][] {
  if (typeof wave !== 'object' || wave === null || !('clusters' in wave)) return [];
  const { clusters } = wave;
  if (!Array.isArray(clusters)) return [];
  return clusters.flatMap((name: unknown, index): [string, number][] =>
    typeof name === 'string' ? [[name, index]] : [],
  );
}
