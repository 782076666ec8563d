import { afterEach, describe, expect, test } from 'vitest';
import { createAdvisories } from '../../../src/adapters/feeds/create-advisories.ts';
import { fixedAfter } from '../../../src/analysis/advisory.ts';
import { Faults } from '../../../src/sandbox/faults.ts';
import {
  type FeedSpoil,
  type FeedsStandIn,
  startFeedsStandIn,
} from '../../../src/sandbox/feeds/feeds-stand-in.ts';
import { day, hour, minute } from '../../../src/shared/time.ts';
import { silentLog } from '../../../src/workflow/log.ts';
import { handClock } from '../../sandbox/aws/start-for-test.ts';

const runc = {
  id: 'ALAS2023-2026-9001',
  severity: 'Important',
  cves: ['CVE-2026-90001'],
  packages: [{ name: 'runc', version: '1.3.7', release: '1.amzn2023.0.1' }],
};
const glibc = {
  id: 'BRSA-abcdefghij12',
  severity: 'high',
  cves: ['CVE-2026-90002'],
  packages: [{ name: 'glibc', version: '2.43', release: '1.1773716061.e2e9d7a9.br1' }],
  kit: { name: 'bottlerocket-core-kit', version: '10.9.0' },
};

const running: FeedsStandIn[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

async function start(
  options: Partial<Parameters<typeof createAdvisories>[0]> = {},
  amazon = [runc],
) {
  const faults = new Faults('aws');
  const feeds = await startFeedsStandIn({
    faults,
    contents: {
      amazonLinux: amazon,
      bottlerocket: [glibc],
      exploited: ['CVE-2026-90001'],
    },
  });
  running.push(feeds);
  const clock = handClock();
  const { amazonLinux, bottlerocket, exploited } = feeds;
  const advisories = createAdvisories({
    clock,
    log: silentLog,
    everyMs: hour,
    amazonLinux,
    bottlerocket,
    exploited,
    ...options,
  });
  const order = (kind: 'hang' | 'error-500' | 'rate-limited' | 'lost-reply', times = 1) =>
    faults.order({ service: 'aws', kind, match: 'Feed', times });
  return { feeds, clock, advisories, order };
}

test('advisories of both families are read, with what is known to be exploited', async () => {
  const { advisories } = await start();
  const alas = await advisories.amazonLinux();
  if (alas.status !== 'read') throw new Error(alas.reason);
  expect(fixedAfter(alas.index, 'runc', '1.3.6').map(({ advisory }) => advisory.cves)).toEqual([
    ['CVE-2026-90001'],
  ]);
  expect(alas.exploited?.has('CVE-2026-90001')).toBe(true);
  expect(await advisories.bottlerocket()).toMatchObject({
    status: 'read',
    advisories: [{ kit: glibc.kit, products: [{ package: 'glibc' }] }],
  });
});

test('a copy is taken for a while, then asked about, and read again only when it changed', async () => {
  const { feeds, clock, advisories } = await start({ exploited: '' });
  await advisories.amazonLinux();
  const first = feeds.requests().length;
  await Promise.all([advisories.amazonLinux(), advisories.amazonLinux()]);
  expect(feeds.requests()).toHaveLength(first);
  clock.advance(hour);
  await advisories.amazonLinux();
  expect(feeds.requests().slice(first)).toEqual([
    expect.stringMatching(/mirror\.list 200$/),
    expect.stringMatching(/repomd\.xml 304$/),
  ]);
  feeds.publish({ amazonLinux: [runc, { ...runc, id: 'ALAS2023-2026-9002', cves: [] }] });
  clock.advance(hour);
  const now = await advisories.amazonLinux();
  expect(now.status === 'read' && now.index.get('runc')).toHaveLength(2);
  await advisories.bottlerocket();
  clock.advance(hour);
  await advisories.bottlerocket();
  expect(feeds.requests().at(-1)).toBe('GET /2026/updateinfo.xml.gz 304');
});

describe('what could not be read is unavailable with a reason, never empty', () => {
  test.each([
    ['error-500', 'answered 503'],
    ['rate-limited', 'answered 429'],
    ['lost-reply', 'could not be read'],
    ['hang', 'did not answer within'],
  ] as const)('%s', async (kind, words) => {
    const { advisories, order } = await start({ limits: { timeoutMs: 300 } });
    order(kind, 9);
    for (const feed of [await advisories.amazonLinux(), await advisories.bottlerocket()]) {
      expect(feed).toEqual({ status: 'unavailable', reason: expect.stringContaining(words) });
    }
  });

  test.each<[FeedSpoil, RegExp, RegExp]>([
    ['doctype', /checksum|document type/, /document type or entities/],
    ['cut', /checksum|cut short/, /cut short/],
    ['bomb', /unpacks to more than/, /unpacks to more than/],
    ['swapped', /checksum/, /./],
    ['prose', /checksum|no updateinfo/, /no updateinfo/],
  ])('a feed that is spoilt: %s', async (how, alas, kits) => {
    const { feeds, advisories } = await start({ limits: { maxUnpacked: 1_000_000 } });
    feeds.spoil(how);
    expect(await advisories.amazonLinux()).toEqual({
      status: 'unavailable',
      reason: expect.stringMatching(alas),
    });
    if (how === 'swapped') return; // Bottlerocket's file has no index that would tell
    expect(await advisories.bottlerocket()).toEqual({
      status: 'unavailable',
      reason: expect.stringMatching(kits),
    });
  });

  test('a feed without a word on what is compared', async () => {
    const other = { name: 'zlib', version: '1.3', release: '1.amzn2023' };
    const { advisories } = await start({}, [{ ...runc, packages: [other] }]);
    expect(await advisories.amazonLinux()).toEqual({
      status: 'unavailable',
      reason: expect.stringContaining('names no advisory'),
    });
  });

  test('a body that is longer than allowed, and an address that is not https', async () => {
    const { advisories } = await start({ limits: { maxBytes: 50 } });
    expect(await advisories.bottlerocket()).toMatchObject({
      reason: expect.stringContaining('longer than 50 bytes'),
    });
    const elsewhere = await start({ bottlerocket: 'http://feeds.example/updateinfo.xml.gz' });
    expect(await elsewhere.advisories.bottlerocket()).toMatchObject({
      reason: expect.stringContaining('not https'),
    });
  });

  test('a feed that is switched off', async () => {
    const advisories = createAdvisories({ clock: handClock(), log: silentLog, everyMs: hour });
    expect(await advisories.amazonLinux()).toMatchObject({ status: 'unavailable' });
    expect(await advisories.bottlerocket()).toMatchObject({ status: 'unavailable' });
  });
});

test('a copy outlives a failure for a day, and no longer; a feed that fails is left alone for a minute', async () => {
  const { feeds, clock, advisories, order } = await start();
  await advisories.bottlerocket();
  clock.advance(2 * hour);
  order('error-500', 99);
  expect((await advisories.bottlerocket()).status).toBe('read');
  const asked = feeds.requests().length;
  expect((await advisories.bottlerocket()).status).toBe('read');
  expect(feeds.requests()).toHaveLength(asked);
  clock.advance(day);
  expect((await advisories.bottlerocket()).status).toBe('unavailable');
  expect(feeds.requests().length).toBeGreaterThan(asked);
});

test('without the list of exploited ones the advisories still count', async () => {
  const { feeds, clock, advisories } = await start();
  feeds.publish({ exploited: [] }); // an empty catalogue is none
  const alas = await advisories.amazonLinux();
  expect(alas.status).toBe('read');
  expect(alas).not.toHaveProperty('exploited');
  feeds.publish({ exploited: ['CVE-2026-90001'] });
  clock.advance(minute);
  expect(await advisories.amazonLinux()).toHaveProperty('exploited');
});
