import type { KitRelease } from './kit-notes.ts';
import type { KitStatement } from './kit-statement.ts';
import { compareEvr, evrOf, rpmvercmp } from './rpm-version.ts';

/** A statement and the release of the kit that makes it. */
export type Told = KitStatement & { readonly kit: string };

/** What a changelog tells of one package, oldest first. ``Update `kubernetes` packages`` speaks of each of them. */
export function historyOf(releases: readonly KitRelease[], name: string): readonly Told[] {
  const family = /^(kubernetes|ecr-credential-provider)-\d/.exec(name)?.[1];
  return releases.flatMap(({ version: kit, statements }) =>
    statements
      .filter((one) => one.name === name || one.name === family)
      .map((one) => ({ ...one, kit })),
  );
}

/**
 * The version of a package in a release of its kit: what it was last updated to, else what it is next updated from.
 * `undefined` where neither is told, and where the two contradict each other.
 */
export function versionAt(history: readonly Told[], kit: string): string | undefined {
  const next = history.findIndex((one) => rpmvercmp(one.kit, kit) > 0);
  const [past, coming] =
    next === -1 ? [history, []] : [history.slice(0, next), history.slice(next)];
  const moves = ({ did }: Told) => did !== 'patched';
  const last = past.findLast(moves);
  if (last?.did === 'dropped') return undefined;
  const was = last?.to;
  const then = coming.find(moves);
  const told = then?.did === 'updated' ? then.from : undefined;
  if (was === undefined || told === undefined) return was ?? told;
  return compareEvr(evrOf(was), evrOf(told)) === 0 ? was : undefined;
}

/** Whether a changelog reaches from one release of the kit to the other, so that its silence means something. */
export function covers(releases: readonly KitRelease[], from: string, to: string): boolean {
  const has = (kit: string) => releases.some(({ version }) => version === kit);
  return has(from) && has(to);
}

/** Whether the kit's release lies after one and up to the other, whichever of them is older. */
export function isBetween(kit: string, from: string, to: string): boolean {
  const [low, high] = rpmvercmp(from, to) <= 0 ? [from, to] : [to, from];
  return rpmvercmp(kit, low) > 0 && rpmvercmp(kit, high) <= 0;
}
