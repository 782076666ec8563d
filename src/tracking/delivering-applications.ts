import { readsFile } from './application-reads.ts';
import type { ApplicationView, Delivered } from './types.ts';

/**
 * The Applications that bring a change into a cluster: those that manage one of its EC2NodeClasses there, and those that
 * read one of its files for it. `above` are the Applications that manage these (app of apps): a change of what such a
 * one sets has to be synced there first.
 * @param where.isHere whether a destination is the cluster.
 * @param where.isSame whether an address means a repository.
 */
export function deliveringApplications(
  all: readonly ApplicationView[],
  { nodeClasses, files }: Delivered,
  where: {
    readonly isHere: (destination: NonNullable<ApplicationView['destination']>) => boolean;
    readonly isSame: (address: string, repository: string) => boolean;
  },
): {
  readonly applications: readonly ApplicationView[];
  readonly above: readonly ApplicationView[];
} {
  const here = all.filter(({ destination = {} }) => where.isHere(destination));
  const manages = (application: ApplicationView) =>
    (application.nodeClasses ?? []).some((name) => nodeClasses.includes(name));
  const reads = ({ sources = [] }: ApplicationView) =>
    files.some(({ repository, branch, path }) =>
      // of the source that the file lies in, not of a chart beside it that takes it for its values
      readsFile(
        sources,
        path,
        (source) => follows(source.revision, branch) && where.isSame(source.repository, repository),
      ),
    );
  const managing = here.filter(manages);
  // What manages the class delivers it, whatever else reads the same folder.
  const applications = managing.length > 0 ? managing : here.filter(reads);
  const parents = applications.flatMap(({ parent }) =>
    parent?.kind === 'Application' ? [parent] : [],
  );
  const isAbove = ({ name, namespace }: ApplicationView) =>
    parents.some((one) => one.name === name && (one.namespace ?? namespace) === namespace);
  const above = all.filter((one) => isAbove(one) && !applications.includes(one));
  return { applications, above };
}

/** `HEAD`, or nothing, is the default branch, which Git alone can name: it is taken to be the watched one. */
export function follows(revision: string | undefined, branch: string): boolean {
  if (revision === undefined || revision === '' || revision === 'HEAD') return true;
  return revision.replace(/^refs\/heads\//, '') === branch;
}
