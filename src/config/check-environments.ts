import type { Finding } from './config-error.ts';
import { didYouMean } from './nearest.ts';
import type { Outline } from './outline.ts';

/** Names, promotion order, and whether each environment has clusters. */
export function checkEnvironments({ environments, clusters }: Outline): Finding[] {
  const names = environments.map((environment) => environment?.name);
  const known = names.filter((name) => name !== undefined);
  const inhabited = new Set(clusters.map((cluster) => cluster?.environment));
  const observed = new Set(
    environments.flatMap((one) => (one?.mode === 'observe' ? [one.name] : [])),
  );
  const allRead = clusters.length > 0 && clusters.every((cluster) => cluster?.environment);
  return environments.flatMap((environment, index) => {
    if (environment === undefined) return [];
    const { name, after, mode } = environment;
    const path = ['environments', index];
    const findings: Finding[] = after.flatMap((earlier, position) => {
      if (earlier === undefined) return [];
      const here = [...path, 'after', position];
      if (!known.includes(earlier)) {
        return [{ path: here, message: unknownName(earlier, 'environment', known) }];
      }
      if (after.indexOf(earlier) < position)
        return [{ path: here, message: `names ${JSON.stringify(earlier)} a second time.` }];
      return mode !== undefined && mode !== 'observe' && observed.has(earlier)
        ? [{ path: here, message: neverBegins(earlier) }]
        : [];
    });
    if (name === undefined) return findings;
    if (names.indexOf(name) < index) {
      findings.push({ path: [...path, 'name'], message: taken(name, 'environment') });
    } else if (allRead && !inhabited.has(name)) {
      findings.push({
        path: [...path, 'name'],
        message: `${JSON.stringify(name)} has no cluster: at least one of clusters must name it.`,
      });
    }
    return findings;
  });
}

/** Circles of `after`, each told once, at its first environment in the file. */
export function checkPromotionOrder({ environments }: Outline): Finding[] {
  // The first of a name stands for all: doubled names are told by themselves, and make no circle.
  const after = new Map(
    [...environments].reverse().map((environment) => [environment?.name, environment?.after]),
  );
  const told = new Set<string>();
  return environments.flatMap((environment, index) => {
    const name = environment?.name;
    if (name === undefined || told.has(name)) return [];
    const circle = wayBack(name, after);
    if (circle === undefined) return [];
    for (const member of circle) told.add(member);
    return [
      {
        path: ['environments', index, 'after'],
        message: `goes in a circle: ${circle.join(' after ')}. One of them must come first.`,
      },
    ];
  });
}

/** The shortest way along `after` from an environment to itself, both ends named. */
function wayBack(
  start: string,
  after: ReadonlyMap<string | undefined, readonly (string | undefined)[] | undefined>,
): string[] | undefined {
  const seen = new Set<string>();
  const ways = [[start]];
  for (const way of ways) {
    for (const next of after.get(way.at(-1)) ?? []) {
      if (next === undefined) continue;
      if (next === start) return [...way, start];
      if (!seen.has(next)) ways.push([...way, next]);
      seen.add(next);
    }
  }
  return undefined;
}

export function unknownName(given: string, of: string, known: readonly string[]): string {
  const all = known.length <= 12 ? `: it must be one of ${known.join(', ')}` : '';
  return `${JSON.stringify(given.slice(0, 64))} is no ${of} of this file${all}.${didYouMean(given, known)}`;
}

function neverBegins(earlier: string): string {
  return `names ${JSON.stringify(earlier)}, where mode is observe: nothing is completed there, so nothing would ever begin here.`;
}

export function taken(name: string, of: string): string {
  return `${JSON.stringify(name)} is the name of another ${of} already; each must have its own.`;
}
