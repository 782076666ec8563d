import { clamp, oneLine } from '../shared/text.ts';
import { isKitVersion, type KitName } from './bottlerocket-advisory.ts';
import { rpmvercmp } from './rpm-version.ts';
import { parseSmallToml } from './small-toml.ts';

export type KitVersions = Readonly<Partial<Record<KitName, string>>>;

/** The notes of one release of Bottlerocket. Lines are outsiders' text; link references are left out. */
export type BottlerocketNotes = {
  /** Without `v`: `1.50.0`. */
  readonly version: string;
  /** The kits it moved to, and from where; `from` is absent in the older wording. The last bump of a kit counts. */
  readonly kits: readonly { readonly name: KitName; readonly from?: string; readonly to: string }[];
  /** Bullets by heading, such as `Security Fixes`, `Known Incompatibilities`; at most 100. */
  readonly bullets: readonly { readonly heading: string; readonly text: string }[];
};

const maxBody = 200_000;

/** Reads the body of a release, or of its entry in the changelog. */
export function parseBottlerocketNotes(
  version: string,
  body: string,
): BottlerocketNotes | undefined {
  const plain = version.replace(/^v/, '');
  if (!isKitVersion(plain)) return undefined;
  let heading = '';
  const bullets: { heading: string; text: string }[] = [];
  for (const line of body.slice(0, maxBody).split(/\r?\n/)) {
    const title = /^#{2,4} +([^#].{0,80})$/.exec(line)?.[1];
    if (title !== undefined) heading = oneLine(title);
    const bullet = /^ {0,6}[*-] +(\S.*)$/.exec(line.slice(0, 2_000))?.[1];
    if (bullet !== undefined && bullets.length < 100) {
      bullets.push({ heading, text: clamp(withoutLinks(oneLine(bullet)), 300) });
    }
  }
  return { version: plain, kits: kitsOf(bullets.map(({ text }) => text)), bullets };
}

/** All releases of CHANGELOG.md, newest first as they stand. */
export function parseBottlerocketChangelog(changelog: string): readonly BottlerocketNotes[] {
  const starts = [...changelog.matchAll(/^# +v(\d+\.\d+\.\d+) +\([0-9-]{8,10}\)[^\S\n]*$/gm)];
  return starts.flatMap((start, index) => {
    const body = changelog.slice(start.index + start[0].length, starts[index + 1]?.index);
    return parseBottlerocketNotes(start[1] ?? '', body) ?? [];
  });
}

/** `([#4664], [kit#12])`, `[CHANGELOG](…)` and `([commits](…))` say nothing to a reader without their targets. */
function withoutLinks(text: string): string {
  return text
    .replace(/\(?\[(?:CHANGELOG|commits)\]\([^()\s]{0,300}\)\)?/g, '')
    .replace(/\((?:\[[^[\]]{1,80}\](?:, )?)+\)/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** Two wordings: ``Update `bottlerocket-kernel-kit` from 4.3.3 to 4.4.2``, and without "from" until early 2025. */
function kitsOf(bullets: readonly string[]): BottlerocketNotes['kits'] {
  const pattern =
    /^Update `?(bottlerocket-(?:core|kernel)-kit)`?(?: from v?(\d+\.\d+\.\d+))? to v?(\d+\.\d+\.\d+)/;
  const kits = new Map<KitName, { name: KitName; from?: string; to: string }>();
  for (const bullet of bullets) {
    const [, kit, from, to] = pattern.exec(bullet) ?? [];
    const name = kitNames.find((known) => known === kit);
    if (name === undefined || to === undefined) continue;
    const first = kits.get(name);
    const start = first === undefined ? from : first.from;
    kits.set(name, { name, to, ...(start === undefined ? {} : { from: start }) });
  }
  return [...kits.values()];
}

const kitNames: readonly KitName[] = ['bottlerocket-core-kit', 'bottlerocket-kernel-kit'];

/**
 * The kits of a release, as far as notes tell: its own bump or the newest before it, else where the next one started
 * from. Nothing without the release's own notes: a release that is missing may have moved a kit.
 * @param notes in any order, with no release left out between the oldest and the newest of them.
 */
export function kitsAt(version: string, notes: readonly BottlerocketNotes[]): KitVersions {
  const ordered = notes.toSorted((a, b) => rpmvercmp(a.version, b.version));
  const own = ordered.findIndex((one) => one.version === version);
  if (own === -1) return {};
  const known = kitNames.flatMap((name): [KitName, string][] => {
    const bumps = (some: readonly BottlerocketNotes[]) =>
      some.flatMap(({ kits }) => kits.filter((kit) => kit.name === name));
    const kit =
      bumps(ordered.slice(0, own + 1)).at(-1)?.to ?? bumps(ordered.slice(own + 1))[0]?.from;
    return kit === undefined ? [] : [[name, kit]];
  });
  return Object.fromEntries(known);
}

/** The kits that a release was built from, from `Twoliter.toml` at its tag; `undefined` when it does not read. */
export function parseTwoliter(toml: string): KitVersions | undefined {
  const tables = parseSmallToml(toml);
  if (tables === undefined) return undefined;
  const found = tables.flatMap(({ name, values }): [KitName, string][] => {
    const kit = kitNames.find((known) => known === values['name']);
    const version = values['version'];
    return name === 'kit' &&
      kit !== undefined &&
      typeof version === 'string' &&
      isKitVersion(version)
      ? [[kit, version]]
      : [];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
