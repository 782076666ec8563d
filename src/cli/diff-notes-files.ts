import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type PublicRelease, Release, viewOf } from '../adapters/github/public-releases.ts';
import type { KitName } from '../analysis/bottlerocket-advisory.ts';
import {
  type KitVersions,
  parseBottlerocketChangelog,
  parseBottlerocketNotes,
  parseTwoliter,
} from '../analysis/bottlerocket-notes.ts';
import { parseEksChangelog, parseEksNotes } from '../analysis/eks-notes.ts';
import { type KitRelease, parseKitChangelog } from '../analysis/kit-notes.ts';
import { type Notes, noKits } from './diff-notes.ts';
import { CommandError } from './output.ts';

/** Largest file that is read, in bytes. */
const maxFile = 50_000_000;

/**
 * Reads every file of `--notes`, and the changelogs of a folder: a CHANGELOG.md, what GitHub's API says of releases, and
 * of Bottlerocket also the changelogs of its kits and `Twoliter.toml`.
 * @throws CommandError (1) when one cannot be read or holds no release: a wrong file must not read as "nothing changed".
 */
export async function notesInPaths(paths: readonly string[]): Promise<Notes> {
  const found = (await Promise.all(paths.map(filesAt))).flat();
  const read = await Promise.all(
    found.map(async ({ file, isGuess }) => notesInFile(file, await textOf(file), isGuess)),
  );
  const notes = read.filter((one) => one !== undefined);
  if (notes.length === 0) {
    throw new CommandError(`${paths.join(', ')} holds no release notes that are understood.`, 1);
  }
  const kits = new Map<string, KitVersions>(notes.flatMap((one) => one.twoliter ?? []));
  const kitReleases = (kit: KitName) =>
    notes.flatMap((one) => (one.kit === kit ? (one.releases ?? []) : []));
  const { kitNotes } = noKits('no notes of it were given (--notes).');
  const [core, kernel] = [
    kitReleases('bottlerocket-core-kit'),
    kitReleases('bottlerocket-kernel-kit'),
  ];
  return {
    eks: notes.flatMap(({ eks = [] }) => eks),
    bottlerocket: notes.flatMap(({ bottlerocket = [] }) => bottlerocket),
    kits,
    kitNotes: {
      ...kitNotes,
      ...(core.length === 0 ? {} : { 'bottlerocket-core-kit': { status: 'read', releases: core } }),
      ...(kernel.length === 0
        ? {}
        : { 'bottlerocket-kernel-kit': { status: 'read', releases: kernel } }),
    },
    unread: [],
  };
}

type Found = Partial<Pick<Notes, 'eks' | 'bottlerocket'>> & {
  readonly kit?: KitName;
  readonly releases?: readonly KitRelease[];
  readonly twoliter?: readonly (readonly [string, KitVersions])[];
};

/**
 * In a folder there may be other files beside the notes: these are passed over, a file that was named is not. Answers of
 * GitHub are not looked for in it: a few releases out of a list would leave a gap between them and the changelog.
 */
async function filesAt(
  path: string,
): Promise<readonly { readonly file: string; readonly isGuess: boolean }[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CommandError(`${path} cannot be read.`, 1, { cause });
  });
  if (!found.isDirectory()) return [{ file: path, isGuess: false }];
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(?:md|toml)$/.test(entry.name))
    .map((entry) => ({ file: join(path, entry.name), isGuess: true }))
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

async function textOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CommandError(`${file} cannot be read.`, 1, { cause });
  });
  if (bytes.length > maxFile) throw new CommandError(`${file} is larger than 50 MB.`, 1);
  return bytes.toString('utf8');
}

function notesInFile(file: string, text: string, isGuess: boolean): Found | undefined {
  const found = read(file, text);
  const isEmpty = Object.values(found).every((part) => part.length === 0);
  if (!isEmpty) return found;
  if (isGuess) return undefined;
  throw new CommandError(`${file} holds no release notes that are understood.`, 1);
}

function read(file: string, text: string): Found {
  if (/^\s*[[{]/.test(text) && !/^\s*\[\[?[a-z]/.test(text)) {
    const releases = releasesIn(file, text);
    return {
      eks: releases.flatMap(({ title, body }) => parseEksNotes(title, body) ?? []),
      bottlerocket: releases.flatMap(({ tag, body }) => parseBottlerocketNotes(tag, body) ?? []),
    };
  }
  const built = /^release-version = "v?(\d+\.\d+\.\d+)"/m.exec(text)?.[1];
  const kits = built === undefined ? undefined : parseTwoliter(text);
  if (built !== undefined && kits !== undefined) return { twoliter: [[built, kits]] };
  const kit = kitOf(file, text);
  if (kit !== undefined) {
    const releases = parseKitChangelog(text);
    return releases.length === 0 ? {} : { kit, releases };
  }
  return { eks: parseEksChangelog(text), bottlerocket: parseBottlerocketChangelog(text) };
}

/** All three changelogs look alike: what a plain reference leads to tells whose it is, else the name of the file. */
function kitOf(file: string, text: string): KitName | undefined {
  const repository =
    /^\[#\d{1,7}\]: ?https:\/\/github\.com\/bottlerocket-os\/(bottlerocket[a-z-]{0,20})\//m.exec(
      text,
    )?.[1] ?? `bottlerocket-${/(core|kernel)-kit/.exec(basename(file))?.[0] ?? ''}`;
  return repository === 'bottlerocket-core-kit' || repository === 'bottlerocket-kernel-kit'
    ? repository
    : undefined;
}

function releasesIn(file: string, text: string): readonly PublicRelease[] {
  const parsed = z
    .union([z.array(Release), Release.transform((one) => [one])])
    .safeParse(jsonOf(text));
  if (parsed.success) return parsed.data.map(viewOf);
  throw new CommandError(`${file} is not what GitHub says of releases.`, 1);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
