import type { ApplicationView } from './types.ts';

/** A commit of a source in Git that Argo CD compared last; `commit` is absent where it compared none. */
export type Compared = { readonly repository: string; readonly commit?: string };

/** What a sync would bring: the commits that Argo CD compared last, of each source, in their order. */
export function comparedBy({
  sources = [],
}: Pick<ApplicationView, 'sources'>): readonly Compared[] {
  return sources.map(({ repository, compared: commit }) => ({
    repository,
    ...(commit === undefined ? {} : { commit }),
  }));
}
