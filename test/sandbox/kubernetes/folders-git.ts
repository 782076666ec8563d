import type { Git } from '../../../src/sandbox/kubernetes/argocd/git.ts';

type Files = Readonly<Record<string, string>>;

/** A Git host of several repositories with one branch each; `push` changes files and makes a commit. */
export function foldersGit(repositories: Readonly<Record<string, Files>>) {
  const commits = new Map<string, { readonly sha: string; readonly files: Files }[]>();
  let made = 0;
  const push = (repository: string, files: Files): string => {
    made += 1;
    const sha = made.toString(16).padStart(40, 'c');
    const before = commits.get(repository) ?? [];
    commits.set(repository, [...before, { sha, files: { ...before.at(-1)?.files, ...files } }]);
    return sha;
  };
  for (const [repository, files] of Object.entries(repositories)) push(repository, files);
  const git: Git = {
    head(repository) {
      const tip = commits.get(repository)?.at(-1);
      if (tip === undefined) throw new Error(`repository ${repository} not found`);
      return tip.sha;
    },
    files: (repository, commit, prefix) =>
      Object.entries(commits.get(repository)?.find(({ sha }) => sha === commit)?.files ?? {})
        .filter(([path]) => path.startsWith(prefix))
        .map(([path, content]) => ({ path, content })),
  };
  return { git, push };
}
