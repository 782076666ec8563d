import { beforeEach, expect, test } from 'vitest';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { answerTo } from '../../handlers/answers.ts';
import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import type { RolloutId, SlackUserId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import type { World } from '../../src/workflow/world.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce, standing } from '../workflow/drive.ts';

const reason = 'kernel hang in payments';
let fleet: ReturnType<typeof memoryWorld>;
let world: World;
let id: RolloutId;
let clicks = 0;

/** Ann may stop staging, and only Bo may stop production. */
beforeEach(async () => {
  fleet = memoryWorld();
  const { policies } = fleet.world.fleet;
  world = {
    ...fleet.world,
    fleet: {
      ...fleet.world.fleet,
      policies: policies.map((policy) => ({
        ...policy,
        soakMs: 0,
        recovery: { users: policy.name === 'staging' ? [ann, bo] : [bo], groups: [], count: 1 },
      })),
    },
  };
  const found = await detect(world);
  if (found.rollout === undefined) throw new Error('nothing was opened');
  id = found.rollout;
  await lookOnce(world, id);
});

async function ask(by: SlackUserId, request: object) {
  clicks += 1;
  const asked = { rollout: id, by, ...request } as PersonRequest;
  const outcome = await carryOut(world, asked, `click-${clicks}`);
  const said = await answerTo(
    world,
    { request: asked, replyTo: { channel: 'C0', user: by } },
    outcome,
  );
  return { ...outcome, said: said?.text };
}

async function settle(minutes = 8): Promise<Rollout> {
  for (let i = 0; i < minutes; i += 1) {
    await lookOnce(world, id);
    fleet.clock.advance(minute);
  }
  return lookOnce(world, id);
}

/** Both approve, and the nodes of some clusters turn. */
async function moved(environment: string, clusters: readonly string[]): Promise<Rollout> {
  for (const by of [ann, bo]) await ask(by, { kind: 'approve', environment, ask: 1 });
  await settle();
  for (const cluster of clusters) {
    fleet.sync(cluster);
    fleet.replace(cluster);
    await settle();
  }
  return settle();
}

const verbs = (rollout: Rollout): string[] => {
  const { blocks } = rolloutCard({ rollout, names: new Map(), troubles: [], waits: [] });
  return blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('action_id' in element ? (element.action_id ?? '') : ''))
      : [],
  );
};

test('who may stop one environment takes back no other', async () => {
  await moved('staging', ['stg']);
  await moved('production', ['prod-a']);
  const all = await ask(ann, { kind: 'roll-back', reason });
  expect(all.refusal).toEqual({ code: 'not-allowed-to-stop', environment: 'production' });
  expect(all.said).toContain("You can't stop or roll back *production*.");
  const one = await ask(ann, { kind: 'roll-back', reason, clusters: ['prod-a'] });
  expect(one.refusal?.code).toBe('not-allowed-to-stop');
  expect(fleet.git.pulls).toHaveLength(3);
  const own = await ask(ann, { kind: 'roll-back', reason, clusters: ['stg'] });
  expect(own.refusal).toBeUndefined();
  expect(standing(await settle())[0]).toBe('staging rolling [complete] back syncing');
});

test('nor who may stop only an environment in which nothing moved yet', async () => {
  await moved('staging', ['stg']);
  const { policies } = world.fleet;
  world = {
    ...world,
    fleet: {
      ...world.fleet,
      policies: policies.map((policy) => ({
        ...policy,
        recovery: { users: policy.name === 'staging' ? [bo] : [ann], groups: [], count: 1 },
      })),
    },
  };
  const { refusal } = await ask(ann, { kind: 'roll-back', reason });
  expect(refusal).toEqual({ code: 'not-allowed-to-stop', environment: 'staging' });
});

test('what moved before a rollout was rejected can be taken back from its card', async () => {
  await moved('staging', ['stg']);
  await ask(bo, { kind: 'reject', environment: 'production', ask: 1, reason });
  const rejected = await settle();
  expect(rejected.outcome?.name).toBe('rejected');
  expect(verbs(rejected)).toContain('rollout:rollback');
  await ask(bo, { kind: 'roll-back', reason });
  await settle();
  fleet.sync('stg');
  fleet.replace('stg');
  const back = await settle(20);
  expect(back.outcome?.name).toBe('rolled-back');
  // Nothing is left that could go back.
  expect(verbs(back)).toEqual(['rollout:details']);
});

test('a card of a rollout that moved nothing offers no way back', async () => {
  await ask(bo, { kind: 'reject', environment: 'staging', ask: 1, reason });
  expect(verbs(await settle())).toEqual(['rollout:details']);
});

test('a card names what went back and what stays, and the tick beside it is told', async () => {
  await moved('staging', ['stg']);
  await moved('production', ['prod-a']);
  const back = await ask(bo, { kind: 'roll-back', reason, clusters: ['prod-a'], markBad: true });
  expect(back.said).toContain('al2023@v20261118 for prod-a is marked bad');
  await settle();
  fleet.sync('prod-a');
  fleet.replace('prod-a');
  const still = rolloutCard({ rollout: await settle(), names: new Map(), troubles: [], waits: [] });
  expect(JSON.stringify(still)).toContain('rolled back in prod-a, not in prod-b');
  fleet.sync('prod-b');
  fleet.replace('prod-b');
  await settle();
  const rollout = await settle();
  const { blocks } = rolloutCard({ rollout, names: new Map(), troubles: [], waits: [] });
  const card = JSON.stringify(blocks);
  expect(card).toContain('nodes of prod-a back on al2023@v20261021');
  expect(card).toContain('Not taken back: stg, prod-b, on al2023@v20261118.');
  expect(card).not.toContain('of 3 clusters');
});
