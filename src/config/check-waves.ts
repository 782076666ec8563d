import { unknownName } from './check-environments.ts';
import type { Finding } from './config-error.ts';
import type { Outline } from './outline.ts';

/** What waves name: clusters that exist, in this environment, once; node classes once; and nothing comes after the rest. */
export function checkWaves({ environments, clusters }: Outline): Finding[] {
  return environments.flatMap((environment, index) => {
    if (environment?.name === undefined) return [];
    const own = clusters.flatMap((cluster) =>
      cluster?.name !== undefined && cluster.environment === environment.name ? [cluster.name] : [],
    );
    const elsewhere = new Map(clusters.map((cluster) => [cluster?.name, cluster?.environment]));
    const seen = new Set<string>();
    const classes = new Set<string>();
    const { waves } = environment;
    return waves.flatMap((wave, position) => {
      const path = ['environments', index, 'waves', position];
      const findings: Finding[] = namedBy(wave, 'clusters').flatMap(([cluster, place]) => {
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
      for (const [nodeClass, place] of namedBy(wave, 'nodeClasses')) {
        if (classes.has(nodeClass)) {
          findings.push({
            path: [...path, 'nodeClasses', place],
            message: `names the EC2NodeClass ${JSON.stringify(nodeClass)} a second time: all nodes of one move together, so it is in one wave.`,
          });
        }
        classes.add(nodeClass);
      }
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

function namedBy(wave: unknown, key: 'clusters' | 'nodeClasses'): [string, number][] {
  if (typeof wave !== 'object' || wave === null) return [];
  const names: unknown = Reflect.get(wave, key);
  if (!Array.isArray(names)) return [];
  return names.flatMap((name: unknown, index): [string, number][] =>
    typeof name === 'string' ? [[name, index]] : [],
  );
}
