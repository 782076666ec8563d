import { isoOf } from '../../shared/time.ts';
import { runStateOf } from './checks.ts';
import { commitsBetween } from './git/commit-graph.ts';
import type { TreeChange } from './git/file-tree.ts';
import type { Signature, TreeEntry } from './git/git-objects.ts';
import { unifiedDiff } from './git/unified-diff.ts';
import { baseShaOf, changesOf, mergeabilityOf } from './pulls.ts';
import { notFound } from './refusal.ts';
import type { Account, CheckRun, Pull, Release, Repository, Status } from './state.ts';
import { fullName, type World } from './world.ts';

/** GitHub's JSON for its objects: the members every answer has, not only those our adapter reads. */

export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.url()}/repos/${fullName(repository)}`;
}

export function htmlUrl(repository: Repository): string {
  return `https://github.com/${fullName(repository)}`;
}

const iso = (at: number | undefined) => (at === undefined ? null : isoOf(at));

export function userJson(world: World, { login, id, type }: Account) {
  return {
    login,
    id,
    node_id: `U_${id}`,
    avatar_url: '',
    url: `${world.url()}/users/${encodeURIComponent(login)}`,
    html_url: `https://github.com/${login.replace(/\[bot\]$/, '')}`,
    type,
    site_admin: false,
  };
}

export function repositoryJson(world: World, repository: Repository) {
  const { id, owner, name, defaultBranch, protection } = repository;
  return {
    id,
    node_id: `R_${id}`,
    name,
    full_name: fullName(repository),
    private: repository.private,
    owner: {
      login: owner,
      id: id + 1,
      node_id: `O_${id}`,
      type: 'Organization',
      site_admin: false,
    },
    html_url: htmlUrl(repository),
    description: null,
    fork: false,
    url: repositoryUrl(world, repository),
    default_branch: defaultBranch,
    archived: false,
    disabled: false,
    visibility: repository.private ? 'private' : 'public',
    // Shown only to who may write, as GitHub does.
    ...(repository.installed && {
      allow_squash_merge: protection.allowedMergeMethods.includes('squash'),
      allow_merge_commit: protection.allowedMergeMethods.includes('merge'),
      allow_rebase_merge: protection.allowedMergeMethods.includes('rebase'),
      allow_auto_merge: false,
      delete_branch_on_merge: false,
    }),
  };
}

export function refJson(world: World, repository: Repository, branch: string, sha: string) {
  const url = repositoryUrl(world, repository);
  return {
    ref: `refs/heads/${branch}`,
    node_id: `REF_${repository.id}_${branch}`,
    url: `${url}/git/refs/heads/${branch}`,
    object: { sha, type: 'commit', url: `${url}/git/commits/${sha}` },
  };
}

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

