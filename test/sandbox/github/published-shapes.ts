/**
 * What GitHub's published description of its REST API marks as required, kept by hand for the operations we use: for
 * each member its JSON type (`?` after it: may be null). Nested objects are spelled out where we read into them.
 */
export type Shape = { readonly [member: string]: string | Shape | readonly [Shape] };

const user: Shape = {
  login: 'string',
  id: 'integer',
  node_id: 'string',
  type: 'string',
  site_admin: 'boolean',
  url: 'string',
  html_url: 'string',
};
const repository: Shape = {
  id: 'integer',
  node_id: 'string',
  name: 'string',
  full_name: 'string',
  private: 'boolean',
  owner: { login: 'string', id: 'integer' },
  html_url: 'string',
  description: 'string?',
  fork: 'boolean',
  url: 'string',
  default_branch: 'string',
  archived: 'boolean',
  disabled: 'boolean',
};
const verification: Shape = {
  verified: 'boolean',
  reason: 'string',
  signature: 'string?',
  payload: 'string?',
};
const person: Shape = { name: 'string', email: 'string', date: 'string' };
const gitCommit: Shape = {
  sha: 'string',
  node_id: 'string',
  url: 'string',
  html_url: 'string',
  author: person,
  committer: person,
  tree: { sha: 'string', url: 'string' },
  message: 'string',
  parents: [{ sha: 'string', url: 'string', html_url: 'string' }],
  verification,
};
const commit: Shape = {
  url: 'string',
  sha: 'string',
  node_id: 'string',
  html_url: 'string',
  comments_url: 'string',
  commit: {
    url: 'string',
    author: person,
    committer: person,
    message: 'string',
    comment_count: 'integer',
    tree: { sha: 'string', url: 'string' },
  },
  parents: [{ sha: 'string', url: 'string' }],
};
const file: Shape = {
  sha: 'string?',
  filename: 'string',
  status: 'string',
  additions: 'integer',
  deletions: 'integer',
  changes: 'integer',
  blob_url: 'string',
  raw_url: 'string',
  contents_url: 'string',
};
const side: Shape = {
  label: 'string',
  ref: 'string',
  repo: repository,
  sha: 'string',
  user: { login: 'string' },
};
const pullSimple: Shape = {
  url: 'string',
  id: 'integer',
  node_id: 'string',
  html_url: 'string',
  issue_url: 'string',
  number: 'integer',
  state: 'string',
  locked: 'boolean',
  title: 'string',
  user,
  body: 'string?',
  labels: 'array',
  milestone: 'object?',
  created_at: 'string',
  updated_at: 'string',
  closed_at: 'string?',
  merged_at: 'string?',
  merge_commit_sha: 'string?',
  head: side,
  base: side,
  author_association: 'string',
  auto_merge: 'object?',
  draft: 'boolean',
};
const pull: Shape = {
  ...pullSimple,
  merged: 'boolean',
  mergeable: 'boolean?',
  mergeable_state: 'string',
  merged_by: 'object?',
  comments: 'integer',
  review_comments: 'integer',
  maintainer_can_modify: 'boolean',
  commits: 'integer',
  additions: 'integer',
  deletions: 'integer',
  changed_files: 'integer',
};
const status: Shape = {
  url: 'string',
  avatar_url: 'string?',
  id: 'integer',
  node_id: 'string',
  state: 'string',
  description: 'string?',
  target_url: 'string?',
  context: 'string',
  created_at: 'string',
  updated_at: 'string',
};
const release: Shape = {
  url: 'string',
  html_url: 'string',
  assets_url: 'string',
  upload_url: 'string',
  tarball_url: 'string?',
  zipball_url: 'string?',
  id: 'integer',
  node_id: 'string',
  tag_name: 'string',
  target_commitish: 'string',
  name: 'string?',
  draft: 'boolean',
  prerelease: 'boolean',
  created_at: 'string',
  published_at: 'string?',
  author: user,
  assets: 'array',
};

