import { parse } from 'yaml';
import { type Git, repositoryOf } from './git.ts';
import { type Manifest, manifestOf, manifestsAt } from './manifests.ts';
import { type Application, type ApplicationSource, sourcesIn } from './objects.ts';

/** What each source is at now: the tip of its branch, or the version of its chart. @throws Error as Git does. */
export function headsOf(git: Git, { spec }: Application): readonly string[] {
  return sourcesIn(spec).map(({ repoURL, targetRevision, chart }) =>
    chart === undefined ? git.head(repositoryOf(repoURL), targetRevision) : targetRevision,
  );
}

/** What the revisions, one a source, ask for; the Error tells why it cannot be generated. */
export function manifestsOf(
  git: Git,
  { spec }: Application,
  revisions: readonly string[],
): readonly Manifest[] | Error {
  const sources = sourcesIn(spec);
  const found: Manifest[] = [];
  for (const [i, source] of sources.entries())
    try {
      found.push(...manifestsIn(git, source, { sources, revisions, revision: revisions[i] ?? '' }));
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      const whole = `failed to generate manifest for source ${i + 1} of ${sources.length}: rpc error: code = Unknown desc = ${said}`;
      return new Error(whole, { cause });
    }
  return found;
}

function manifestsIn(
  git: Git,
  source: ApplicationSource,
  all: {
    readonly sources: readonly ApplicationSource[];
    readonly revisions: readonly string[];
    readonly revision: string;
  },
): readonly Manifest[] {
  const { repoURL, path, chart, helm, ref } = source;
  if (chart !== undefined)
    // the public chart `raw` renders what its values list under `resources`; others bring nothing that is compared
    return chart === 'raw'
      ? (helm?.valueFiles ?? []).flatMap((file) => rawOf(valuesOf(git, file, all)))
      : [];
  if (path === undefined && ref !== undefined) return [];
  const manifests = manifestsAt(git, repositoryOf(repoURL), all.revision, path ?? '.');
  if (manifests.length === 0) throw new Error(`${path}: app path does not exist`);
  return manifests;
}

/** A value file of another source, as `$ref/path`. @throws Error where there is none. */
function valuesOf(
  git: Git,
  file: string,
  { sources, revisions }: { sources: readonly ApplicationSource[]; revisions: readonly string[] },
): string {
  const [, ref, path = ''] = /^\$([^/]+)\/(.+)$/.exec(file) ?? [];
  const index = sources.findIndex((source) => source.ref !== undefined && source.ref === ref);
  const repo = repositoryOf(sources[index]?.repoURL ?? '');
  const found =
    index < 0
      ? undefined
      : git.files(repo, revisions[index] ?? '', path).find((one) => one.path === path);
  if (found === undefined) throw new Error(`open ${file}: no such file or directory`);
  return found.content;
}

function rawOf(values: string): readonly Manifest[] {
  const read = parse(values) as { resources?: unknown } | null;
  const { resources = [] } = read ?? {};
  if (!Array.isArray(resources)) throw new Error('range can’t iterate over resources');
  return resources.map((object) => manifestOf(object));
}
