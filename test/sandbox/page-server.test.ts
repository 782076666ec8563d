import { afterAll, beforeAll, expect, test } from 'vitest';
import { servePage } from '../../src/sandbox/page-server.ts';
import { startStandIns } from '../../src/sandbox/stand-ins.ts';
import { systemClock } from '../../src/shared/clock.ts';

let standIns: Awaited<ReturnType<typeof startStandIns>>;
let page: Awaited<ReturnType<typeof servePage>>;
beforeAll(async () => {
  standIns = await startStandIns({ clock: systemClock });
  page = await servePage({ standIns, state: async () => ({}), port: 0 });
});
afterAll(async () => {
  await page.close();
  await standIns.close();
});

async function ask(path: string, body: string) {
  const answer = await fetch(`${page.url}${path}`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const act = (body: object) => ask('/sandbox/act', JSON.stringify(body));

test.each(['/sandbox/act', '/sandbox/fault'])(
  'a body that is no JSON is 400 at %s',
  async (path) => {
    const answer = await ask(path, 'nope');
    expect(answer).toMatchObject({ status: 400, body: { ok: false } });
    expect(answer.body['error']).toBe('The body is not valid JSON.');
  },
);

test('an unknown deed is 400 and names those that are known', async () => {
  const cluster = await act({ cluster: 'prod-eu-1', do: 'explode' });
  expect(cluster).toMatchObject({ status: 400, body: { ok: false, ack: false } });
  expect(cluster.body['error']).toMatch(/add-node, .*block-pdb, .*sync/);
  const github = await act({ github: 'octocat', pull: 1, do: 'explode' });
  expect(github).toMatchObject({ status: 400, body: { ok: false, ack: false } });
  expect(github.body['error']).toMatch(/merge, close, push, review/);
});

test('a body of no known shape is 400, and so is one with a member that is missing', async () => {
  for (const body of [{}, [], { user: 'U0ANN' }, { cluster: 'prod-eu-1', do: 'add-node' }])
    expect(await act(body)).toMatchObject({ status: 400, body: { ok: false, ack: false } });
});

test('what cannot be done to a cluster is told as before', async () => {
  const answer = await act({ cluster: 'nowhere', do: 'block-pdb' });
  expect(answer).toMatchObject({ status: 200, body: { ok: false, ack: false } });
  expect(answer.body['error']).toContain('nowhere');
});

test('plain words are a message that the app does not hear of', async () => {
  const answer = await act({ user: 'U0ANN', say: 'Lunch, @bo? Not <before> 12.' });
  expect(answer).toEqual({ status: 200, body: { ok: true, ack: true } });
  const [said] = standIns.slack.messages();
  expect(said).toMatchObject({ user: 'U0ANN', channel: 'C0NODES', notified: ['U0BO'] });
  expect(said?.text).toBe('Lunch, <@U0BO>? Not &lt;before&gt; 12.');
  const thread = await act({ user: 'U0BO', thread_ts: said?.ts, say: 'Yes.' });
  expect(thread.body).toEqual({ ok: true, ack: true });
  expect(standIns.slack.messages().at(-1)).toMatchObject({ threadTs: said?.ts, text: 'Yes.' });
});

test('a mention goes to the app, which is not there', async () => {
  for (const say of ['@amiable status', 'Hello @Amiable, status?'])
    expect((await act({ user: 'U0ANN', say })).body).toMatchObject({
      ok: false,
      error: 'connection_failed',
    });
});

test('for scripts every text in a thread is a mention, with the name or without', async () => {
  const [root] = standIns.slack.messages();
  for (const text of ['@amiable status', 'status']) {
    await act({ user: 'U0ANN', thread_ts: root?.ts, text });
    expect(standIns.slack.messages().at(-1)?.text).toBe('<@U0AMIABLE> status');
  }
});

test('a command that nobody installed is not sent', async () => {
  const answer = await act({ user: 'U0ANN', command: '/foo', text: 'bar' });
  expect(answer.body).toEqual({ ok: false, ack: false, error: 'no_such_command' });
});
