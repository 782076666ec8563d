import type { FileBinding } from './file-patterns.ts';

/** The names a configuration gives to its environments and clusters. */
export type FleetNames = {
  readonly environments: readonly string[];
  readonly clusters: readonly string[];
};

/**
 * Names a pattern spells outright: a part between slashes, or the file's name up to its first dot, that is the name of
 * an environment or a cluster. What `{environment}` or `{cluster}` says goes before. More than one: all are returned.
 */
export function namesSpelledOut(
  pattern: string,
  { environments, clusters }: FleetNames,
): { readonly environments: readonly string[]; readonly clusters: readonly string[] } {
  const segments = pattern.split('/');
  const words = segments.map((segment, index) =>
    index === segments.length - 1 ? (segment.split('.')[0] ?? '') : segment,
  );
  const among = (names: readonly string[], variable: string) =>
    pattern.includes(variable) ? [] : [...new Set(words.filter((word) => names.includes(word)))];
  return {
    environments: among(environments, '{environment}'),
    clusters: among(clusters, '{cluster}'),
  };
}

/** Adds to what a pattern is said to be for the names it spells outright. */
export function withNamesSpelledOut<Pattern extends FileBinding & { readonly pattern: string }>(
  pattern: Pattern,
  names: FleetNames,
): Pattern {
  if (pattern.environments !== undefined) return pattern;
  const spelled = namesSpelledOut(pattern.pattern, names);
  const environment = pattern.environment ?? spelled.environments[0];
  const cluster = pattern.cluster ?? spelled.clusters[0];
  return {
    ...pattern,
    ...(environment === undefined ? {} : { environment }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}
