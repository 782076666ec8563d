import fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerGates } from '../../../handlers/gates/register-gates.ts';
import { recordRecall } from '../../../src/workflow/recalls.ts';
import { newRelease } from '../../fakes/memory-world.ts';
import { ann, bo } from '../../rollout/story.ts';
import { fleetStory } from '../../workflow/fleet-story.ts';

const token = 'a-token-of-enough-characters';
let fleet: Awaited<ReturnType<typeof fleetStory>>;
let server = fastify();
beforeEach(async () => {
  fleet = await fleetStory();
  server = fastify();
  registerGates(server, { world: fleet.world }, token);
});
afterEach(() => server.close());

async function ask(path: string, authorization = `Bearer ${token}`) {
  const answer = await server.inject({ url: `/gates/${path}`, headers: { authorization } });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}
const staging = async () => (await ask(`${fleet.id}/staging`)).body;

test('a gate opens when the change is approved, and says by whom', async () => {
  expect(await staging()).toMatchObject({
    rollout: fleet.id,
    environment: 'staging',
    open: false,
    decision: 'pending',
    missing: 2,
  });
  expect((await ask(`${fleet.id}/production`)).body).toMatchObject({
    open: false,
    decision: 'waiting',
  });
  await fleet.approve(ann);
  expect(await staging()).toMatchObject({ open: false, missing: 1 });
  await fleet.approve(bo);
  expect(await staging()).toMatchObject({
    open: true,
    decision: 'approved',
    missing: 0,
    approvals: [{ by: ann }, { by: bo }],
    digest: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('a freeze and a pause close it, and it opens again after them', async () => {
  await fleet.approved();
  await fleet.ask({ kind: 'freeze', by: ann, reason: 'incident' });
  await fleet.ask({ kind: 'pause', by: ann });
  expect(await staging()).toMatchObject({ open: false, stoppedBy: ['freeze', 'pause'] });
  await fleet.ask({ kind: 'unfreeze', by: ann });
  await fleet.ask({ kind: 'resume', by: ann });
  expect(await staging()).toMatchObject({ open: true, stoppedBy: [] });
});

test('nobody goes on with a release that was marked bad, or taken back by its publisher', async () => {
  await fleet.approved();
  const bad = { release: newRelease, where: {}, reason: 'the kernel hangs' };
  await fleet.ask({ kind: 'mark-bad', by: ann, ...bad });
  expect(await staging()).toMatchObject({ open: false, decision: 'pending', stoppedBy: ['bad'] });
  await fleet.ask({ kind: 'clear-bad', by: ann, release: newRelease });
  await recordRecall(fleet.world, { release: newRelease, because: 'marked', detail: 'abandoned' });
  expect(await staging()).toMatchObject({ open: false, stoppedBy: ['recall'] });
});

test('a rejected environment never opens', async () => {
  const no = { environment: 'staging', ask: 1, reason: 'kernel regression' };
  await fleet.ask({ kind: 'reject', by: ann, ...no });
  expect(await staging()).toMatchObject({ open: false, decision: 'ended', phase: 'rejected' });
});

test('a merge without the approvals does not open it', async () => {
  await fleet.approved();
  await fleet.ask({ kind: 'freeze', by: ann, reason: 'incident' });
  await fleet.settle(1);
  const pull = fleet.git.pulls[0];
  if (pull?.merged !== false) throw new Error('there is no open pull request');
  await fleet.ask({ kind: 'withdraw', environment: 'staging', ask: 1, by: bo });
  fleet.git.by.merge(pull.number, 'octocat');
  await fleet.settle(1);
  expect(await staging()).toMatchObject({ open: false, decision: 'unapproved' });
});

test.each([
  ['no token', ''],
  ['another token', 'Bearer another-token-of-enough-size'],
  ['the token in another scheme', `Basic ${token}`],
  ['a part of the token', `Bearer ${token.slice(0, -1)}`],
])('with %s nothing is told', async (_, authorization) => {
  const { status, body } = await ask(`${fleet.id}/staging`, authorization);
  expect({ status, body }).toEqual({ status: 401, body: { error: expect.any(String) } });
});

test('what is not there is not found', async () => {
  expect((await ask(`${fleet.id}/nowhere`)).status).toBe(404);
  expect((await ask('ro_ffffffffff/staging')).status).toBe(404);
  expect((await ask('nonsense/staging')).status).toBe(404);
});

test('without a configured token there is no such address', async () => {
  const bare = fastify();
  registerGates(bare, { world: fleet.world }, undefined);
  const url = `/gates/${fleet.id}/staging`;
  expect((await bare.inject({ url })).statusCode).toBe(404);
  await bare.close();
});
