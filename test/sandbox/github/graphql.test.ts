import { expect, test } from 'vitest';
import { parseQuery } from '../../../src/sandbox/github/graphql/parse-query.ts';
import { start } from './ask.ts';

const commit = `mutation C($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

function input(expectedHeadOid: string, branchName = 'topic') {
  return {
    branch: { repositoryNameWithOwner: 'acme/gitops', branchName },
    expectedHeadOid,
    message: { headline: 'Move node images', body: 'Why' },
    fileChanges: {
      additions: [{ path: 'a.yaml', contents: Buffer.from('a: 2\n').toString('base64') }],
    },
  };
}

test('a commit on a branch is signed, by our bot, and only on the expected head', async () => {
  const { asBot, base, repository } = await start();
  repository.createBranch('ann-lee', 'topic', base);
  const ask = { query: commit, variables: { input: input(base) } };
  const { body } = await asBot('POST', '/graphql', ask);
  const head = repository.headOf('topic');
  expect(body).toEqual({ data: { createCommitOnBranch: { commit: { oid: head } } } });
  expect((await asBot('GET', `/repos/acme/gitops/git/commits/${head}`)).body).toMatchObject({
    author: {
      name: 'amiable[bot]',
      email: expect.stringMatching(/^\d+\+amiable\[bot\]@users\.noreply\.github\.com$/),
    },
    committer: { name: 'GitHub' },
    message: 'Move node images\n\nWhy',
    parents: [{ sha: base }],
    verification: { verified: true },
  });
  const again = await asBot('POST', '/graphql', ask);
  expect(again).toMatchObject({
    status: 200,
    body: {
      errors: [
        {
          type: 'STALE_DATA',
          path: ['createCommitOnBranch'],
          message: expect.stringContaining(base),
        },
      ],
    },
  });
  expect(repository.headOf('topic')).toBe(head);
});

test.each([
  [
    'an unknown field',
    'query { repository(owner: "acme", name: "gitops") { colour } }',
    /Field 'colour' doesn't exist on type 'Repository'/,
  ],
  [
    'an unknown field of a fragment',
    'query { repository(owner: "acme", name: "gitops") { object(oid: "x") { ... on Blob { colour } } } }',
    /'colour' doesn't exist on type 'Blob'/,
  ],
  [
    'an object without selections',
    'query { repository(owner: "acme", name: "gitops") }',
    /must have selections/,
  ],
  [
    'an unknown repository',
    'query { repository(owner: "acme", name: "none") { id } }',
    /Could not resolve to a Repository/,
  ],
  [
    'an unknown pull request',
    'query { repository(owner: "acme", name: "gitops") { pullRequest(number: 9) { id } } }',
    /Could not resolve to a PullRequest/,
  ],
  ['a broken document', 'query { repository(', /Unexpected end/],
  [
    'a missing variable',
    'query Q($x: String!) { repository(owner: $x, name: "gitops") { id } }',
    /\$x .*invalid value/,
  ],
])('%s is an error with status 200', async (_what, query, message) => {
  const { asBot } = await start();
  const { status, body } = await asBot('POST', '/graphql', { query });
  expect(status).toBe(200);
  expect(body['errors']).toMatchObject([{ message: expect.stringMatching(message) }]);
});

test('strangers get 401', async () => {
  const { ask } = await start();
  expect((await ask('POST', '/graphql', { query: '{ viewer { login } }' })).status).toBe(401);
});

test('too many objects in one query are refused', async () => {
  const { asBot } = await start();
  const objects = Array.from(
    { length: 501 },
    (_, i) => `b${i}: object(oid: "${'0'.repeat(40)}") { oid }`,
  );
  const query = `{ repository(owner: "acme", name: "gitops") { ${objects.join(' ')} } }`;
  expect((await asBot('POST', '/graphql', { query })).body).toMatchObject({
    errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED' }],
  });
});

test('a query is read with its aliases, arguments, variables and fragments', () => {
  expect(
    parseQuery(
      'query Q($a: String!, $b: [Int]) { x: f(a: $a, n: -1, s: "q\\"", t: true) { ... on T { g } } }',
    ),
  ).toEqual({
    kind: 'query',
    name: 'Q',
    variables: [
      { name: 'a', required: true },
      { name: 'b', required: false },
    ],
    selections: [
      {
        kind: 'field',
        alias: 'x',
        name: 'f',
        args: {
          a: { kind: 'variable', name: 'a' },
          n: { kind: 'literal', value: -1 },
          s: { kind: 'literal', value: 'q"' },
          t: { kind: 'literal', value: true },
        },
        selections: [
          {
            kind: 'fragment',
            on: 'T',
            selections: [{ kind: 'field', alias: 'g', name: 'g', args: {}, selections: [] }],
          },
        ],
      },
    ],
  });
});
