import { afterEach, describe, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts';
import { createStore } from '../../src/adapters/dynamodb/create-store.ts';
import { openEmbedded } from '../../src/adapters/dynamodb/embedded.ts';
import { RolloutEvent } from '../../src/rollout/events.ts';
import { isDecision } from '../../src/rollout/is-decision.ts';
import type { RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { createAnchoring } from '../../src/workflow/anchor.ts';
import { detect } from '../../src/workflow/detect.ts';
import { createJournal } from '../../src/workflow/journal.ts';
import { createSightings } from '../../src/workflow/sightings.ts';
import { verifyRecord } from '../../src/workflow/verify-record.ts';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

// Several replicas in one process: each has its own journal and store client; the table and GitHub are one.

describe.each([2, 5])('%i replicas on one table', (count) => {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });

  /** A table is one fleet's, so each test has its own. */
  async function fleetOfReplicas() {
    const fleet = memoryWorld();
    const embedded = await openEmbedded();
    opened.push(() => embedded.close());
    const replicas = Array.from({ length: count }, (): World => {
      const client = createDynamoClient(embedded);
      opened.unshift(async () => client.destroy());
      const store = createStore({
        client,
        table: embedded.table,
        clock: fleet.clock,
        emulated: true,
        parseEvent: (json) => RolloutEvent.parse(json),
        isDecision,
      });
      const journal = createJournal(store.rollouts);
      // What one has seen with its own eyes is nothing to the others.
      return { ...fleet.world, store, journal, sightings: createSightings() };
    });
    const [first] = replicas;
    if (first === undefined) throw new Error('no replica');
    const all = <T>(act: (world: World) => Promise<T>) => Promise.all(replicas.map(act));
    return { ...fleet, replicas, first, all };
  }
  const events = async (world: World, id: RolloutId) =>
    (await world.journal.refresh(id)).commits.flatMap((commit) => commit.events);
  const typesOf = async (world: World, id: RolloutId) =>
    (await events(world, id)).map(({ type }) => type);
  const times = (types: readonly string[], type: string) =>
    types.filter((one) => one === type).length;
  let clicks = 0;
  const ask = (world: World, id: RolloutId, request: object) => {
    clicks += 1;
    const cause = `click-${count}-${clicks}`;
    return carryOut(world, { rollout: id, ...request } as PersonRequest, cause);
  };
  const approve = (world: World, id: RolloutId, by: SlackUserId) =>
    ask(world, id, { kind: 'approve', environment: 'staging', ask: 1, by });

  test('that find the same release at once open one rollout', async () => {
    const { all, first } = await fleetOfReplicas();
    const found = await all((world) => detect(world));
    expect(new Set(found.map(({ rollout }) => rollout)).size).toBe(1);
    expect(found.filter(({ opened }) => opened)).toHaveLength(1);
    const [one] = found;
    const types = await typesOf(first, one?.rollout as RolloutId);
    expect(times(types, 'RolloutOpened')).toBe(1);
  }, 60_000);

  test('that get the two last approvals at the same instant start once, and both people hear the truth', async () => {
    const { all, first, replicas, git, clock } = await fleetOfReplicas();
    const { rollout: id } = await detect(first);
    if (id === undefined) throw new Error('nothing was opened');
    await lookOnce(first, id);
    const last = replicas.at(-1) ?? first;
    const answers = await Promise.all([approve(first, id, ann), approve(last, id, bo)]);
    expect(answers.map(({ refusal, stored }) => ({ refusal, stored }))).toEqual([
      { refusal: undefined, stored: true },
      { refusal: undefined, stored: true },
    ]);
    for (let round = 0; round < 4; round += 1) {
      await all((world) => lookOnce(world, id));
      clock.advance(2 * minute);
    }
    const types = await typesOf(first, id);
    expect(times(types, 'ApprovalGranted')).toBe(2);
    expect(times(types, 'MergeStarted')).toBe(1);
    expect(times(types, 'PullRequestMerged')).toBe(1);
    expect(git.pulls).toHaveLength(1);
    // A second call finds the head merged, and is refused by GitHub: what counts is that it merged once.
    expect(git.pulls.filter(({ merged }) => merged)).toHaveLength(1);
  }, 120_000);

  test('that get one click several times decide it once', async () => {
    const { all, first } = await fleetOfReplicas();
    const { rollout: id } = await detect(first);
    if (id === undefined) throw new Error('nothing was opened');
    await lookOnce(first, id);
    const request = { kind: 'approve', rollout: id, environment: 'staging', ask: 1, by: ann };
    await all((world) => carryOut(world, request as PersonRequest, 'same'));
    expect(times(await typesOf(first, id), 'ApprovalGranted')).toBe(1);
  }, 60_000);

  test('of which one hears a no while others merge: the no holds, or comes after the point of no return', async () => {
    const { all, first, replicas, git, clock } = await fleetOfReplicas();
    const { rollout: id } = await detect(first);
    if (id === undefined) throw new Error('nothing was opened');
    await lookOnce(first, id);
    for (const by of [ann, bo]) await approve(first, id, by);
    await all((world) => lookOnce(world, id));
    clock.advance(2 * minute);
    const last = replicas.at(-1) ?? first;
    const no = { kind: 'reject', environment: 'staging', ask: 1, by: bo, reason: 'kernel hang' };
    const [answer] = await Promise.all([
      ask(last, id, { ...no, reason: 'kernel hang in payments' }),
      all((world) => lookOnce(world, id)),
    ]);
    const types = await typesOf(first, id);
    if (answer.refusal === undefined) {
      expect(types).toContain('EnvironmentRejected');
      expect(types).not.toContain('PullRequestMerged');
      expect(git.pulls.some(({ merged }) => merged)).toBe(false);
    } else {
      expect(['merge-under-way', 'already-decided']).toContain(answer.refusal.code);
      expect(types).toContain('MergeStarted');
      expect(types).not.toContain('EnvironmentRejected');
    }
  }, 120_000);

  test('leave a record in which each follows from the one before, and anchor it once a day', async () => {
    const { first, all, clock } = await fleetOfReplicas();
    const records = first.store as unknown as Parameters<typeof verifyRecord>[0];
    const made = await all((world) =>
      createAnchoring({
        records: world.store as unknown as Parameters<typeof createAnchoring>[0]['records'],
        clock,
        log: world.log,
      }).run(),
    );
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(await verifyRecord(records, { now: clock.now() })).toMatchObject({ findings: [] });
  }, 120_000);
});
