import { commitJson, fileJson } from '../answers/commit-answers.ts';
import { htmlUrl, repositoryUrl } from '../answers/repository-answers.ts';
import { commitsBetween, mergeBaseOf } from '../git/commit-graph.ts';
import { changesBetween, filesOfCommit } from '../git/file-tree.ts';
import { notFound } from '../refusal.ts';
import { param, type RepositoryCall } from '../route.ts';
import { repositoryRoute } from './repository-route.ts';

/** A comparison names at most 300 files, all on its first page. */
const maxFiles = 300;

export const compareRoutes = [
  repositoryRoute('GET', '/compare/{basehead+}', (call) => {
    const { world, repository, query } = call;
    const [baseName = '', headName = ''] = param(call, 'basehead').split('...');
    const base = commitNamed(call, baseName);
    const head = commitNamed(call, headName);
    const mergeBase = mergeBaseOf(world.objects, base, head);
    if (mergeBase === undefined) throw notFound();
    const ahead = commitsBetween(world.objects, base, head);
    const behind = commitsBetween(world.objects, head, base);
    const perPage = Math.min(100, Number(query.get('per_page') ?? 30) || 30);
    const page = Math.max(1, Number(query.get('page') ?? 1) || 1);
    const url = `${repositoryUrl(world, repository)}/compare/${base}...${head}`;
    const html = `${htmlUrl(repository)}/compare/${base}...${head}`;
    const files =
      page > 1
        ? undefined
        : changesBetween(
            filesOfCommit(world.objects, mergeBase),
            filesOfCommit(world.objects, head),
          )
            .slice(0, maxFiles)
            .map((change) => fileJson(world, repository, change));
    return {
      status: 200,
      body: {
        url,
        html_url: html,
        permalink_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        base_commit: commitJson(world, repository, base),
        merge_base_commit: commitJson(world, repository, mergeBase),
        status: statusOf(ahead.length, behind.length),
        ahead_by: ahead.length,
        behind_by: behind.length,
        total_commits: ahead.length,
        commits: ahead
          .slice((page - 1) * perPage, page * perPage)
          .map((sha) => commitJson(world, repository, sha)),
        ...(files !== undefined && { files }),
      },
    };
  }),
];

function statusOf(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

function commitNamed({ world, repository }: RepositoryCall, name: string): string {
  const sha = repository.branches.get(name) ?? name;
  if (world.objects.commit(sha) === undefined) throw notFound();
  return sha;
}
