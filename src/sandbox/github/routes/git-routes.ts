import { gitCommitJson, treeEntryJson } from '../answers/commit-answers.ts';
import { refJson, repositoryUrl } from '../answers/repository-answers.ts';
import { moveBranch } from '../branches.ts';
import { isAncestor } from '../git/commit-graph.ts';
import { isProtected } from '../pulls.ts';
import { notFound, Refusal } from '../refusal.ts';
import { param, type RepositoryCall, text } from '../route.ts';
import { repositoryRoute, writerOf } from './repository-route.ts';

function branchOf(ref: string): string {
  return ref.replace(/^heads\//, '');
}

function headOf(call: RepositoryCall): { branch: string; sha: string } {
  const branch = branchOf(param(call, 'ref'));
  const sha = call.repository.branches.get(branch);
  if (sha === undefined) throw notFound();
  return { branch, sha };
}

function commitAsked(call: RepositoryCall): string {
  const sha = text(call, 'sha');
  if (!/^[0-9a-f]{40}$/.test(sha))
    throw new Refusal(
      422,
      'The sha parameter must be exactly 40 characters and contain only [0-9a-f].',
    );
  if (call.world.objects.commit(sha) === undefined) throw new Refusal(422, 'Object does not exist');
  return sha;
}

/** Blobs up to 100 MB are served, as base64. */
const maxBlob = 100 * 1024 * 1024;

export const gitRoutes = [
  repositoryRoute('GET', '/git/ref/{ref+}', (call) => {
    const { branch, sha } = headOf(call);
    return { status: 200, body: refJson(call.world, call.repository, branch, sha) };
  }),
  repositoryRoute('POST', '/git/refs', (call) => {
    const { world, repository } = call;
    const ref = text(call, 'ref');
    if (!/^refs\/heads\/[^\s~^:?*[\\]+$/.test(ref) || ref.includes('..') || ref.endsWith('/')) {
      throw new Refusal(422, `Reference name: ${ref} is not valid`);
    }
    const sha = commitAsked(call);
    const branch = ref.slice('refs/heads/'.length);
    if (repository.branches.has(branch)) throw new Refusal(422, 'Reference already exists');
    if (
      [...repository.branches.keys()].some(
        (x) => x.startsWith(`${branch}/`) || branch.startsWith(`${x}/`),
      )
    ) {
      throw new Refusal(422, 'Reference update failed');
    }
    moveBranch(world, repository, branch, sha, writerOf(call));
    return { status: 201, body: refJson(world, repository, branch, sha) };
  }),
  repositoryRoute('PATCH', '/git/refs/{ref+}', (call) => {
    const { world, repository, body } = call;
    const branch = branchOf(param(call, 'ref'));
    const sha = commitAsked(call);
    const before = repository.branches.get(branch);
    if (before === undefined) throw new Refusal(422, 'Reference does not exist');
    if (isProtected(repository, branch))
      throw new Refusal(422, 'Cannot update this protected ref.');
    if (body['force'] !== true && !isAncestor(world.objects, before, sha)) {
      throw new Refusal(422, 'Update is not a fast forward');
    }
    moveBranch(world, repository, branch, sha, writerOf(call));
    return { status: 200, body: refJson(world, repository, branch, sha) };
  }),
  repositoryRoute('DELETE', '/git/refs/{ref+}', (call) => {
    const { world, repository } = call;
    const branch = branchOf(param(call, 'ref'));
    if (!repository.branches.has(branch)) throw new Refusal(422, 'Reference does not exist');
    if (isProtected(repository, branch) || branch === repository.defaultBranch) {
      throw new Refusal(422, 'Cannot delete this protected ref.');
    }
    moveBranch(world, repository, branch, undefined, writerOf(call));
    return { status: 204 };
  }),
  repositoryRoute('GET', '/git/commits/{sha}', (call) => ({
    status: 200,
    body: gitCommitJson(call.world, call.repository, param(call, 'sha')),
  })),
  repositoryRoute('GET', '/git/trees/{sha}', treeAnswer),
  repositoryRoute('GET', '/git/blobs/{sha}', (call) => {
    const sha = param(call, 'sha');
    const bytes = call.world.objects.blob(sha);
    if (bytes === undefined) throw notFound();
    if (bytes.length > maxBlob) {
      throw new Refusal(403, 'This API returns blobs up to 100 MB in size.', [
        { resource: 'Blob', field: 'data', code: 'too_large' },
      ]);
    }
    return {
      status: 200,
      body: {
        sha,
        node_id: `B_${sha}`,
        size: bytes.length,
        url: `${repositoryUrl(call.world, call.repository)}/git/blobs/${sha}`,
        content: bytes.toString('base64').replace(/.{60}/g, '$&\n'),
        encoding: 'base64',
      },
    };
  }),
];

/** A tree by its own id, a commit's, or a branch name. */
function treeAnswer(call: RepositoryCall) {
  const { world, repository, query } = call;
  const asked = repository.branches.get(param(call, 'sha')) ?? param(call, 'sha');
  const sha = world.objects.commit(asked)?.tree ?? asked;
  if (world.objects.tree(sha) === undefined) throw notFound();
  const entries: unknown[] = [];
  let truncated = false;
  const list = (tree: string, prefix: string): void => {
    for (const entry of world.objects.tree(tree) ?? []) {
      if (entries.length >= world.treeLimit) {
        truncated = true;
        return;
      }
      entries.push(treeEntryJson(world, repository, entry, prefix + entry.name));
      if (entry.mode === '040000' && query.has('recursive'))
        list(entry.sha, `${prefix}${entry.name}/`);
    }
  };
  list(sha, '');
  const url = `${repositoryUrl(world, repository)}/git/trees/${sha}`;
  return { status: 200, body: { sha, url, tree: entries, truncated } };
}
