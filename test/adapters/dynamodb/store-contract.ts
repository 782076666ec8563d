import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/adapters/dynamodb/changes.ts';
import type { StoredCommit } from '../../../src/adapters/dynamodb/commit-item.ts';
import type { StreamId } from '../../../src/adapters/dynamodb/keys.ts';
import { chainStart, commitHash, verifyChain } from '../../../src/shared/chain.ts';
import { Digest, type RolloutId } from '../../../src/shared/ids.ts';
import { day, hour, minute, second } from '../../../src/shared/time.ts';
import type { AuditReads, DecisionRecord } from '../../../src/workflow/ports/records.ts';
import type { Commit, Log, Store } from '../../../src/workflow/ports/store.ts';
import { newRollout, noon, type TestEvent } from './test-events.ts';

export type ContractStore = Omit<Store, 'rollouts'> &
  Pick<AuditReads, 'records' | 'streamsDecided' | 'anchors'> & {
    readonly rollouts: Log<RolloutId, TestEvent>;
    listDecisions(month: string): AsyncIterable<DecisionRecord<TestEvent>>;
    stored(stream: StreamId): AsyncIterable<StoredCommit>;
  };

export type ContractSetting = {
  readonly store: ContractStore;
  /** Moves the store's clock, which starts at `noon`. */
  advance(ms: number): void;
  close(): Promise<void>;
};

const amiable = { kind: 'amiable' } as const;
const ann = { kind: 'slack', id: 'U0ANN' } as const;

