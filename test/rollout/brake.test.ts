import { expect, test } from 'vitest';
import { brakeOrders, clustersToBrake } from '../../src/rollout/brake.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { nextStep } from '../../src/rollout/next-step.ts';
import { recordedPace } from '../../src/rollout/recorded-pace.ts';
import { after, ann, asked, given, granted, noon, opened, rolledOut } from './story.ts';

const moving: readonly RolloutEvent[] = [
  opened,
  asked('staging'),
  granted('staging', ann),
  ...rolledOut('staging').slice(0, 5),
];
const brake = { type: 'Brake', by: ann, may: 'yes', reason: 'kernel hang', now: noon } as const;
const set: RolloutEvent = { type: 'BrakeSet', clusters: ['stg'], by: ann, at: noon };
const resumed: RolloutEvent = { type: 'RolloutResumed', by: ann, at: noon };
const halt = {
  type: 'Halt',
  environment: 'staging',
  wave: 'wave-1',
  checks: ['launches'],
  evidence: ['stg: replacements go away'],
  now: noon,
} as const;
const seen = { type: 'RecordBrake', cluster: 'stg', held: 3, moving: 1, now: noon } as const;

test('a brake pauses and holds the clusters whose nodes move, once', () => {
  const rollout = given(...moving)
    .when(brake)
    .decides('RolloutPaused', 'BrakeSet');
  expect(clustersToBrake(rollout)).toEqual(['stg']);
  expect(rollout.paused).toMatchObject({ by: ann, reason: 'kernel hang' });
  expect(brakeOrders(rollout)).toMatchObject([{ cluster: 'stg', hold: true }]);
  expect(nextStep(rollout, noon)).toEqual({ do: 'brake', cluster: 'stg' });
  given(...moving, set)
    .when({ ...halt, checks: ['workloads'] })
    .decides('RolloutHalted');
});

test('before nodes move there is nothing to brake, and not everybody may', () => {
  given(...moving.slice(0, 3))
    .when(brake)
    .refuses('nothing-to-brake');
  given(...moving)
    .when({ ...brake, may: 'no' })
    .refuses('not-allowed-to-stop');
});

test('a halt brakes too, also where somebody had paused', () => {
  given(...moving)
    .when(halt)
    .decides('RolloutHalted', 'BrakeSet');
  const paused: RolloutEvent = { type: 'RolloutPaused', by: ann, at: noon };
  given(...moving, paused)
    .when(halt)
    .decides('RolloutHalted', 'BrakeSet');
});

test('what came of it is told once, and again when it turns', () => {
  const held = given(...moving, set)
    .when(seen)
    .decides('BrakeObserved');
  expect(held.brake?.observed).toEqual({ stg: { held: 3, moving: 1 } });
  const observed: RolloutEvent = { ...seen, type: 'BrakeObserved', at: noon };
  given(...moving, set, observed)
    .when({ ...seen, held: 2 })
    .decides();
  given(...moving, set, observed)
    .when({ ...seen, held: 0, refused: 'nodes "a" is forbidden' })
    .decides('BrakeObserved');
});

test('resuming lets go, and it is over only when nothing carries our mark', () => {
  const rollout = given(...moving, set, resumed)
    .when({ type: 'RecordReleased', cluster: 'stg', nodes: 3, now: noon })
    .decides('BrakeReleased');
  expect(rollout.brake).toBeUndefined();
  given(...moving, set)
    .when({ type: 'RecordReleased', cluster: 'stg', nodes: 3, now: noon })
    .decides();
});

test('while old nodes are held, no progress is no stall', () => {
  const stuck = {
    type: 'RecordReplacement',
    environment: 'staging',
    wave: 'wave-1',
    replaced: 1,
    total: 3,
    blockers: [],
    movedAt: noon,
    now: noon + 24 * 3_600_000,
  } as const;
  given(...moving)
    .when(stuck)
    .decides('ReplacementObserved', 'ReplacementStalled');
  given(...moving, set)
    .when(stuck)
    .decides('ReplacementObserved');
});

test('on the way back it holds until the cluster says the earlier image again, and lets go at the end', () => {
  const back = after(...moving, set);
  const turned = {
    ...back,
    environments: back.environments.map((environment) => ({
      ...environment,
      recoveries: environment.waves.map((wave) => ({
        ...wave,
        name: 'rollback-1',
        phase: { name: 'syncing' as const, since: noon, synced: [] },
      })),
    })),
  };
  expect(brakeOrders(turned)).toMatchObject([{ hold: true }]);
  const there = {
    ...turned,
    environments: turned.environments.map((environment) => ({
      ...environment,
      recoveries: environment.recoveries.map((wave) => ({
        ...wave,
        phase: { name: 'replacing' as const, since: noon, replaced: 0, total: 3 },
      })),
    })),
  };
  expect(brakeOrders(there)).toMatchObject([{ hold: false }]);
  const over = { ...back, outcome: { name: 'closed' as const, at: noon } };
  expect(brakeOrders(over)).toMatchObject([{ hold: false }]);
  expect(nextStep(over, noon)).toEqual({ do: 'brake', cluster: 'stg' });
});

test('the pace of each wave is read from the record', () => {
  expect(recordedPace([...moving, ...rolledOut('staging').slice(5)])).toMatchObject([
    { environment: 'staging', back: false, mergeMs: expect.any(Number) },
  ]);
});
