import type { Analysis, CveFixed, PackageChange } from '../src/analysis/types.ts';

/** Head and rows of a table. Cells are plain text, some of it outsiders': escape them where they are shown. */
export type Rows = readonly (readonly string[])[];

/** How one kind of image moves: its packages and the vulnerabilities that this fixes. Unchanged packages are left out. */
export type ImageTables = {
  readonly image: Analysis['images'][number];
  readonly packages: Rows;
  readonly cves: Rows;
};

/** One pair of tables for each kind of image, in their order; without rows where nothing is known to move. */
export function imageTables({ images, packages, security }: Analysis): readonly ImageTables[] {
  return images.map((image, index) => {
    const moves = packages.filter((move) => move.images.includes(index));
    const fixed =
      security.status === 'checked'
        ? security.fixed.filter((cve) => cve.images.includes(index))
        : [];
    return {
      image,
      packages: withHead(packageHead, moves.map(packageRow)),
      cves: withHead(cveHead, fixed.map(cveRow)),
    };
  });
}

const packageHead = ['package', 'from', 'to', 'change'];
const cveHead = ['vulnerability', 'severity', 'package', 'fixed in', 'advisory'];

function withHead(head: readonly string[], rows: Rows): Rows {
  return rows.length === 0 ? [] : [head, ...rows];
}

function packageRow({ name, from, to, change }: PackageChange): readonly string[] {
  const none = change === 'unknown' ? 'not known' : 'none';
  return [name, from ?? none, to ?? none, change];
}

function cveRow(cve: CveFixed): readonly string[] {
  const severity = cve.exploited === true ? `${cve.severity}, exploited` : cve.severity;
  return [cve.id, severity, cve.package, cve.fixedIn, cve.advisory];
}

/** Where an image runs: `3 clusters: a, b and 1 more`. */
export function whereItRuns({ clusters, names = [] }: Analysis['images'][number]): string {
  const more = clusters - names.length;
  const counted = `${clusters} ${clusters === 1 ? 'cluster' : 'clusters'}`;
  if (names.length === 0) return counted;
  return `${counted}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
