/** What Argo CD reads of a Git host. Each may throw: then manifests cannot be generated. */
export type Git = {
  /** Commit at the tip of a branch. `repo` is `owner/name`. */
  head(repo: string, branch: string): string;
  files(
    repo: string,
    commit: string,
    pathPrefix: string,
  ): readonly { readonly path: string; readonly content: string }[];
  /** Whether `commit` has `ancestor` in its history. Argo CD itself never asks. */
  contains?(repo: string, ancestor: string, commit: string): boolean;
};

/** `owner/name` of a clone URL, https or ssh. */
export function repositoryOf(url: string): string {
  const path = url.replace(/^[a-z+]+:\/\/[^/]+\//, '').replace(/^[^@/]+@[^:/]+:/, '');
  return path.replace(/\.git$/, '').replace(/\/$/, '');
}
