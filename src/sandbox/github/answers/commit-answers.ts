import { isoOf } from '../../../shared/time.ts';
import type { TreeChange } from '../git/file-tree.ts';
import type { Signature, TreeEntry } from '../git/git-objects.ts';
import { unifiedDiff } from '../git/unified-diff.ts';
import { notFound } from '../refusal.ts';
import type { Repository } from '../state.ts';
import type { World } from '../world.ts';
import { htmlUrl, repositoryUrl } from './repository-answers.ts';

const signature = ({ name, email, at }: Signature) => ({ name, email, date: isoOf(at) });

function verificationJson(world: World, sha: string) {
  const verified = world.state.signed.has(sha);
  return {
    verified,
    reason: verified ? 'valid' : 'unsigned',
    signature: null,
    payload: null,
    verified_at: null,
  };
}

/** A Git commit (`/git/commits`). */
export function gitCommitJson(world: World, repository: Repository, sha: string) {
  const commit = world.objects.commit(sha);
  if (commit === undefined) throw notFound();
  const url = repositoryUrl(world, repository);
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${url}/git/commits/${sha}`,
    html_url: `${htmlUrl(repository)}/commit/${sha}`,
    author: signature(commit.author),
    committer: signature(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${url}/git/commits/${parent}`,
      html_url: `${htmlUrl(repository)}/commit/${parent}`,
    })),
    verification: verificationJson(world, sha),
  };
}

/** A commit as lists and comparisons have it. */
export function commitJson(world: World, repository: Repository, sha: string) {
  const { author, committer, tree, message, parents, verification, html_url, node_id } =
    gitCommitJson(world, repository, sha);
  const url = `${repositoryUrl(world, repository)}/commits/${sha}`;
  return {
    sha,
    node_id,
    commit: { author, committer, message, tree, url, comment_count: 0, verification },
    url,
    html_url,
    comments_url: `${url}/comments`,
    author: null,
    committer: null,
    parents,
  };
}

export function treeEntryJson(
  world: World,
  repository: Repository,
  { mode, sha }: Pick<TreeEntry, 'mode' | 'sha'>,
  path: string,
) {
  const url = `${repositoryUrl(world, repository)}/git`;
  if (mode === '040000') return { path, mode, type: 'tree', sha, url: `${url}/trees/${sha}` };
  if (mode === '160000') return { path, mode, type: 'commit', sha };
  const size = world.objects.blob(sha)?.length ?? 0;
  return { path, mode, type: 'blob', sha, size, url: `${url}/blobs/${sha}` };
}

/** A changed file as comparisons and pull requests list it: no mode, and the blob under `sha`. */
export function fileJson(
  world: World,
  repository: Repository,
  { path, status, before, after }: TreeChange,
) {
  const patch = patchOf(world, { before, after });
  const lines = (patch ?? '').split('\n');
  const additions = lines.filter((line) => line.startsWith('+')).length;
  const deletions = lines.filter((line) => line.startsWith('-')).length;
  const url = repositoryUrl(world, repository);
  return {
    sha: (after ?? before)?.blob ?? null,
    filename: path,
    status: status === 'modified' && before?.blob === after?.blob ? 'changed' : status,
    additions,
    deletions,
    changes: additions + deletions,
    blob_url: `${htmlUrl(repository)}/blob/${path}`,
    raw_url: `${htmlUrl(repository)}/raw/${path}`,
    contents_url: `${url}/contents/${path}`,
    ...(patch !== undefined && { patch }),
  };
}

/** The hunks between two versions; `undefined` for binary files. */
export function patchOf(
  { objects }: World,
  { before, after }: { readonly before: TreeChange['before']; readonly after: TreeChange['after'] },
): string | undefined {
  const [a, b] = [before, after].map((file) =>
    file === undefined ? Buffer.alloc(0) : (objects.blob(file.blob) ?? Buffer.alloc(0)),
  );
  if (a === undefined || b === undefined || a.includes(0) || b.includes(0)) return undefined;
  return unifiedDiff(a.toString('utf8'), b.toString('utf8'));
}