/** What everything that calls itself the record store does, whatever it is made of. */
export function storeContract(name: string, open: () => Promise<ContractSetting>): void {
  describe(`the record store ${name}`, () => {
    let setting: ContractSetting;
    let store: ContractStore;
    beforeAll(async () => {
      setting = await open();
      store = setting.store;
    });
    afterAll(() => setting.close());

    const seen = (note: string, at = noon) => ({
      events: [{ type: 'Seen' as const, note }],
      actor: amiable,
      at,
    });

    describe('shows whoever audits', () => {
      test('the items of a stream as they are stored', async () => {
        const id = newRollout();
        const first = await store.rollouts.append(id, undefined, seen('a'));
        await store.rollouts.append(id, first, seen('b'));
        const records = await all(store.records(id));
        expect(records.map(({ key }) => key)).toEqual(['00000001', '00000002']);
        expect(records.map(({ commit }) => commit)).toEqual(await all(store.stored(id)));
        expect(await all(store.records(newRollout()))).toEqual([]);
      });

      test('in which streams somebody decided in a month', async () => {
        const id = newRollout();
        const at = Date.parse('2025-03-04T05:06:07Z');
        const approved = { events: [{ type: 'Approved' as const, by: 'U0ANN' }], actor: ann, at };
        const first = await store.rollouts.append(id, undefined, approved);
        await store.rollouts.append(id, first, approved);
        await store.rollouts.append(newRollout(), undefined, seen('no decision', at));
        expect(await store.streamsDecided('2025-03')).toEqual(new Set([id]));
        expect(await store.streamsDecided('2025-04')).toEqual(new Set());
      });

      test('anchors, which are a stream of their own', async () => {
        const streams = [{ stream: 'global', sequence: 3, hash: 'f'.repeat(64) }];
        const event = { type: 'Anchored', day: '2026-11-20', streams, total: 1, at: noon } as const;
        const commit = { events: [event], actor: amiable, at: noon };
        const first = await store.anchors.append('anchors', undefined, commit);
        expect(await store.anchors.append('anchors', undefined, commit)).toBeUndefined();
        expect(await store.anchors.load('anchors')).toEqual([first]);
        expect(await all(store.records('anchors'))).toHaveLength(1);
      });
    });

    describe('keeps a log that', () => {
      test('is empty for a stream nobody started', async () => {
        expect(await store.rollouts.load(newRollout())).toEqual([]);
      });

      test('gives back what was appended, in order and chained', async () => {
        const id = newRollout();
        const first = await store.rollouts.append(id, undefined, {
          events: [{ type: 'Approved', by: 'U0ANN' }],
          actor: ann,
          at: noon,
          cause: 'slack:1',
        });
        const second = await store.rollouts.append(id, first, seen('b', noon + 1));
        expect(await store.rollouts.load(id)).toEqual([
          {
            sequence: 1,
            events: [{ type: 'Approved', by: 'U0ANN' }],
            actor: ann,
            at: noon,
            cause: 'slack:1',
            previous: chainStart,
          },
          {
            sequence: 2,
            events: [{ type: 'Seen', note: 'b' }],
            actor: amiable,
            at: noon + 1,
            previous: commitHash((await all(store.stored(id)))[0] as StoredCommit),
          },
        ]);
        expect(second).toEqual((await store.rollouts.load(id))[1]);
        expect(verifyChain(await all(store.stored(id)))).toBeUndefined();
      });

      test('gives only what came after a sequence', async () => {
        const id = newRollout();
        let last: Commit<TestEvent> | undefined;
        for (const note of ['a', 'b', 'c']) {
          last = await store.rollouts.append(id, last, seen(note));
        }
        const after = await store.rollouts.loadAfter(id, 1);
        expect(after.map(({ sequence }) => sequence)).toEqual([2, 3]);
        expect(await store.rollouts.loadAfter(id, 3)).toEqual([]);
      });

      test('lets one of fifty racing writers win each sequence', async () => {
        const id = newRollout();
        let last: Commit<TestEvent> | undefined;
        for (const sequence of [1, 2, 3]) {
          // The same content from all: only a write of one's own may count as one's own.
          const race = Array.from({ length: 50 }, () => store.rollouts.append(id, last, seen('x')));
          const won = (await Promise.all(race)).filter((commit) => commit !== undefined);
          expect(won.map((commit) => commit.sequence)).toEqual([sequence]);
          last = won[0];
        }
        expect(await store.rollouts.load(id)).toHaveLength(3);
      });

      test('writes nothing for a writer who came late', async () => {
        const id = newRollout();
        const first = await store.rollouts.append(id, undefined, seen('a'));
        await store.rollouts.append(id, first, seen('b'));
        expect(await store.rollouts.append(id, first, seen('late'))).toBeUndefined();
        expect(await store.rollouts.append(id, undefined, seen('later'))).toBeUndefined();
        const notes = (await store.rollouts.load(id)).flatMap(({ events }) => events);
        expect(notes).toMatchObject([{ note: 'a' }, { note: 'b' }]);
      });

      test('never runs backward in time', async () => {
        const id = newRollout();
        const first = await store.rollouts.append(id, undefined, seen('a', noon));
        const next = await store.rollouts.append(id, first, seen('b', noon - hour));
        expect(next?.at).toBe(noon);
      });

      test('hashes what is stored and not what an older version understood of it', async () => {
        const id = newRollout();
        const newer = { type: 'Seen' as const, note: 'a', unknownHere: 7 };
        await store.rollouts.append(id, undefined, { ...seen('a'), events: [newer] });
        const [read] = await store.rollouts.load(id);
        expect(read?.events).toEqual([{ type: 'Seen', note: 'a' }]);
        await store.rollouts.append(id, read, seen('b'));
        expect(verifyChain(await all(store.stored(id)))).toBeUndefined();
      });

      test('keeps text, numbers and absent members so that the hash stays true', async () => {
        const id = newRollout();
        const cutInsideAnEmoji = '🚀'.slice(0, 1);
        const odd = [
          0.1 + 0.2,
          -0,
          1e-7,
          1e21,
          '',
          null,
          { a: undefined, b: [] },
          '日本',
          cutInsideAnEmoji,
        ];
        const first = await store.rollouts.append(id, undefined, {
          ...seen('x'),
          events: [{ type: 'Seen', note: 'x', extra: odd }],
        });
        await store.rollouts.append(id, first, seen('y'));
        const stored = await all(store.stored(id));
        expect(verifyChain(stored)).toBeUndefined();
        expect(stored[0]?.events).toEqual([
          {
            type: 'Seen',
            note: 'x',
            extra: [0.30000000000000004, 0, 1e-7, 1e21, '', null, { b: [] }, '日本', '\uFFFD'],
          },
        ]);
      });

      test('names a commit that is larger than an item may be', async () => {
        const id = newRollout();
        const append = store.rollouts.append(id, undefined, seen('x'.repeat(410_000)));
        await expect(append).rejects.toThrow(new RegExp(`commit 1 of ${id}: .*409600 bytes`));
        expect(await store.rollouts.load(id)).toEqual([]);
      });

      test('reads a long stream to its end', async () => {
        const id = newRollout();
        let last: Commit<TestEvent> | undefined;
        // 1.5 MB: more than one page.
        for (let n = 0; n < 15; n += 1) {
          last = await store.rollouts.append(id, last, seen(`${n}${'x'.repeat(100_000)}`));
        }
        const loaded = await store.rollouts.load(id);
        expect(loaded.map(({ sequence }) => sequence)).toEqual(
          [...Array(15).keys()].map((n) => n + 1),
        );
      });

      test('keeps the stream of the fleet beside those of rollouts', async () => {
        const frozen = { type: 'Frozen', by: 'U0ANN', reason: 'incident', at: noon } as const;
        const first = await store.global.append('global', undefined, {
          events: [frozen],
          actor: ann,
          at: noon,
        });
        expect(first?.sequence).toBe(1);
        expect((await store.global.load('global')).flatMap(({ events }) => events)).toEqual([
          frozen,
        ]);
      });

      test('lists the decisions of a month, and only decisions, oldest first', async () => {
        const id = newRollout();
        const in2031 = (text: string) => Date.parse(`2031-${text}:00.000Z`);
        let last: Commit<TestEvent> | undefined;
        for (const [type, at] of [
          ['Approved', '02-28T23:59'],
          ['Seen', '03-01T00:00'],
          ['Approved', '03-01T00:01'],
          ['Approved', '03-31T23:59'],
          ['Approved', '04-01T00:00'],
        ] as const) {
          const event =
            type === 'Seen' ? ({ type, note: at } as const) : ({ type, by: at } as const);
          last = await store.rollouts.append(id, last, {
            events: [event],
            actor: ann,
            at: in2031(at),
          });
        }
        const march = await all(store.listDecisions('2031-03'));
        expect(march.map(({ stream, commit }) => [stream, commit.sequence])).toEqual([
          [id, 3],
          [id, 4],
        ]);
        expect(march[0]?.commit.events).toEqual([{ type: 'Approved', by: '03-01T00:01' }]);
        const global = await all(store.listDecisions('2026-11'));
        expect(global.map(({ stream }) => stream)).toContain('global');
      });
    });

    describe('keeps heads that', () => {
      test('are made by the first wake, and count every one', async () => {
        const id = newRollout();
        expect(await store.heads.read(id)).toBeUndefined();
        await store.heads.wake(id, noon);
        expect(await store.heads.read(id)).toEqual({
          rollout: id,
          wakes: 1,
          sequence: 0,
          dueAt: noon,
        });
        await Promise.all([store.heads.wake(id, noon + 1), store.heads.wake(id, noon + 1)]);
        expect(await store.heads.read(id)).toMatchObject({ wakes: 3, dueAt: noon + 1 });
      });

      test('take a hint unless somebody woke them since', async () => {
        const id = newRollout();
        await store.heads.wake(id, noon);
        const hint = { wakes: 1, sequence: 4, dueAt: noon + hour };
        expect(await store.heads.hint(id, hint)).toBe(true);
        await store.heads.wake(id, noon + second);
        expect(await store.heads.hint(id, { ...hint, sequence: 5 })).toBe(false);
        expect(await store.heads.read(id)).toEqual({
          rollout: id,
          wakes: 2,
          sequence: 4,
          dueAt: noon + second,
        });
      });

      test('can be made anew by a hint, but not over one that was woken', async () => {
        const id = newRollout();
        expect(await store.heads.hint(id, { wakes: 1, sequence: 4, dueAt: noon })).toBe(false);
        expect(await store.heads.hint(id, { wakes: 0, sequence: 4, dueAt: noon })).toBe(true);
        await store.heads.wake(id, noon);
        expect(await store.heads.hint(id, { wakes: 0, sequence: 4, dueAt: noon })).toBe(false);
      });

      test('are open, soonest first, with all that a poll needs, until they are closed', async () => {
        const ids = [newRollout(), newRollout(), newRollout(), newRollout(), newRollout()];
        for (const [n, id] of ids.entries()) {
          await store.heads.wake(id, noon);
          await store.heads.hint(id, {
            wakes: 1,
            sequence: n,
            dueAt: noon + (10 - n) * day,
            lease: { owner: 'a', until: noon + n },
          });
        }
        const [closed] = ids;
        if (closed === undefined) throw new Error('no rollouts');
        await store.heads.hint(closed, { wakes: 1, sequence: 9, dueAt: undefined });
        const open = (await store.heads.open()).filter(({ rollout }) => ids.includes(rollout));
        expect(open.map(({ rollout }) => rollout)).toEqual(ids.slice(1).reverse());
        expect(open[0]).toEqual({
          rollout: ids[4],
          wakes: 1,
          sequence: 4,
          dueAt: noon + 6 * day,
          lease: { owner: 'a', until: noon + 4 },
        });
        expect(await store.heads.read(closed)).toEqual({
          rollout: closed,
          wakes: 1,
          sequence: 9,
          lease: { owner: 'a', until: noon },
        });
        await store.heads.wake(closed, noon);
        expect((await store.heads.open()).map(({ rollout }) => rollout)).toContain(closed);
      });

      test('are leased to one owner until the lease is over', async () => {
        const id = newRollout();
        await store.heads.wake(id, noon);
        const until = noon + minute;
        const takers = ['a', 'b', 'c'].map((owner) => store.heads.lease(id, owner, noon, until));
        expect((await Promise.all(takers)).filter(Boolean)).toHaveLength(1);
        const owner = (await store.heads.read(id))?.lease?.owner ?? '';
        expect(await store.heads.lease(id, 'z', until - 1, until)).toBe(false);
        expect(await store.heads.lease(id, owner, noon + 1, until)).toBe(true);
        expect(await store.heads.lease(id, 'z', until, until + minute)).toBe(true);
      });

      test('keep their lease through a hint that does not speak of it', async () => {
        const id = newRollout();
        await store.heads.wake(id, noon);
        await store.heads.lease(id, 'a', noon, noon + minute);
        await store.heads.hint(id, { wakes: 1, sequence: 1, dueAt: noon + hour });
        expect((await store.heads.read(id))?.lease).toEqual({ owner: 'a', until: noon + minute });
      });
    });

    test('gives a named lease to one owner, who alone can release it', async () => {
      const { leases } = store;
      expect(await leases.take('digest', 'a', noon, noon + minute)).toBe(true);
      expect(await leases.take('digest', 'b', noon, noon + minute)).toBe(false);
      expect(await leases.take('digest', 'a', noon, noon + hour)).toBe(true);
      await leases.release('digest', 'b');
      expect(await leases.take('digest', 'b', noon, noon + minute)).toBe(false);
      await leases.release('digest', 'a');
      expect(await leases.take('digest', 'b', noon, noon + minute)).toBe(true);
      expect(await leases.take('digest', 'a', noon + minute, noon + hour)).toBe(true);
    });

    describe('keeps an inbox that', () => {
      const entry = (key: string, at = noon) => ({
        key,
        receivedAt: at,
        command: { do: key, odd: [''] },
      });

      test('takes a delivery once, also when it comes five times at once', async () => {
        const deliveries = Array.from({ length: 5 }, () => store.inbox.take(entry('once')));
        expect((await Promise.all(deliveries)).filter(Boolean)).toHaveLength(1);
      });

      test('gives what is pending, oldest first, until it is done', async () => {
        await store.inbox.take(entry('inbox:c', noon + 2));
        await store.inbox.take(entry('inbox:a#1', noon + 3));
        await store.inbox.take(entry('inbox:b', noon + 1));
        const ours = async () =>
          (await store.inbox.pending()).filter(({ key }) => key.startsWith('inbox:'));
        expect(await ours()).toEqual([
          entry('inbox:b', noon + 1),
          entry('inbox:c', noon + 2),
          entry('inbox:a#1', noon + 3),
        ]);
        await store.inbox.done('inbox:c', noon + minute);
        expect((await ours()).map(({ key }) => key)).toEqual(['inbox:b', 'inbox:a#1']);
      });

      test('knows a late duplicate of what is done', async () => {
        await store.inbox.take(entry('late'));
        await store.inbox.done('late', noon);
        expect(await store.inbox.take(entry('late'))).toBe(false);
      });

      test('still takes what was called done before it came', async () => {
        await store.inbox.done('never-taken', noon);
        expect(await store.inbox.take(entry('never-taken'))).toBe(true);
      });
    });

    describe('keeps slots of messages that', () => {
      const card = { name: 'card', channel: 'C1', claimedAt: noon };

      test('are claimed by one, then posted, then listed', async () => {
        const id = newRollout();
        const claims = [1, 2, 3].map(() => store.slots.claim(id, card, noon));
        expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
        await store.slots.posted(id, 'card', '17.1', 'hash');
        await store.slots.claim(id, { name: 'live', channel: 'C1', claimedAt: noon }, noon);
        expect(await store.slots.list(id)).toEqual([
          { ...card, ts: '17.1', rendered: 'hash' },
          { name: 'live', channel: 'C1', claimedAt: noon },
        ]);
        expect(await store.slots.list(newRollout())).toEqual([]);
      });

      test('are taken over only when they were never posted and the claim is stale', async () => {
        const id = newRollout();
        await store.slots.claim(id, card, noon);
        const again = { ...card, claimedAt: noon + minute };
        expect(await store.slots.claim(id, again, noon)).toBe(false);
        expect(await store.slots.claim(id, again, noon + 1)).toBe(true);
        await store.slots.posted(id, 'card', '17.1');
        expect(await store.slots.claim(id, again, noon + day)).toBe(false);
      });

      test('lose their hash when they are posted without one', async () => {
        const id = newRollout();
        await store.slots.claim(id, card, noon);
        await store.slots.posted(id, 'card', '17.1', 'hash');
        await store.slots.posted(id, 'card', '17.2');
        expect(await store.slots.list(id)).toEqual([{ ...card, ts: '17.2' }]);
      });

      test('can be forgotten and claimed anew', async () => {
        const id = newRollout();
        await store.slots.claim(id, card, noon);
        await store.slots.posted(id, 'card', '17.1');
        await store.slots.forget(id, 'card');
        expect(await store.slots.list(id)).toEqual([]);
        expect(await store.slots.claim(id, card, noon)).toBe(true);
      });

      test('cannot be posted without a claim', async () => {
        const posted = store.slots.posted(newRollout(), 'card', '17.1');
        await expect(posted).rejects.toThrow(/never claimed/);
      });
    });

    describe('keeps changes that', () => {
      test('come back as they were put, also twice', async () => {
        const manifest = { v: 1, pins: [{ path: 'a.yaml', to: 'ami-1' }], text: 'é' };
        const digest = Digest.parse(digestOf(manifest));
        expect(await store.changes.get(digest)).toBeUndefined();
        await store.changes.put(digest, manifest);
        await store.changes.put(digest, manifest);
        expect(await store.changes.get(digest)).toEqual(manifest);
      });

      test('may not be what their digest says', async () => {
        const put = store.changes.put(Digest.parse('a'.repeat(64)), { v: 1 });
        await expect(put).rejects.toThrow(/to be stored as change a+/);
      });
    });

    describe('keeps small values that', () => {
      test('are read many at a time, the unknown ones left out', async () => {
        const keys = Array.from({ length: 130 }, (_, n) => `many/${n}`);
        await Promise.all(keys.map((key, n) => store.memory.put(key, { n })));
        const found = await store.memory.get([...keys, 'nobody', 'many/1']);
        expect(found.size).toBe(130);
        expect(found.get('many/129')).toEqual({ n: 129 });
      });

      test('can be anything that JSON can say, and be replaced', async () => {
        await store.memory.put('odd', null);
        expect((await store.memory.get(['odd', 'odd'])).get('odd')).toBeNull();
        await store.memory.put('odd', [1e300, '', { a: [] }]);
        expect((await store.memory.get(['odd'])).get('odd')).toEqual([1e300, '', { a: [] }]);
        expect((await store.memory.get([])).size).toBe(0);
      });

      test('are gone once their time is over', async () => {
        await store.memory.put('short', 1, 10 * second);
        setting.advance(9 * second);
        expect((await store.memory.get(['short'])).has('short')).toBe(true);
        setting.advance(2 * second);
        expect((await store.memory.get(['short'])).has('short')).toBe(false);
      });

      test('are refused by name when they are too large', async () => {
        const put = store.memory.put('huge', 'x'.repeat(410_000));
        await expect(put).rejects.toThrow(/value huge: .*409600 bytes/);
      });
    });
  });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
