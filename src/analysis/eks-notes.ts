import { clamp, oneLine } from '../shared/text.ts';
import { type HtmlTable, readTables } from './html-tables.ts';

/** Packages of one kind of image; `null`: not in this image, no key: the notes do not say. */
export type PackageTable = Readonly<Record<string, string | null>>;

/** What a release's notes say of one Kubernetes minor. */
export type EksMinor = {
  /** Such as `1.35`. */
  readonly version: string;
  /** Such as `1.35.6-20260714`; its front is the kubelet's version. Empty where the notes do not say. */
  readonly releaseVersion: string;
  /** `s3://amazon-eks/1.35.6/2026-07-05/`, with the date the binaries were built. Empty where the notes do not say. */
  readonly artifacts: string;
  readonly amiNames: readonly string[];
  /** By EKS AMI type. */
  readonly packages: Readonly<Record<string, PackageTable>>;
};

/** The notes of one release of awslabs/amazon-eks-ami. Titles and notices are outsiders' text. */
export type EksNotes = {
  readonly title: string;
  readonly tag: string;
  /** The release was withdrawn: `[ABANDONED]`, formerly `[Recalled]`. The mark is added later, so read it again. */
  readonly abandoned: boolean;
  /** Tags, not releases: the base may be one that was never released. `null`: the template did not change. */
  readonly compare: { readonly base: string; readonly head: string } | null;
  /** Quoted lines, without their marker. */
  readonly notices: readonly string[];
  /** Whether a notice is marked `[!WARNING]`, `[!CAUTION]` or `[!IMPORTANT]`. */
  readonly warns: boolean;
  readonly pullRequests: readonly {
    readonly title: string;
    readonly author: string;
    readonly number: number;
  }[];
  /** Rows of the AMI table: `amiType`, then one column a group of minors, by its heading. */
  readonly sourceAmis: readonly Readonly<Record<string, string>>[];
  /** Newest first, as in the notes. */
  readonly kubernetes: readonly EksMinor[];
};

/** Longest body that is read, in UTF-16 code units; the longest real one has 32,000. */
const maxBody = 500_000;
/** Longest line that is looked at; a table stands on many. */
const maxLine = 1_000;

/**
 * Reads one release's notes in the layout used since v20231106.
 * @param title of the GitHub release, or the `# ` line of the changelog: `[ABANDONED] AMI Release v20260311`.
 * @returns `undefined` when the title names no release; absent tables give empty lists.
 */
