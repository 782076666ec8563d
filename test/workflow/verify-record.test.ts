import { beforeEach, describe, expect, test } from 'vitest';
import type { StoredCommit } from '../../src/adapters/dynamodb/commit-item.ts';
import { day, hour } from '../../src/shared/time.ts';
import { createAnchoring } from '../../src/workflow/anchor.ts';
import { detect } from '../../src/workflow/detect.ts';
import { freeze, unfreeze } from '../../src/workflow/freeze.ts';
import { verifyRecord } from '../../src/workflow/verify-record.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

/** A rollout that asks, two freezes, and an anchor of all that; then a little more. */
async function recorded() {
  const fleet = memoryWorld();
  const { world, store, clock } = fleet;
  const logged: object[] = [];
  const anchoring = createAnchoring({
    records: store,
    clock,
    log: { ...world.log, error: (fields) => logged.push(fields) },
  });
  const found = await detect(world);
  const id = found.rollout;
  if (id === undefined) throw new Error('nothing was opened');
  await lookOnce(world, id);
  await freeze(world, { by: ann, reason: 'incident 12', cause: 'a' });
  await unfreeze(world, { by: ann, cause: 'b' });
  await anchoring.run();
  clock.advance(hour);
  await freeze(world, { by: ann, reason: 'incident 13', cause: 'c' });
  const verify = (kept?: string) =>
    verifyRecord(store, { now: clock.now(), ...(kept === undefined ? {} : { kept }) });
  return { ...fleet, id, anchoring, verify, logged };
}

let fleet: Awaited<ReturnType<typeof recorded>>;
beforeEach(async () => {
  fleet = await recorded();
});

const told = async (kept?: string) =>
  (await fleet.verify(kept)).findings.map(({ stream, kind, sequence }) =>
    [stream === fleet.id ? 'rollout' : stream, kind, sequence]
      .filter((one) => one !== undefined)
      .join(' '),
  );
const forge = (commit: StoredCommit): StoredCommit => ({
  ...commit,
  actor: { kind: 'slack', id: 'U0BO' },
});

describe('the record', () => {
  test('that nobody touched is vouched for up to its newest anchor', async () => {
    const { findings, anchor, unanchored, streams } = await fleet.verify();
    expect(findings).toEqual([]);
    expect(anchor).toMatchObject({ day: '2026-11-20', sequence: 1 });
    expect({ streams, unanchored }).toEqual({ streams: 2, unanchored: 1 });
    expect(await fleet.anchoring.newest()).toMatchObject({ hash: anchor?.hash, streams: 2 });
    expect(await told(anchor?.hash)).toEqual([]);
  });

  test('tells each record that was changed', async () => {
    fleet.store.tamper(fleet.id, (commits) =>
      commits.map((one, i) => (i === 1 ? forge(one) : one)),
    );
    expect(await told()).toEqual(['rollout changed 2']);
  });

  test('tells each record that was deleted', async () => {
    fleet.store.tamper('global', (commits) => commits.filter(({ sequence }) => sequence !== 1));
    expect(await told()).toEqual(['global missing 1']);
  });

  test('tells each record that was moved', async () => {
    fleet.store.tamper(fleet.id, ([first, second, ...rest]) => [
      { ...(second as StoredCommit), sequence: 1 },
      { ...(first as StoredCommit), sequence: 2 },
      ...rest,
    ]);
    expect(await told()).toEqual(['rollout reordered 1', 'rollout reordered 2']);
  });

  test('tells a tail that was cut, by the anchor', async () => {
    fleet.store.tamper('global', (commits) => commits.slice(0, 1));
    expect(await told()).toEqual(['global missing 2']);
    fleet.store.tamper(fleet.id, (commits) => commits.slice(0, -1));
    expect(await told()).toContainEqual(expect.stringMatching(/^rollout missing \d+$/));
  });

  test('tells a stream that is gone altogether, also from the index', async () => {
    fleet.store.tamper(fleet.id, () => undefined);
    expect(await told()).toEqual(['rollout dropped']);
    fleet.store.tamper('global', () => undefined);
    expect(await told()).toEqual(['global dropped', 'rollout dropped']);
  });

  test('tells an anchor that was changed, and anchors cut off where their hash was kept', async () => {
    fleet.clock.advance(day);
    await fleet.anchoring.run();
    const { hash = '' } = (await fleet.anchoring.newest()) ?? {};
    expect(await told(hash)).toEqual([]);
    fleet.store.tamper('anchors', ([first, ...rest]) => [forge(first as StoredCommit), ...rest]);
    expect(await told(hash)).toEqual(['anchors changed 1']);
    fleet.store.tamper('anchors', (anchors) => anchors.slice(0, 1));
    expect(await told(hash)).toContain('anchors missing');
    fleet.store.tamper('anchors', () => undefined);
    expect(await told(hash)).toEqual(['anchors missing']);
    expect((await fleet.verify()).anchor).toBeUndefined();
  });

  test('says what no anchor vouches for, rather than that it is well', async () => {
    fleet.store.tamper('global', (commits) =>
      commits.map((one, i) => (i === 2 ? forge(one) : one)),
    );
    const { findings, unanchored } = await fleet.verify();
    expect({ findings, unanchored }).toEqual({ findings: [], unanchored: 1 });
  });
});

describe('anchors', () => {
  test('are made once a day, of what grew', async () => {
    expect(await fleet.anchoring.run()).toBe(false);
    fleet.clock.advance(day);
    expect(await fleet.anchoring.run()).toBe(true);
    const all = (await fleet.store.anchors.load('anchors')).flatMap(({ events }) => events);
    expect(all.map(({ streams }) => streams.map(({ stream }) => stream).sort())).toEqual([
      ['global', fleet.id].sort(),
      ['global'],
    ]);
    expect((await fleet.verify()).unanchored).toBe(0);
  });

  test('are made once by two replicas', async () => {
    const { store, clock, world } = fleet;
    clock.advance(day);
    const two = [1, 2].map(() => createAnchoring({ records: store, clock, log: world.log }));
    const made = await Promise.all(two.map((one) => one.run()));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await store.anchors.load('anchors')).toHaveLength(2);
    expect(await told()).toEqual([]);
  });

  test('never make a change good: a stream that broke keeps its earlier mark, and it is an alarm', async () => {
    fleet.store.tamper('global', (commits) =>
      commits.map((one, i) => (i === 0 ? forge(one) : one)),
    );
    fleet.clock.advance(day);
    expect(await fleet.anchoring.run()).toBe(true);
    expect(fleet.logged).toEqual([{ streams: ['global'] }]);
    const last = (await fleet.store.anchors.load('anchors')).at(-1)?.events[0];
    expect(last).toMatchObject({ broken: ['global'], streams: [] });
    expect(await told()).toEqual(['global changed 1']);
  });
});
