import { z } from 'zod';
import {
  createPublicReleases,
  type PublicRelease,
  Release,
  viewOf,
} from '../adapters/github/public-releases.ts';
import type { BottlerocketNotes } from '../analysis/bottlerocket-notes.ts';
import {
  parseBottlerocketChangelog,
  parseBottlerocketNotes,
} from '../analysis/bottlerocket-notes.ts';
import type { EksNotes } from '../analysis/eks-notes.ts';
import { parseEksChangelog, parseEksNotes } from '../analysis/eks-notes.ts';
import type { DiffQuestion } from './diff-question.ts';
import { CommandError } from './output.ts';

/** Notes as far as they were read; `unread` says what was not, a sentence each. */
export type Notes = {
  readonly eks: readonly EksNotes[];
  readonly bottlerocket: readonly BottlerocketNotes[];
  readonly unread: readonly string[];
};

/**
 * Reads a CHANGELOG.md, or what GitHub's API says of one release or a list of them.
 * @throws CommandError (1) when there is no release in it: a wrong file must not read as "nothing changed".
 */
export function notesInFile(file: string, text: string): Notes {
  const releases = /^\s*[[{]/.test(text) ? releasesIn(file, text) : undefined;
  const eks =
    releases?.flatMap(({ title, body }) => parseEksNotes(title, body) ?? []) ??
    parseEksChangelog(text);
  const bottlerocket =
    releases?.flatMap(({ tag, body }) => parseBottlerocketNotes(tag, body) ?? []) ??
    parseBottlerocketChangelog(text);
  if (eks.length + bottlerocket.length === 0) {
    throw new CommandError(`${file} holds no release notes that are understood.`, 1);
  }
  return { eks, bottlerocket, unread: [] };
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

/** Reads both releases' notes from GitHub; what cannot be reached is said, and never looks like no change. */
export async function notesFromGitHub(
  { family, from, to }: DiffQuestion,
  options: { readonly baseUrl?: string; readonly timeoutMs?: number },
): Promise<Notes> {
  const github = createPublicReleases(options);
  const unread: string[] = [];
  const attempt = async <Read>(what: string, read: Promise<Read>): Promise<Read | undefined> => {
    try {
      return await read;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      unread.push(`${what} not read: ${reason}`);
      return undefined;
    }
  };
  if (family === 'bottlerocket') {
    const read = github.newest('bottlerocket-os/bottlerocket');
    const all = (await attempt("Bottlerocket's release notes were", read)) ?? [];
    const bottlerocket = all.flatMap(({ tag, body }) => parseBottlerocketNotes(tag, body) ?? []);
    return { eks: [], bottlerocket, unread };
  }
  const found = await Promise.all(
    [...new Set([from, to])].map((tag) =>
      attempt(`The notes of ${tag} were`, github.release('awslabs/amazon-eks-ami', tag)),
    ),
  );
  const eks = found.flatMap((one) =>
    one === undefined ? [] : (parseEksNotes(one.title, one.body) ?? []),
  );
  return { eks, bottlerocket: [], unread };
}
