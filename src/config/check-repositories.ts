import { unknownName } from './check-environments.ts';
import type { Finding } from './config-error.ts';
import type { Outline } from './outline.ts';
import { parseFilePattern } from './parse-file-pattern.ts';
import { type FleetNames, namesSpelledOut } from './pattern-names.ts';

/** Each repository once, and every file pattern says whose files it means. */
export function checkRepositories({ repositories, clusters, environments }: Outline): Finding[] {
  const names: FleetNames = {
    environments: environments.flatMap((environment) => environment?.name ?? []),
    clusters: clusters.flatMap((cluster) => cluster?.name ?? []),
  };
  const environmentOf = new Map(clusters.map((cluster) => [cluster?.name, cluster?.environment]));
  const seen = new Set<string>();
  return repositories.flatMap((entry, index) => {
    if (entry === undefined) return [];
    const path = ['repositories', index];
    const findings = entry.files.flatMap((file, position) => {
      const message = wrongBinding(file, names, environmentOf);
      return message.map((finding) => ({
        ...finding,
        path: [...path, 'files', position, ...finding.path],
      }));
    });
    // GitHub's names do not differ in case alone. Branches of pull requests are named by rollout and repository.
    const key = entry.repository?.toLowerCase();
    if (key !== undefined && seen.has(key)) {
      findings.push({
        path: [...path, 'repository'],
        message: `${JSON.stringify(entry.repository)} is listed before; put all its files into one entry.`,
      });
    }
    if (key !== undefined) seen.add(key);
    return findings;
  });
}

function wrongBinding(
  file: unknown,
  names: FleetNames,
  environmentOf: ReadonlyMap<string | undefined, string | undefined>,
): Finding[] {
  const { pattern, environment, cluster } = asEntry(file);
  if (pattern === undefined || !parseFilePattern(pattern).ok) return [];
  const findings: Finding[] = [];
  for (const [key, given, known] of [
    ['environment', environment, names.environments],
    ['cluster', cluster, names.clusters],
  ] as const) {
    if (given === undefined) continue;
    if (!known.includes(given)) {
      findings.push({ path: [key], message: unknownName(given, key, known) });
    } else if (pattern.includes(`{${key}}`)) {
      findings.push({ path: [key], message: `is said twice: the pattern has {${key}} too.` });
    }
  }
  const shared = sharedBy(file);
  if (shared !== undefined) {
    const said = environment ?? cluster ?? /\{(environment|cluster)\}/.exec(pattern)?.[0];
    return [
      ...findings,
      ...shared.flatMap((one, i) =>
        names.environments.includes(one) && shared.indexOf(one) === i
          ? []
          : [
              {
                path: ['environments', i],
                message: unknownName(one, 'environment', names.environments),
              },
            ],
      ),
      ...(said === undefined
        ? []
        : [
            {
              path: ['environments'],
              message: `goes without ${said}: it says whose files these are.`,
            },
          ]),
    ];
  }
  const spelled = namesSpelledOut(pattern, names);
  const environments = environment === undefined ? spelled.environments : [environment];
  const clusters = cluster === undefined ? spelled.clusters : [cluster];
  if (environments.length > 1 || clusters.length > 1) {
    const several = (environments.length > 1 ? environments : clusters).join(' and ');
    return [
      ...findings,
      { path: [], message: `${JSON.stringify(pattern)} names ${several}: ${sayWhose}` },
    ];
  }
  const [one] = clusters;
  const home = environmentOf.get(one);
  if (one !== undefined && home !== undefined && environments.some((other) => other !== home)) {
    findings.push({
      path: [],
      message: `${JSON.stringify(pattern)} is for ${one}, which belongs to ${home}, not to ${environments.join()}.`,
    });
  }
  const isBound =
    clusters.length + environments.length > 0 || /\{(environment|cluster)\}/.test(pattern);
  if (!isBound) {
    findings.push({
      path: [],
      message: `${JSON.stringify(pattern)} does not say whose files it means: ${sayWhose}`,
    });
  }
  return findings;
}

const sayWhose =
  'it must have {environment} or {cluster} in it, or the name of one as a folder, or be written {pattern: …, cluster: …} or {pattern: …, environment: …}.';

/** The environments that read the files, where several are said to; wrong values are told by the schema. */
function sharedBy(file: unknown): readonly string[] | undefined {
  if (typeof file !== 'object' || file === null || !('environments' in file)) return undefined;
  const { environments } = file;
  if (!Array.isArray(environments)) return [];
  return environments.filter((one): one is string => typeof one === 'string');
}

function asEntry(file: unknown): Partial<Record<'pattern' | 'environment' | 'cluster', string>> {
  if (typeof file === 'string') return { pattern: file };
  if (typeof file !== 'object' || file === null) return {};
  const texts = Object.entries(file).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}
