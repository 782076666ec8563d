import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { start } from './ask.ts';
import { type Shape, schemaOf, shapes } from './published-shapes.ts';

const ajv = new Ajv({ allErrors: true });

function matches(shape: Shape, answer: unknown): void {
  const check = ajv.compile(schemaOf(shape));
  check(answer);
  expect(check.errors ?? []).toEqual([]);
}

test('a shape notices what is missing', () => {
  expect(() => matches(shapes.ref, { ref: 'refs/heads/main' })).toThrow();
});

test('every answer has the members GitHub’s description requires', async () => {
  const { asApp, asBot, ask, standIn, repository, installation, minted } = await start({
    seed: { checks: [{ name: 'ci', durationMs: 1000, outcome: 'success' }] },
  });
  const repo = '/repos/acme/gitops';
  const base = repository.push('ann-lee', 'main', 'b.yaml', 'b: 1\n');
  matches(shapes.app, (await asApp('GET', '/app')).body);
  matches(shapes.installation, installation);
  matches(shapes.token, minted.body);
  matches(shapes.repository, (await asBot('GET', repo)).body);

  const created = await asBot('POST', `${repo}/git/refs`, { ref: 'refs/heads/topic', sha: base });
  expect(created.status).toBe(201);
  matches(shapes.ref, created.body);
  matches(shapes.ref, (await asBot('GET', `${repo}/git/ref/heads/main`)).body);
  const head = repository.push('ann-lee', 'topic', 'a.yaml', 'a: 2\n');
  matches(shapes.ref, (await asBot('PATCH', `${repo}/git/refs/heads/topic`, { sha: head })).body);
  matches(shapes.gitCommit, (await asBot('GET', `${repo}/git/commits/${head}`)).body);
  const tree = (await asBot('GET', `${repo}/git/trees/${head}?recursive=1`)).body;
  matches(shapes.tree, tree);
  const [file] = tree['tree'] as { sha: string }[];
  matches(shapes.blob, (await asBot('GET', `${repo}/git/blobs/${file?.sha}`)).body);
  matches(shapes.comparison, (await asBot('GET', `${repo}/compare/${base}...${head}`)).body);

  const opened = await asBot('POST', `${repo}/pulls`, {
    title: 't',
    body: 'b',
    head: 'topic',
    base: 'main',
  });
  expect(opened.status).toBe(201);
  matches(shapes.pull, opened.body);
  matches(shapes.pull, (await asBot('GET', `${repo}/pulls/1`)).body);
  matches(shapes.pull, (await asBot('PATCH', `${repo}/pulls/1`, { title: 'new' })).body);
  const list = (await asBot('GET', `${repo}/pulls?head=acme:topic&state=all`))
    .body as unknown as unknown[];
  matches(shapes.pullSimple, list[0]);
  const files = (await asBot('GET', `${repo}/pulls/1/files`)).body as unknown as unknown[];
  matches(shapes.file, files[0]);
  const status = await asBot('POST', `${repo}/statuses/${head}`, {
    state: 'pending',
    context: 'amiable/approval',
  });
  expect(status.status).toBe(201);
  matches(shapes.status, status.body);
  matches(shapes.combinedStatus, (await asBot('GET', `${repo}/commits/${head}/status`)).body);
  matches(shapes.checkRuns, (await asBot('GET', `${repo}/commits/${head}/check-runs`)).body);
  matches(shapes.issue, (await asBot('GET', `${repo}/issues/1`)).body);
  matches(shapes.comment, (await asBot('POST', `${repo}/issues/1/comments`, { body: 'hi' })).body);
  repository.protect({ rulesetReviews: 2 });
  const rules = (await asBot('GET', `${repo}/rules/branches/main`)).body as unknown as unknown[];
  expect(rules).toMatchObject([{ type: 'pull_request' }]);
  matches(shapes.reviewRule, rules[0]);
  repository.protect({ rulesetReviews: 0 });
  matches(shapes.merged, (await asBot('PUT', `${repo}/pulls/1/merge`, { sha: head })).body);
  matches(shapes.error, (await asBot('GET', `${repo}/pulls/99`)).body);

  standIn
    .seedRepository({ name: 'awslabs/amazon-eks-ami', installed: false })
    .seedReleases([{ tag: 'v20260714' }]);
  const releases = (await ask('GET', '/repos/awslabs/amazon-eks-ami/releases'))
    .body as unknown as unknown[];
  matches(shapes.release, releases[0]);
  matches(
    shapes.release,
    (await ask('GET', '/repos/awslabs/amazon-eks-ami/releases/tags/v20260714')).body,
  );
});