/** A pull request as lists have it. */
export function pullSimpleJson(world: World, repository: Repository, pull: Pull) {
  const url = `${repositoryUrl(world, repository)}/pulls/${pull.number}`;
  const repo = repositoryJson(world, repository);
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner}:${ref}`,
    ref,
    sha,
    user: repo.owner,
    repo,
  });
  return {
    url,
    id: pull.id,
    node_id: `PR_${pull.id}`,
    html_url: `${htmlUrl(repository)}/pull/${pull.number}`,
    issue_url: `${repositoryUrl(world, repository)}/issues/${pull.number}`,
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userJson(world, pull.by),
    body: pull.body,
    labels: [],
    milestone: null,
    created_at: iso(pull.createdAt),
    updated_at: iso(pull.updatedAt),
    closed_at: iso(pull.closed?.at),
    merged_at: iso(pull.merged?.at),
    // GitHub keeps a trial merge here while it is open: nothing to rely on, and not a commit of any branch.
    merge_commit_sha: pull.merged?.sha ?? null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: side(pull.headBranch, pull.headSha),
    base: side(pull.baseBranch, baseShaOf(repository, pull)),
    author_association: 'NONE',
    auto_merge: null,
    draft: pull.draft,
  };
}

/** A pull request asked for by number. */
export function pullJson(world: World, repository: Repository, pull: Pull) {
  const { mergeable, state } = mergeabilityOf(world, repository, pull);
  const changes = changesOf(world, repository, pull).map((change) =>
    fileJson(world, repository, change),
  );
  const sum = (key: 'additions' | 'deletions') => changes.reduce((n, file) => n + file[key], 0);
  return {
    ...pullSimpleJson(world, repository, pull),
    merged: pull.merged !== undefined,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: state,
    merged_by: pull.merged === undefined ? null : userJson(world, pull.merged.by),
    comments: pull.comments.length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: commitsBetween(world.objects, baseShaOf(repository, pull), pull.headSha).length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: changes.length,
  };
}

/** The issue side of a pull request: the only answer that says who closed it. */
export function issueJson(world: World, repository: Repository, pull: Pull) {
  const {
    id,
    node_id,
    number,
    title,
    user,
    body,
    state,
    created_at,
    updated_at,
    closed_at,
    html_url,
  } = pullSimpleJson(world, repository, pull);
  return {
    id,
    node_id,
    url: `${repositoryUrl(world, repository)}/issues/${number}`,
    number,
    title,
    user,
    body,
    state,
    locked: false,
    labels: [],
    assignee: null,
    assignees: [],
    milestone: null,
    comments: pull.comments.length,
    created_at,
    updated_at,
    closed_at,
    html_url,
    closed_by: pull.closed === undefined ? null : userJson(world, pull.closed.by),
    pull_request: {
      url: `${repositoryUrl(world, repository)}/pulls/${number}`,
      merged_at: iso(pull.merged?.at),
    },
    performed_via_github_app:
      pull.by.login === `${world.app.slug}[bot]`
        ? { id: world.app.id, slug: world.app.slug }
        : null,
  };
}

export function statusJson(world: World, repository: Repository, sha: string, status: Status) {
  return {
    url: `${repositoryUrl(world, repository)}/statuses/${sha}`,
    avatar_url: null,
    id: status.id,
    node_id: `SC_${status.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: iso(status.at),
    updated_at: iso(status.at),
    creator: userJson(world, status.creator),
  };
}

export function checkRunJson(world: World, repository: Repository, sha: string, run: CheckRun) {
  const { status, conclusion, completedAt } = runStateOf(run, world.clock.now());
  return {
    id: run.id,
    node_id: `CR_${run.id}`,
    name: run.name,
    head_sha: sha,
    external_id: '',
    url: `${repositoryUrl(world, repository)}/check-runs/${run.id}`,
    html_url: `${htmlUrl(repository)}/runs/${run.id}`,
    details_url: `${htmlUrl(repository)}/actions/runs/${run.id}`,
    status,
    conclusion,
    started_at: iso(run.startedAt),
    completed_at: iso(completedAt ?? undefined),
    output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: '' },
    check_suite: { id: run.id },
    app: { id: 15368, slug: 'github-actions', name: 'GitHub Actions' },
    pull_requests: repository.pulls
      .filter(({ headSha, state }) => headSha === sha && state === 'open')
      .map(({ number, id, headBranch, baseBranch }) => ({
        id,
        number,
        head: { ref: headBranch, sha },
        base: { ref: baseBranch },
      })),
  };
}

export function releaseJson(world: World, repository: Repository, release: Release, id: number) {
  return {
    url: `${repositoryUrl(world, repository)}/releases/${id}`,
    html_url: `${htmlUrl(repository)}/releases/tag/${release.tag}`,
    assets_url: `${repositoryUrl(world, repository)}/releases/${id}/assets`,
    upload_url: '',
    tarball_url: null,
    zipball_url: null,
    id,
    node_id: `RE_${id}`,
    tag_name: release.tag,
    target_commitish: repository.defaultBranch,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    created_at: iso(release.publishedAt),
    published_at: release.draft ? null : iso(release.publishedAt),
    author: userJson(world, { login: 'github-actions[bot]', id: 41898282, type: 'Bot' }),
    assets: [],
  };
}
