import { changelogLimits } from '../adapters/feeds/create-kit-notes.ts';
import { wordsOf } from '../adapters/feeds/feed-error.ts';
import { readKitChangelog } from '../adapters/feeds/kit-changelog.ts';
import { createPublicReleases } from '../adapters/github/public-releases.ts';
import type { BottlerocketNotes, KitVersions } from '../analysis/bottlerocket-notes.ts';
import { parseBottlerocketNotes } from '../analysis/bottlerocket-notes.ts';
import type { EksNotes } from '../analysis/eks-notes.ts';
import { parseEksNotes } from '../analysis/eks-notes.ts';
import type { KitChangelogs, KitNotes } from '../analysis/kit-notes.ts';
import type { DiffQuestion } from './diff-question.ts';

/** Notes that could not be read; `release` is absent where they are those of every release. */
export type Unread = { readonly release?: string; readonly sentence: string };

/** Notes as far as they were read; `unread` says what was not. */
export type Notes = {
  readonly eks: readonly EksNotes[];
  readonly bottlerocket: readonly BottlerocketNotes[];
  /** Of both of Bottlerocket's kits. */
  readonly kitNotes: KitChangelogs;
  /** Kits of releases of Bottlerocket whose `Twoliter.toml` was read, by version. */
  readonly kits: ReadonlyMap<string, KitVersions>;
  readonly unread: readonly Unread[];
};

/** Where public notes are read; for tests. Absent: GitHub. */
export type PublicSources = {
  readonly baseUrl?: string;
  readonly timeoutMs?: number;
  /** Addresses of the kits' changelogs. */
  readonly core?: string;
  readonly kernel?: string;
};

/** For a family that has no kits, and for kits that nobody asked about. */
export function noKits(reason: string): Pick<Notes, 'kitNotes' | 'kits'> {
  const unread = { status: 'unavailable', reason } as const;
  return {
    kitNotes: { 'bottlerocket-core-kit': unread, 'bottlerocket-kernel-kit': unread },
    kits: new Map(),
  };
}

/** Reads both releases' notes from GitHub; what cannot be reached is said, and never looks like no change. */
export async function notesFromGitHub(
  { family, from, to }: DiffQuestion,
  { core = changelogUrl('core'), kernel = changelogUrl('kernel'), ...options }: PublicSources,
): Promise<Notes> {
  const github = createPublicReleases(options);
  const unread: Unread[] = [];
  const attempt = async <Read>(
    whose: { readonly what: string; readonly release?: string },
    read: Promise<Read>,
  ): Promise<Read | undefined> => {
    try {
      return await read;
    } catch (cause) {
      const { what, ...release } = whose;
      const reason = cause instanceof Error ? cause.message : String(cause);
      unread.push({ ...release, sentence: `${what} were not read: ${reason}` });
      return undefined;
    }
  };
  if (family === 'bottlerocket') {
    const [all = [], coreKit, kernelKit] = await Promise.all([
      attempt(
        { what: "Bottlerocket's release notes" },
        github.newest('bottlerocket-os/bottlerocket'),
      ),
      changelogAt(core, options.timeoutMs),
      changelogAt(kernel, options.timeoutMs),
    ]);
    const bottlerocket = all.flatMap(({ tag, body }) => parseBottlerocketNotes(tag, body) ?? []);
    return {
      eks: [],
      bottlerocket,
      kitNotes: { 'bottlerocket-core-kit': coreKit, 'bottlerocket-kernel-kit': kernelKit },
      kits: new Map(),
      unread,
    };
  }
  const found = await Promise.all(
    [...new Set([from, to])].map((tag) =>
      attempt(
        { what: `The notes of ${tag}`, release: tag },
        github.release('awslabs/amazon-eks-ami', tag),
      ),
    ),
  );
  const eks = found.flatMap((one) =>
    one === undefined ? [] : (parseEksNotes(one.title, one.body) ?? []),
  );
  return { eks, bottlerocket: [], ...noKits('nobody asked.'), unread };
}

function changelogUrl(kit: 'core' | 'kernel'): string {
  return `https://raw.githubusercontent.com/bottlerocket-os/bottlerocket-${kit}-kit/develop/CHANGELOG.md`;
}

async function changelogAt(url: string, timeoutMs = 10_000): Promise<KitNotes> {
  try {
    const limits = { ...changelogLimits, timeoutMs };
    return { status: 'read', releases: (await readKitChangelog(url, undefined, limits)).releases };
  } catch (cause) {
    return { status: 'unavailable', reason: `${wordsOf(cause)}.` };
  }
}
