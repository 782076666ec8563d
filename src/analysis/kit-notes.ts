import { oneLine } from '../shared/text.ts';
import { isKitVersion, type KitName } from './bottlerocket-advisory.ts';
import { type KitStatement, kitStatements } from './kit-statement.ts';
import { rpmvercmp } from './rpm-version.ts';

/** What the changelog of a kit says of one of its releases. */
export type KitRelease = { readonly version: string; readonly statements: readonly KitStatement[] };

/** The changelog of one kit as far as it could be read. */
export type KitNotes =
  | { readonly status: 'read'; readonly releases: readonly KitRelease[] }
  | { readonly status: 'unavailable'; readonly reason: string };

export type KitChangelogs = Readonly<Record<KitName, KitNotes>>;

/** Longest changelog that is read, in UTF-16 code units; the real ones have less than 100,000. */
const maxChangelog = 4_000_000;
const most = { releases: 2_000, lines: 400, statements: 300, line: 1_000 };

/**
 * Reads the CHANGELOG.md of the core kit or the kernel kit. Of what goes beyond all measure the rest is left out, oldest
 * first, so that its kits count as not told.
 * @returns releases, oldest first, each version once.
 */
export function parseKitChangelog(changelog: string): readonly KitRelease[] {
  const releases = new Map<string, KitStatement[]>();
  let at: KitStatement[] | undefined;
  let skipped = false;
  let lines = 0;
  for (const line of linesOf(changelog.slice(0, maxChangelog))) {
    const version = /^# +v?(\d+\.\d+\.\d+)(?: +\([0-9-]{8,10}\))?[^\S\n]*$/.exec(line)?.[1];
    if (version !== undefined) {
      if (releases.size >= most.releases) break;
      skipped = false;
      lines = 0;
      at = isKitVersion(version) ? (releases.get(version) ?? []) : undefined;
      if (at !== undefined) releases.set(version, at);
      continue;
    }
    // What a kit is built with is in no image.
    const heading = /^#{2,4} +(\S.{0,80})$/.exec(line)?.[1];
    if (heading !== undefined) skipped = /^(?:Build|Documentation|Tools|Test)/i.test(heading);
    const bullet = /^ {0,6}[*-] +(\S.*)$/.exec(line)?.[1];
    if (bullet === undefined || skipped || at === undefined) continue;
    lines += 1;
    if (lines > most.lines || at.length >= most.statements) continue;
    at.push(...kitStatements(withoutReferences(oneLine(bullet))));
  }
  return [...releases]
    .map(([version, statements]) => ({ version, statements: statements.slice(0, most.statements) }))
    .sort((a, b) => rpmvercmp(a.version, b.version));
}

/** Lines of a length that a person writes; longer ones are left out. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end === -1 ? text.length : end;
    if (to - from <= most.line) yield text.slice(from, to).replace(/\r$/, '');
    from = to + 1;
  }
}

/** `([#690], [#6813a59b]) - Thanks @somebody!` says nothing of a package. */
function withoutReferences(text: string): string {
  return text.replace(/\s*\(\[[^\n]*$/, '').trim();
}
