import { beforeEach, expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import type { RolloutId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import { createJournal } from '../../src/workflow/journal.ts';
import { createSightings } from '../../src/workflow/sightings.ts';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

let fleet: ReturnType<typeof memoryWorld>;
let world: World;
let id: RolloutId;
let patched: string[];

beforeEach(async () => {
  patched = [];
  fleet = memoryWorld({
    observe: (point, name) => {
      if (point === 'before' && name.endsWith('-nodes')) patched.push(name);
    },
  });
  world = fleet.world;
  const found = await detect(world);
  if (found.rollout === undefined) throw new Error('nothing was opened');
  id = found.rollout;
  await lookOnce(world, id);
  for (const by of [ann, bo])
    await ask({ kind: 'approve', environment: 'staging', ask: 1, by } as PersonRequest);
  for (let i = 0; i < 5; i += 1) await look();
  fleet.sync('stg');
  await look();
});

let asks = 0;
function ask(request: unknown) {
  asks += 1;
  return carryOut(world, { rollout: id, ...(request as object) } as PersonRequest, `click-${asks}`);
}

async function look() {
  fleet.clock.advance(minute);
  return lookOnce(world, id);
}

const marked = () => [...(fleet.marks.get('stg') ?? [])];

test('old nodes are held, new ones are not, and a node that is chosen already is counted', async () => {
  fleet.replace('stg', 1);
  const nodes = fleet.running.get('stg') ?? [];
  fleet.running.set(
    'stg',
    nodes.map((node, i) => (i === 1 ? { ...node, disrupting: true } : node)),
  );
  await ask({ kind: 'brake', by: ann, reason: 'kernel hang' });
  const rollout = await look();
  expect(marked()).toEqual([['stg-2', id]]);
  expect(rollout.brake?.observed).toEqual({ stg: { held: 1, moving: 1 } });
  expect(rollout.paused?.reason).toBe('kernel hang');
});

test('what is held already costs no request, and marks that were taken away come back', async () => {
  await ask({ kind: 'brake', by: ann });
  await look();
  await look();
  expect(patched).toEqual(['hold-nodes']);
  fleet.marks.clear();
  for (let i = 0; i < 5; i += 1) await look();
  expect(marked()).toHaveLength(3);
});

test('resuming lets all of them go, also after the process that held them is gone', async () => {
  await ask({ kind: 'brake', by: ann });
  await look();
  expect(marked()).toHaveLength(3);
  world = { ...world, journal: createJournal(fleet.store.rollouts), sightings: createSightings() };
  await ask({ kind: 'resume', by: ann });
  const rollout = await look();
  expect(marked()).toEqual([]);
  expect(rollout.brake).toBeUndefined();
});

test('a cluster that is away is let go when it answers again', async () => {
  await ask({ kind: 'brake', by: ann });
  await look();
  fleet.unreachable.add('stg');
  await ask({ kind: 'resume', by: ann });
  expect((await look()).brake?.releasing).toBe(true);
  fleet.unreachable.clear();
  expect((await look()).brake).toBeUndefined();
  expect(marked()).toEqual([]);
});

test('a cluster that forbids it is named with its words, and tried again', async () => {
  fleet.forbidding.set('stg', 'nodes "stg-0" is forbidden: User "amiable" cannot patch');
  await ask({ kind: 'brake', by: ann });
  expect((await look()).brake?.observed['stg']).toMatchObject({
    held: 0,
    refused: expect.stringContaining('is forbidden'),
  });
  fleet.forbidding.clear();
  expect((await look()).brake?.observed['stg']).toEqual({ held: 3, moving: 0 });
});

test('a rollback lets go once the cluster says the earlier image again', async () => {
  fleet.replace('stg', 1);
  await look();
  await ask({ kind: 'brake', by: ann });
  await look();
  await ask({ kind: 'roll-back', by: ann, reason: 'the kernel hangs' });
  for (let i = 0; i < 4; i += 1) await look();
  expect(marked()).toHaveLength(2);
  fleet.sync('stg');
  for (let i = 0; i < 3; i += 1) await look();
  expect(marked()).toEqual([]);
});
