import { afterEach, expect, test } from 'vitest';
import { createKitNotes } from '../../../src/adapters/feeds/create-kit-notes.ts';
import { Faults } from '../../../src/sandbox/faults.ts';
import {
  type FeedSpoil,
  type FeedsStandIn,
  startFeedsStandIn,
} from '../../../src/sandbox/feeds/feeds-stand-in.ts';
import { day, hour } from '../../../src/shared/time.ts';
import { silentLog } from '../../../src/workflow/log.ts';
import { handClock } from '../../sandbox/aws/start-for-test.ts';

const running: FeedsStandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

const core = '# v10.9.0 (2025-11-05)\n* Update runc to v1.2.7 ([#1])\n';
const kernel = '# v4.4.2 (2025-10-27)\n* Update kernel from 6.12.46-66.121 to 6.12.53-69.119\n';

async function start(options: Partial<Parameters<typeof createKitNotes>[0]> = {}) {
  const faults = new Faults('aws');
  const feeds = await startFeedsStandIn({ faults, contents: { coreKit: core, kernelKit: kernel } });
  running.push(feeds);
  const clock = handClock();
  const source = createKitNotes({
    clock,
    log: silentLog,
    everyMs: hour,
    core: feeds.coreKit,
    kernel: feeds.kernelKit,
    ...options,
  });
  const order = (kind: 'hang' | 'error-500' | 'rate-limited' | 'lost-reply', times = 1) =>
    faults.order({ service: 'aws', kind, match: 'Feed', times });
  return { feeds, clock, source, order };
}

test('both changelogs are read once, and asked for news with what the server said of them', async () => {
  const { feeds, clock, source } = await start();
  const [first] = await Promise.all([source.read(), source.read()]);
  expect(first['bottlerocket-core-kit']).toEqual({
    status: 'read',
    releases: [{ version: '10.9.0', statements: [{ name: 'runc', did: 'updated', to: '1.2.7' }] }],
  });
  expect(first['bottlerocket-kernel-kit']).toMatchObject({ releases: [{ version: '4.4.2' }] });
  expect(feeds.requests()).toHaveLength(2);
  clock.advance(2 * hour);
  expect(await source.read()).toEqual(first);
  expect(
    feeds
      .requests()
      .slice(2)
      .every((one) => one.endsWith(' 304')),
  ).toBe(true);
  expect(feeds.requests()).toHaveLength(4);
  feeds.publish({ coreKit: `# v10.9.1 (2025-11-06)\n* Update runc to v1.2.8\n${core}` });
  clock.advance(2 * hour);
  expect(await source.read()).toMatchObject({
    'bottlerocket-core-kit': { releases: [{ version: '10.9.0' }, { version: '10.9.1' }] },
  });
});

test.each(['hang', 'error-500', 'rate-limited', 'lost-reply'] as const)(
  'a server with %s makes them unavailable with a reason, and does not throw',
  async (kind) => {
    const { source, order } = await start({ limits: { timeoutMs: 300 } });
    order(kind, 2);
    for (const notes of Object.values(await source.read())) {
      expect(notes).toMatchObject({
        status: 'unavailable',
        reason: expect.stringMatching(/\.$/) as string,
      });
    }
  },
);

test.each(['cut', 'bomb', 'prose'] as const)(
  'a changelog that is spoilt (%s) is not read',
  async (how: FeedSpoil) => {
    const { feeds, source } = await start();
    feeds.spoil(how);
    for (const notes of Object.values(await source.read()))
      expect(notes.status).toBe('unavailable');
  },
);

test('an old copy stands for a day, then nothing is known', async () => {
  const { source, clock, order } = await start();
  const first = await source.read();
  order('error-500', 20);
  clock.advance(2 * hour);
  expect(await source.read()).toEqual(first);
  clock.advance(day);
  expect((await source.read())['bottlerocket-core-kit']).toMatchObject({ status: 'unavailable' });
});

test('one kit that is switched off or away leaves the other', async () => {
  const { source } = await start({ core: 'http://127.0.0.1:9/CHANGELOG.md' });
  const notes = await source.read();
  expect(notes['bottlerocket-core-kit'].status).toBe('unavailable');
  expect(notes['bottlerocket-kernel-kit'].status).toBe('read');
  const off = createKitNotes({ clock: handClock(), log: silentLog, everyMs: hour });
  expect((await off.read())['bottlerocket-kernel-kit']).toEqual({
    status: 'unavailable',
    reason: 'reading its notes is switched off.',
  });
});