export const shapes = {
  app: {
    id: 'integer',
    slug: 'string',
    node_id: 'string',
    owner: 'object',
    name: 'string',
    description: 'string?',
    external_url: 'string',
    html_url: 'string',
    created_at: 'string',
    updated_at: 'string',
    permissions: 'object',
    events: 'array',
  },
  installation: {
    id: 'integer',
    account: 'object?',
    repository_selection: 'string',
    access_tokens_url: 'string',
    repositories_url: 'string',
    html_url: 'string',
    app_id: 'integer',
    app_slug: 'string',
    target_id: 'integer',
    target_type: 'string',
    permissions: 'object',
    events: 'array',
    created_at: 'string',
    updated_at: 'string',
    single_file_name: 'string?',
    suspended_at: 'string?',
    suspended_by: 'object?',
  },
  token: { token: 'string', expires_at: 'string' },
  repository,
  ref: {
    ref: 'string',
    node_id: 'string',
    url: 'string',
    object: { type: 'string', sha: 'string', url: 'string' },
  },
  gitCommit,
  tree: {
    sha: 'string',
    url: 'string',
    truncated: 'boolean',
    tree: [{ path: 'string', mode: 'string', type: 'string', sha: 'string' }],
  },
  blob: {
    content: 'string',
    encoding: 'string',
    url: 'string',
    sha: 'string',
    size: 'integer',
    node_id: 'string',
  },
  comparison: {
    url: 'string',
    html_url: 'string',
    permalink_url: 'string',
    diff_url: 'string',
    patch_url: 'string',
    base_commit: commit,
    merge_base_commit: commit,
    status: 'string',
    ahead_by: 'integer',
    behind_by: 'integer',
    total_commits: 'integer',
    commits: [commit],
    files: [file],
  },
  pullSimple,
  pull,
  file,
  /** Of type `pull_request`; where it comes from is not required, and always there. */
  reviewRule: {
    type: 'string',
    parameters: {
      dismiss_stale_reviews_on_push: 'boolean',
      require_code_owner_review: 'boolean',
      require_last_push_approval: 'boolean',
      required_approving_review_count: 'integer',
      required_review_thread_resolution: 'boolean',
    },
    ruleset_source_type: 'string',
    ruleset_source: 'string',
    ruleset_id: 'integer',
  },
  merged: { sha: 'string', merged: 'boolean', message: 'string' },
  issue: {
    id: 'integer',
    node_id: 'string',
    url: 'string',
    number: 'integer',
    state: 'string',
    title: 'string',
    user,
    labels: 'array',
    locked: 'boolean',
    milestone: 'object?',
    comments: 'integer',
    closed_at: 'string?',
    created_at: 'string',
    updated_at: 'string',
    closed_by: 'object?',
  },
  comment: {
    id: 'integer',
    node_id: 'string',
    url: 'string',
    html_url: 'string',
    issue_url: 'string',
    body: 'string',
    user,
    created_at: 'string',
    updated_at: 'string',
    author_association: 'string',
  },
  status,
  combinedStatus: {
    state: 'string',
    statuses: [status],
    sha: 'string',
    total_count: 'integer',
    repository: { id: 'integer', full_name: 'string' },
    commit_url: 'string',
    url: 'string',
  },
  checkRuns: {
    total_count: 'integer',
    check_runs: [
      {
        id: 'integer',
        head_sha: 'string',
        node_id: 'string',
        external_id: 'string',
        url: 'string',
        html_url: 'string',
        details_url: 'string',
        status: 'string',
        conclusion: 'string?',
        started_at: 'string',
        completed_at: 'string?',
        name: 'string',
        output: {
          title: 'string?',
          summary: 'string?',
          text: 'string?',
          annotations_count: 'integer',
          annotations_url: 'string',
        },
        check_suite: { id: 'integer' },
        app: { id: 'integer', slug: 'string' },
        pull_requests: 'array',
      },
    ],
  },
  release,
  error: { message: 'string', documentation_url: 'string', status: 'string' },
} satisfies Record<string, Shape>;

/** The shape as JSON Schema, every member required. */
export function schemaOf(shape: Shape): object {
  const properties = Object.fromEntries(
    Object.entries(shape).map(([name, member]) => [name, memberSchema(member)]),
  );
  return { type: 'object', required: Object.keys(shape), properties };
}

function memberSchema(member: string | Shape | readonly [Shape]): object {
  if (typeof member === 'string') {
    return member.endsWith('?') ? { type: [member.slice(0, -1), 'null'] } : { type: member };
  }
  return isList(member)
    ? { type: 'array', minItems: 1, items: schemaOf(member[0]) }
    : schemaOf(member);
}

function isList(member: Shape | readonly [Shape]): member is readonly [Shape] {
  return Array.isArray(member);
}
