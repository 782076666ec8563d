import { beforeEach, expect, test } from 'vitest';
import { minute, second } from '../../src/shared/time.ts';
import type { Meant } from '../../src/workflow/message-keeper.ts';
import { createMessageKeeper } from '../../src/workflow/message-keeper.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { id } from '../rollout/story.ts';

let fleet: ReturnType<typeof memoryWorld>;

beforeEach(() => {
  fleet = memoryWorld();
});

const keeper = () => createMessageKeeper(fleet.world, id);
const card = (text: string, worth = text): Meant => ({
  name: 'card',
  message: { text, blocks: [] },
  worth,
});
const texts = () => fleet.messages.map(({ text }) => text);

test('a message is posted once, by whichever replica comes first', async () => {
  const [here, there] = [await keeper(), await keeper()];
  expect(await here.keep(card('one'))).toEqual({ ts: '1.0' });
  expect(await there.keep(card('one'))).toEqual({ ts: '1.0' });
  expect(texts()).toEqual(['one']);
});

test('a slot that another replica claims is left to it, until its claim is a minute old', async () => {
  const { slots } = fleet.world.store;
  await slots.claim(id, { name: 'card', channel: 'C0NODES', claimedAt: fleet.clock.now() }, 0);
  const here = await keeper();
  expect(await here.keep(card('one'))).toEqual({});
  fleet.clock.advance(minute);
  expect(await here.keep(card('one'))).toEqual({});
  fleet.clock.advance(second);
  expect(await here.keep(card('one'))).toEqual({ ts: '1.0' });
});

test('an edit waits until five seconds after the last, and says when it is due', async () => {
  const here = await keeper();
  await here.keep(card('one'));
  fleet.clock.advance(4 * second);
  expect(await here.keep(card('two'))).toEqual({ ts: '1.0', again: fleet.clock.now() + second });
  expect(texts()).toEqual(['one']);
  fleet.clock.advance(second);
  expect(await here.keep(card('two'))).toEqual({ ts: '1.0' });
  expect(texts()).toEqual(['two']);
});

test('what is not worth an edit is made true after an hour all the same', async () => {
  const here = await keeper();
  await here.keep(card('3 of 9', 'moving'));
  fleet.clock.advance(59 * minute);
  await here.keep(card('4 of 9', 'moving'));
  expect(texts()).toEqual(['3 of 9']);
  fleet.clock.advance(minute);
  await here.keep(card('4 of 9', 'moving'));
  expect(texts()).toEqual(['4 of 9']);
});

test('a milestone stays as it was posted', async () => {
  const here = await keeper();
  const milestone = (text: string): Meant => ({
    name: 'reply-00000001',
    message: { text, blocks: [] },
    threadTs: '1.0',
  });
  await here.keep(milestone('Ann Lee approved.'));
  fleet.clock.advance(minute);
  await here.keep(milestone('ann approved.'));
  expect(texts()).toEqual(['Ann Lee approved.']);
});

test('a message that somebody removed is posted anew at the next look', async () => {
  const here = await keeper();
  await here.keep(card('one'));
  fleet.clock.advance(minute);
  fleet.messages.splice(0);
  expect(await here.keep(card('two'))).toEqual({ again: fleet.clock.now() });
  expect(here.slot('card')).toBeUndefined();
  await here.keep(card('two'));
  expect(texts()).toEqual(['two']);
});

const summary = (drawn: () => string): Meant => ({
  name: 'reply-1',
  message: { text: 'Complete', blocks: [] },
  threadTs: '0.1',
  picture: { name: 'nodes.png', title: 'Nodes', altText: 'All moved.', svg: drawn },
});

test('a picture is uploaded by whoever posts its message, and once', async () => {
  const world = { ...fleet.world, draw: async () => new Uint8Array([1]) };
  const [here, there] = [
    await createMessageKeeper(world, id),
    await createMessageKeeper(world, id),
  ];
  await here.keep(summary(() => '<svg/>'));
  await there.keep(summary(() => '<svg/>'));
  await here.keep(summary(() => '<svg/>'));
  expect(fleet.uploads).toMatchObject([{ name: 'nodes.png', altText: 'All moved.' }]);
  expect(fleet.messages).toMatchObject([
    { blocks: [{ type: 'image', slack_file: { id: 'F1' }, alt_text: 'All moved.' }] },
  ]);
});

test('a message whose picture cannot be drawn is posted without it', async () => {
  const draw = async () => {
    throw new Error('no renderer for this platform');
  };
  const here = await createMessageKeeper({ ...fleet.world, draw }, id);
  expect(await here.keep(summary(() => '<svg/>'))).toEqual({ ts: '1.0' });
  expect(fleet.messages).toMatchObject([{ text: 'Complete', blocks: [] }]);
  expect(fleet.uploads).toEqual([]);
});
