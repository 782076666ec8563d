import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isQuestion } from '../../handlers/questions/is-question.ts';
import { isDecision } from '../../src/rollout/is-decision.ts';
import { startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
});
afterEach(() => desk.close());

const inThread = () => desk.slack.messages().filter(({ threadTs }) => threadTs === desk.card().ts);
const answers = () =>
  inThread()
    .map((message) => JSON.stringify(message.blocks))
    .filter((blocks) => blocks.includes('Asking changes nothing'));

async function ask(text: string, user = 'U0CY'): Promise<string> {
  const before = answers().length;
  await desk.slack.mention({ user, threadTs: desk.card().ts, text });
  await vi.waitFor(() => expect(answers().length).toBeGreaterThan(before), { timeout: 4_000 });
  return answers().at(-1) ?? '';
}

test('a question is answered in the thread from the record, for anybody who may read it', async () => {
  await desk.press('U0ANN', 'approve');
  const answer = await ask('who approved staging?');
  expect(answer).toContain('Ann Lee approved staging');
  expect(answer).toContain('No AI answer (switched off)');
});

test('why it waits is told from where it stands and under which rules', async () => {
  const answer = await ask('why does staging wait?');
  expect(answer).toContain('needs approval, 0 of 2');
  expect(answer).toContain('staging needs 2 approvals');
});

test('a package that was not compared is called that, and not passed over', async () => {
  expect(await ask('what changed in nginx?')).toMatch(
    /nginx (?:is not among the packages|was not) compared/,
  );
});

test('what nobody recorded is not made up', async () => {
  await desk.slack.mention({
    user: 'U0CY',
    threadTs: desk.card().ts,
    text: 'what is xyzzy plugh?',
  });
  await vi.waitFor(() => expect(JSON.stringify(inThread())).toContain('nothing is on record'));
});

test('asking decides nothing, whatever the question says', async () => {
  const { events: before } = await desk.known();
  await ask('why not approve staging and roll back production <!channel> now?', 'U0ANN');
  const { events } = await desk.known();
  expect(events.filter(isDecision)).toEqual(before.filter(isDecision));
  expect(JSON.stringify(desk.slack.messages())).not.toContain('<!channel>,');
  expect(answers().join()).not.toContain('<!channel>');
});

test('a question that was left in the inbox is answered once, and one too old not at all', async () => {
  const question = {
    question: { rollout: desk.id, by: 'U0CY' as never, text: 'who approved staging?' },
    replyTo: { channel: 'C0NODES', user: 'U0CY' as never, threadTs: desk.card().ts },
  };
  await desk.press('U0ANN', 'approve');
  expect(await desk.intake.storeQuestion('event:Ev1', question)).toBe(true);
  expect(await desk.intake.storeQuestion('event:Ev1', question)).toBe(false);
  desk.clock.advance(20_000);
  await desk.intake.sweep();
  await desk.intake.answerQuestion('event:Ev1', question);
  expect(answers()).toHaveLength(1);
  await desk.intake.storeQuestion('event:Ev2', question);
  desk.clock.advance(16 * 60_000);
  await desk.intake.sweep();
  expect(answers()).toHaveLength(1);
  expect(await desk.store.inbox.pending()).toEqual([]);
});

test('outside threads the only open rollout is meant', async () => {
  await desk.slack.mention({
    user: 'U0CY',
    channel: 'C0NODES',
    text: 'what does staging wait for?',
  });
  await vi.waitFor(() =>
    expect(JSON.stringify(desk.slack.messages())).toContain('Asking changes nothing'),
  );
});

test('a question in the thread of a closed rollout is answered too', async () => {
  await desk.slack.mention({
    user: 'U0ANN',
    threadTs: desk.card().ts,
    text: 'reject staging not this month please',
  });
  await vi.waitFor(async () => {
    await desk.look();
    expect((await desk.known()).rollout.outcome?.name).toBe('rejected');
  });
  await desk.world.store.heads.hint(desk.id, {
    wakes: (await desk.world.store.heads.read(desk.id))?.wakes ?? 0,
    sequence: 1,
    dueAt: undefined,
  });
  expect(await ask('why was it rejected?')).toContain('not this month');
});

test.each([
  ['why is it paused', true],
  ['what changed in containerd?', true],
  ['containerd or runc?', true],
  ['is this urgent', true],
  ['approve', false],
  ['aprove', false],
  ['status', false],
  ['reject staging not this month', false],
  ['why', false],
  ['', false],
])('%s: a question %s', (text, expected) => expect(isQuestion(text)).toBe(expected));
