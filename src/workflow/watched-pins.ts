import { findPins } from '../pins/find-pins.ts';
import { isKustomization, kustomizationTargets } from '../pins/kustomization.ts';
import type { Pin, PinFindings } from '../pins/types.ts';
import type { RepositoryName } from '../shared/ids.ts';
import { createIncludedBy } from '../tracking/included-by.ts';
import type { FileOwner, Fleet, WatchedRepository } from './fleet.ts';
import { clustersOf } from './fleet.ts';
import type { GitFile, GitReads } from './ports/git-host.ts';

/** A pin, where it stands in Git, and which clusters read it. */
export type WatchedPin = {
  readonly repository: RepositoryName;
  readonly branch: string;
  readonly path: string;
  readonly mode: string;
  readonly environment: string;
  readonly clusters: readonly string[];
  /** All environments that read the file, in promotion order; it moves with the last, which is `environment`. */
  readonly shared?: readonly string[];
  /** How it is known that they do, where the configuration does not say so. */
  readonly sharedBecause?: string;
  /** Folders elsewhere whose kustomizations take the file in; absent: none does. */
  readonly includedBy?: readonly string[];
  readonly pin: Pin;
};

/** A watched file that cannot be used, and why. */
export type WatchProblem = {
  readonly repository: RepositoryName;
  readonly path: string;
  /** Of the pin it is about, 1-based; absent where it is about the whole file. */
  readonly line?: number;
  readonly reason: string;
};

export type Watched = {
  readonly pins: readonly WatchedPin[];
  readonly problems: readonly WatchProblem[];
};

/** Reads the watched repositories. A branch that did not move costs one conditional request, and nothing is read again. */
export type PinWatch = { read(): Promise<Watched> };

export function createPinWatch({
  fleet,
  github,
}: {
  readonly fleet: Fleet;
  readonly github: GitReads;
}): PinWatch {
  const kept = new Map<
    string,
    {
      readonly commit: string;
      readonly watched: Watched;
      /** By blob, of the files of this commit alone: what is gone from the branch is let go of. */
      readonly findings: ReadonlyMap<string, PinFindings>;
      /** What kustomizations name, by blob. */
      readonly targets: ReadonlyMap<string, readonly string[]>;
    }
  >();
  // With one environment nothing reaches further.
  const isShareable = new Set(fleet.clusters.map(({ environment }) => environment)).size > 1;

  const readRepository = async (watchedRepository: WatchedRepository): Promise<Watched> => {
    const { repository, branch } = watchedRepository;
    const commit = await github.head(repository, branch);
    if (commit === undefined) {
      return {
        pins: [],
        problems: [{ repository, path: branch, reason: `there is no branch ${branch}` }],
      };
    }
    const before = kept.get(`${repository}#${branch}`);
    if (before?.commit === commit) return before.watched;
    const files = await github.files(repository, commit);
    const bound = files.flatMap((file) => {
      const binding = watchedRepository.bind(file.path);
      return binding === undefined ? [] : [{ file, binding }];
    });
    const known = before?.findings ?? new Map<string, PinFindings>();
    const kustomizations = isShareable && bound.length > 0 ? kustomizationsIn(files) : [];
    const knownTargets = before?.targets ?? new Map<string, readonly string[]>();
    const unread = [
      ...bound.map(({ file }) => file.blob).filter((blob) => !known.has(blob)),
      ...kustomizations.map(({ blob }) => blob).filter((blob) => !knownTargets.has(blob)),
    ];
    const contents = await github.read(repository, [...new Set(unread)]);
    const targets = new Map(
      kustomizations.map(({ blob }) => {
        const content = contents.get(blob);
        const read = content === undefined ? [] : kustomizationTargets(content);
        return [blob, knownTargets.get(blob) ?? read] as const;
      }),
    );
    const includedBy = createIncludedBy(
      new Map(kustomizations.map(({ path, blob }) => [folderOf(path), targets.get(blob) ?? []])),
    );
    const findings = new Map<string, PinFindings>();
    for (const { file } of bound) {
      const content = contents.get(file.blob);
      findings.set(
        file.blob,
        known.get(file.blob) ??
          (content === undefined
            ? { kind: 'refused', reason: 'the file is larger than 1 MB' }
            : findPins(file.path, content)),
      );
    }
    const pins: WatchedPin[] = [];
    const problems: WatchProblem[] = [];
    for (const { file, binding } of bound) {
      const found = findings.get(file.blob);
      if (found === undefined) continue;
      if (found.kind === 'refused') {
        problems.push({ repository, path: file.path, reason: found.reason });
        continue;
      }
      if (found.unparsed === true) {
        const reason = 'it does not parse as YAML, and no pin was recognised in it';
        problems.push({ repository, path: file.path, reason });
      }
      const owner = ownerOf(fleet, binding);
      if (owner === undefined) {
        if (found.pins.length > 0) {
          problems.push({
            repository,
            path: file.path,
            reason: 'it belongs to no configured cluster',
          });
        }
        continue;
      }
      const folders = includedBy(file.path);
      const included = folders.length === 0 ? {} : { includedBy: folders };
      const at = { repository, branch, path: file.path, mode: file.mode, ...owner, ...included };
      for (const pin of found.pins) {
        pins.push({ ...at, pin });
        // Left alone, and said so: nobody should believe that it moves with the others.
        if (!pin.editable) {
          const reason = `line ${pin.line} cannot be moved: ${pin.reason ?? 'no reason given'}`;
          problems.push({ repository, path: file.path, line: pin.line, reason });
        }
      }
    }
    const watched = { pins, problems };
    kept.set(`${repository}#${branch}`, { commit, watched, findings, targets });
    return watched;
  };

  return {
    async read() {
      const all = await Promise.all(fleet.repositories.map(readRepository));
      return {
        pins: all.flatMap(({ pins }) => pins),
        problems: all.flatMap(({ problems }) => problems),
      };
    },
  };
}

/** More than these are not read: a repository of so many says by `environments` what is shared. */
const mostKustomizations = 2_000;

function kustomizationsIn(files: readonly GitFile[]): readonly GitFile[] {
  const found = files.filter(({ path }) => isKustomization(path));
  return found.length > mostKustomizations ? [] : found;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The environment and clusters a file's binding names; `undefined` when the fleet has no such cluster. */
function ownerOf(
  fleet: Fleet,
  { environment, cluster, environments }: FileOwner,
): Pick<WatchedPin, 'environment' | 'clusters' | 'shared'> | undefined {
  if (environments !== undefined) {
    const shared = fleet.policies
      .map(({ name }) => name)
      .filter((one) => environments.includes(one));
    const last = shared.at(-1);
    const clusters = shared.flatMap((one) => clustersOf(fleet, one).map(({ name }) => name));
    return last === undefined || clusters.length === 0
      ? undefined
      : { environment: last, clusters, shared };
  }
  if (cluster !== undefined) {
    const known = fleet.clusters.find(
      ({ name, environment: of }) => name === cluster && (environment ?? of) === of,
    );
    return known === undefined
      ? undefined
      : { environment: known.environment, clusters: [known.name] };
  }
  if (environment === undefined) return undefined;
  const clusters = clustersOf(fleet, environment).map(({ name }) => name);
  return clusters.length === 0 ? undefined : { environment, clusters };
}

/** Names a pin within its file: the object and the place in it. Line numbers move; this does not. */
export function pinLabel({ object, path }: Pin): string {
  return `${object ?? ''}#${path ?? ''}`;
}
