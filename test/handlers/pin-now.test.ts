import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pinnedNowMessage } from '../../blocks/pinned-now.ts';
import { Pinning } from '../../handlers/pinning/pinning.ts';
import { demoManifest, demoPath } from '../../src/sandbox/demo-world.ts';
import { minute } from '../../src/shared/time.ts';
import { lookAtImages } from '../../src/workflow/unapproved/look-at-images.ts';
import { pinNow } from '../../src/workflow/unapproved/pin-now.ts';
import { idOf, newRelease } from '../fakes/memory-world.ts';
import { startDesk } from './desk.ts';

let desk: Awaited<ReturnType<typeof startDesk>>;
beforeEach(async () => {
  desk = await startDesk();
  const manifest = demoManifest('prod-a', { alias: 'al2023@latest' });
  desk.git.by.push('main', demoPath('production', 'prod-a'), manifest);
  desk.live.set('prod-a', 'al2023@latest');
  const nodes = desk.running.get('prod-a') ?? [];
  desk.running.set(
    'prod-a',
    nodes.map((node) => ({ ...node, imageId: idOf(newRelease, 'eu-west-1') })),
  );
});
afterEach(() => desk.close());

const pinning = Pinning.parse({
  pin: { cluster: 'prod-a', release: newRelease, by: 'U0CY' },
  replyTo: { channel: 'C0NODES', user: 'U0CY' },
});

/** Asking once more says which proposal there is. */
async function proposed(): Promise<string> {
  const { world } = desk;
  const done = await pinNow(world, 'prod-a', newRelease, pinning.pin.by);
  expect(done.kind).toBe('exists');
  return pinnedNowMessage(done, pinning.pin).text;
}

test('a press of the button is stored, proposed and answered', async () => {
  await lookAtImages(desk.world);
  const message = desk.slack
    .messages()
    .find(({ blocks }) => JSON.stringify(blocks).includes('images:pin'));
  await desk.slack.click({
    ...{ user: 'U0CY', messageTs: message?.ts ?? '', actionId: 'images:pin' },
  });
  expect(await desk.told('U0CY')).toContain('Proposed: pin prod-a');
  expect(await desk.store.inbox.pending()).toEqual([]);
});

test('a press that a dying process left in the inbox is proposed once, by whoever finds it', async () => {
  expect(await desk.intake.storePinning('click:1', pinning)).toBe(true);
  expect(await desk.intake.storePinning('click:1', pinning)).toBe(false);
  desk.clock.advance(20_000);
  await desk.intake.sweep();
  expect(await desk.told('U0CY')).toContain('Proposed: pin prod-a');
  expect(await proposed()).toContain('It is proposed already');
  expect(await desk.store.inbox.pending()).toEqual([]);
});

test('a cluster that does not answer leaves the press in the inbox, and too late it is told', async () => {
  desk.unreachable.add('prod-a');
  await desk.intake.storePinning('click:1', pinning);
  await desk.intake.pin('click:1', pinning);
  expect(await desk.store.inbox.pending()).toHaveLength(1);
  desk.unreachable.clear();
  desk.clock.advance(minute);
  await desk.intake.sweep();
  expect(await desk.told('U0CY')).toContain('Proposed: pin prod-a');
  await desk.intake.storePinning('click:2', pinning);
  desk.clock.advance(16 * minute);
  await desk.intake.sweep();
  await vi.waitFor(async () =>
    expect(await desk.told('U0CY')).toContain('Press again if it is still wanted'),
  );
  expect(await desk.store.inbox.pending()).toEqual([]);
});
