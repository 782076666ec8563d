import { isoOf } from '../../../shared/time.ts';
import type { Account, Release, Repository } from '../state.ts';
import { fullName, type World } from '../world.ts';

export function repositoryUrl(world: World, repository: Repository): string {
  return `${world.url()}/repos/${fullName(repository)}`;
}

export function htmlUrl(repository: Repository): string {
  return `https://github.com/${fullName(repository)}`;
}

/** ISO 8601, or `null` for a time that never was. */
export const iso = (at: number | undefined) => (at === undefined ? null : isoOf(at));

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

/** The rule of a ruleset that asks for reviews, as GitHub tells it of a branch. */
export function reviewRule(repository: Repository, reviews: number): unknown {
  return {
    type: 'pull_request',
    ruleset_source_type: 'Repository',
    ruleset_source: fullName(repository),
    ruleset_id: repository.id,
    parameters: {
      required_approving_review_count: reviews,
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_review_thread_resolution: false,
    },
  };
}
