import { moveBranch } from '../branches.ts';
import { filesOfCommit, writeTree } from '../git/file-tree.ts';
import { isProtected } from '../pulls.ts';
import type { Caller } from '../route.ts';
import type { Repository } from '../state.ts';
import { emailOf, findRepository, type World, webFlow } from '../world.ts';
import { GraphqlRefusal } from './execute.ts';

/**
 * One commit on a branch, made and signed by GitHub. Every file it writes gets mode 100644, whatever it had.
 * @throws GraphqlRefusal `STALE_DATA` when the branch is not at `expectedHeadOid`.
 */
export function createCommitOnBranch(
  world: World,
  caller: Caller,
  input: unknown,
): { readonly repository: Repository; readonly sha: string } {
  const { branch, repository, message, expectedHeadOid, additions, deletions } = readInput(
    world,
    caller,
    input,
  );
  const before = repository.branches.get(branch);
  if (before === undefined) {
    throw new GraphqlRefusal(
      'NOT_FOUND',
      `Could not resolve to a node with the global id of 'refs/heads/${branch}'.`,
    );
  }
  if (isProtected(repository, branch)) {
    throw new GraphqlRefusal(
      'UNPROCESSABLE',
      'Repository rule violations found\n\nChanges must be made through a pull request.\n\n',
    );
  }
  if (before !== expectedHeadOid) {
    throw new GraphqlRefusal(
      'STALE_DATA',
      `Expected branch to point to "${expectedHeadOid}" but it did not. Pull and try again.`,
    );
  }
  const files = filesOfCommit(world.objects, before);
  for (const path of deletions) {
    if (!files.delete(path))
      throw new GraphqlRefusal(
        'UNPROCESSABLE',
        `A path was requested for deletion which does not exist as of commit oid \`${before}\``,
      );
  }
  for (const { path, contents } of additions) {
    files.set(path, {
      mode: '100644',
      blob: world.objects.putBlob(Buffer.from(contents, 'base64')),
    });
  }
  const bot = caller.kind === 'installation' ? caller.bot : undefined;
  if (bot === undefined)
    throw new GraphqlRefusal('FORBIDDEN', 'Resource not accessible by integration');
  const at = world.clock.now();
  const sha = world.objects.putCommit({
    tree: writeTree(world.objects, files),
    parents: [before],
    author: { name: bot.login, email: emailOf(bot), at },
    committer: { ...webFlow, at },
    message,
  });
  world.state.signed.add(sha);
  moveBranch(world, repository, branch, sha, bot);
  return { repository, sha };
}

type Json = Readonly<Record<string, unknown>>;

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw new GraphqlRefusal(
    'INVALID',
    `Variable $input of type CreateCommitOnBranchInput! was provided invalid value for ${name} (Expected value to not be null)`,
  );
}

function readInput(world: World, caller: Caller, given: unknown) {
  const input = objectOf(given);
  const to = objectOf(input['branch']);
  const name = textOf(to['repositoryNameWithOwner'], 'branch.repositoryNameWithOwner');
  const repository = findRepository(world, name);
  const installation = world.state.installations.get((repository?.owner ?? '').toLowerCase());
  if (
    repository === undefined ||
    !repository.installed ||
    caller.kind !== 'installation' ||
    caller.installation !== installation
  ) {
    throw new GraphqlRefusal(
      'NOT_FOUND',
      `Could not resolve to a Repository with the name '${name}'.`,
    );
  }
  const { headline, body } = objectOf(input['message']) as { headline?: unknown; body?: unknown };
  const text = typeof body === 'string' && body !== '' ? `\n\n${body}` : '';
  const changes = objectOf(input['fileChanges']);
  const list = (value: unknown) => (Array.isArray(value) ? value.map(objectOf) : []);
  return {
    repository,
    branch: textOf(to['branchName'], 'branch.branchName').replace(/^refs\/heads\//, ''),
    message: textOf(headline, 'message.headline') + text,
    expectedHeadOid: textOf(input['expectedHeadOid'], 'expectedHeadOid'),
    additions: list(changes['additions']).map((file) => ({
      path: textOf(file['path'], 'fileChanges.additions.path'),
      contents: textOf(file['contents'], 'fileChanges.additions.contents'),
    })),
    deletions: list(changes['deletions']).map((file) =>
      textOf(file['path'], 'fileChanges.deletions.path'),
    ),
  };
}