export function parseEksNotes(title: string, body: string): EksNotes | undefined {
  const heading = oneLine(title.slice(0, maxLine)).replace(/^#+ */, '');
  const named = /^(\[(?:ABANDONED|Recalled)\] *)?AMI Release (v\d{8})$/i.exec(heading);
  if (named?.[2] === undefined) return undefined;
  const text = body.slice(0, maxBody);
  const lines = text.split(/\r?\n/).map((line) => line.slice(0, maxLine));
  const tables = readTables(withoutOutsiders(text));
  return {
    title: heading,
    tag: named[2],
    abandoned: named[1] !== undefined,
    compare: compared(lines),
    notices: noticesIn(lines),
    warns: lines.some((line) => /^> ?\[!(?:WARNING|CAUTION|IMPORTANT)\]/.test(line)),
    pullRequests: pullRequestsIn(lines),
    sourceAmis: tables.filter(({ rows }) => rows[0]?.[0] === 'AMI Type').flatMap(recordsOf),
    kubernetes: minorsOf(tables),
  };
}

/** Notes of all releases in a CHANGELOG.md, newest first as they stand; older layouts are left out. */
export function parseEksChangelog(changelog: string): readonly EksNotes[] {
  const starts = [...changelog.matchAll(/^# +(?:\[[A-Za-z]+\] *)?AMI Release v\d{8}[^\S\n]*$/gm)];
  return starts.flatMap((start, index) => {
    const body = changelog.slice(start.index + start[0].length, starts[index + 1]?.index);
    return parseEksNotes(start[0], body) ?? [];
  });
}

/** The notes without bullets and quotations: a pull request's title may hold tags, but no table of ours. */
function withoutOutsiders(text: string): string {
  return text.replace(/^[^\S\n]*[*>-].*$/gm, '');
}

function compared(lines: readonly string[]): EksNotes['compare'] {
  const pattern =
    /^\*\*Full Changelog\*\*: https:\/\/github\.com\/awslabs\/amazon-eks-ami\/compare\/(v\d{8})\.{3}(v\d{8})$/;
  for (const line of lines) {
    const [, base, head] = pattern.exec(line.trim()) ?? [];
    if (base !== undefined && head !== undefined) return { base, head };
  }
  return null;
}

function noticesIn(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => line.startsWith('>'))
    .map((line) => clamp(oneLine(line.slice(1)), 500))
    .filter((line) => line !== '' && !/^\[![A-Z]+\]$/.test(line))
    .slice(0, 40);
}

function pullRequestsIn(lines: readonly string[]): EksNotes['pullRequests'] {
  const pattern =
    /^[*-] (.{1,700}) by @([\w[\]-]{1,60}) in https:\/\/github\.com\/awslabs\/amazon-eks-ami\/pull\/(\d{1,9})$/;
  return lines
    .flatMap((line) => {
      const [, title, author, number] = pattern.exec(line.trim()) ?? [];
      if (title === undefined || author === undefined) return [];
      return [{ title: clamp(oneLine(title), 300), author, number: Number(number) }];
    })
    .slice(0, 200);
}

/** The rows under a heading, each as a record by column. */
function recordsOf({ rows: [heading = [], ...rows] }: HtmlTable): Record<string, string>[] {
  const names = heading.map((name, column) => (column === 0 ? 'amiType' : name));
  return rows
    .filter((row) => row.length === heading.length)
    .map((row) => fromPairs(row.map((cell, column) => [names[column] ?? '', cell])));
}

function minorsOf(tables: readonly HtmlTable[]): readonly EksMinor[] {
  const byMinor = new Map<string, HtmlTable[]>();
  for (const table of tables) {
    const minor = /^Kubernetes (\d\.\d{1,3})$/.exec(table.summary)?.[1];
    if (minor !== undefined) byMinor.set(minor, [...(byMinor.get(minor) ?? []), table]);
  }
  return [...byMinor].map(([version, ofMinor]) => {
    const amis = ofMinor.find(({ rows }) => rows[0]?.[0] === 'AMI Names')?.rows.slice(1) ?? [];
    const [, releaseVersion = '', artifacts = ''] = amis[0] ?? [];
    return {
      version,
      releaseVersion: /^\d\.\d{1,3}\.\d{1,3}-\d{8}$/.test(releaseVersion) ? releaseVersion : '',
      artifacts: /^s3:\/\/[\w./-]+$/.test(artifacts) ? artifacts : '',
      amiNames: amis.map(([name = '']) => name).filter((name) => /^[\w.-]+$/.test(name)),
      packages: packagesOf(ofMinor.filter(({ rows }) => rows[0]?.[0] === 'Package')),
    };
  });
}

/** AL2 and AL2023 have tables of their own until v20251209. */
function packagesOf(tables: readonly HtmlTable[]): EksMinor['packages'] {
  return fromPairs(
    tables.flatMap(({ rows: [heading = [], ...rows] }) =>
      heading.slice(1).flatMap((amiType, index): [string, PackageTable][] => {
        if (!/^AL[A-Za-z0-9_]{3,60}$/.test(amiType)) return [];
        const cells = rows.flatMap((row): [string, string | null][] => {
          const [name = '', value = ''] = [row[0], row[index + 1]];
          // A row that does not fill the table exactly could be shifted: better unknown than the neighbour's version.
          if (row.length !== heading.length || !/^[a-z0-9][a-z0-9.+_-]{0,60}$/.test(name))
            return [];
          if (value === '—') return [[name, null]];
          return isVersion(value) ? [[name, value]] : [];
        });
        return [[amiType, fromPairs(cells)]];
      }),
    ),
  );
}

/** Whether it can be a version at all; prose in a table is not one. */
export function isVersion(text: string): boolean {
  return /^[0-9A-Za-z][0-9A-Za-z.+~^:_-]{0,79}$/.test(text) && /\d/.test(text);
}

/** Without a prototype: a package may be called `constructor`. */
function fromPairs<Value>(pairs: readonly (readonly [string, Value])[]): Record<string, Value> {
  const record: Record<string, Value> = Object.create(null);
  for (const [name, value] of pairs) record[name] = value;
  return record;
}
