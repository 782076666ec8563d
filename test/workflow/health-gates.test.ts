import { expect, test } from 'vitest';
import { healthThresholds } from '../../src/compose/gates.ts';
import { minute } from '../../src/shared/time.ts';
import { defaultThresholds } from '../../src/tracking/health.ts';
import { clusterHealth } from '../../src/workflow/cluster-health.ts';
import type { GateReading } from '../../src/workflow/ports/gates.ts';
import { configOf, minimal } from '../config/minimal-config.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { id } from '../rollout/story.ts';
import { claim, wanted } from '../tracking/node-claims.ts';

const about = { environment: 'staging', cluster: 'stg', wanted, argocd: undefined };

test('alarms are asked once a minute from the first new node on, and halt like any other check', async () => {
  const { world, clock } = memoryWorld();
  let reading: GateReading = { name: 'errors', verdict: 'well', evidence: 'nothing' };
  let asked = 0;
  const gates = async () => {
    asked += 1;
    return [reading];
  };
  const look = (imageId: string) =>
    clusterHealth({ ...world, gates }, id, { ...about, claims: [claim({ imageId })] });
  await look('ami-old');
  expect(asked).toBe(0);
  expect((await look('ami-new')).text).toContain('the alarm errors. Not checked');
  await look('ami-new');
  expect(asked).toBe(1);
  reading = { name: 'errors', verdict: 'breached', evidence: 'the alarm says 17 (PromQL)' };
  clock.advance(minute);
  expect((await look('ami-new')).breaches).toEqual([
    { cluster: 'stg', check: 'alarm errors', evidence: 'errors: the alarm says 17 (PromQL)' },
  ]);
  for (const verdict of ['not-checked', 'no-data'] as const) {
    reading = { ...reading, verdict };
    clock.advance(minute);
    const { breaches, text } = await look('ami-new');
    expect(breaches).toEqual([]);
    expect(text).toMatch(
      /Not checked: .*the alarm errors, extended resources that a node loses later\.$/,
    );
  }
});

test('an environment has its own thresholds', async () => {
  const { world } = memoryWorld({
    fleet: { health: new Map([['staging', { ...defaultThresholds, notReadyNodes: 1 }]]) },
  });
  const claims = [claim({ ready: false })];
  expect((await clusterHealth(world, id, { ...about, claims })).breaches).toMatchObject([
    { check: 'new-nodes' },
  ]);
  const other = { ...about, environment: 'production', claims };
  expect((await clusterHealth(world, id, other)).breaches).toEqual([]);
});

test('what the configuration does not say of health is as by default', () => {
  const [environment] = [...healthThresholds(configOf(minimal)).values()];
  expect(environment).toEqual(defaultThresholds);
});
