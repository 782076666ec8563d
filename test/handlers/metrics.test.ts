import fastify from 'fastify';
import { expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import { registerMetrics } from '../../handlers/metrics/register-metrics.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import { detect } from '../../src/workflow/detect.ts';
import { createSightings } from '../../src/workflow/sightings.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from '../workflow/drive.ts';

test('each active wave says when its clusters were last seen', async () => {
  const { world, clock, sync, unreachable } = memoryWorld();
  const server = fastify();
  registerMetrics(server, { world } as Parameters<typeof registerMetrics>[1]);
  const metrics = async () => (await server.inject('/metrics')).body;
  const { rollout: id } = await detect(world);
  if (id === undefined) throw new Error('nothing was opened');
  expect(await metrics()).toContain('amiable_active_waves 0\n');
  await lookOnce(world, id);
  for (const by of [ann, bo]) {
    const request = { rollout: id, kind: 'approve', environment: 'staging', ask: 1, by };
    await carryOut(world, request as PersonRequest, `click-${by}`);
  }
  for (let i = 0; i < 6; i += 1) {
    clock.advance(60_000);
    await lookOnce(world, id);
    if (i === 4) sync('stg');
  }
  expect(await metrics()).toContain('amiable_active_waves 1\n');
  const seenAt = clock.now();
  const line = (at: number) =>
    `amiable_wave_observed_timestamp_seconds{rollout="${id}",environment="staging",wave="wave-1",cluster="stg"} ${at / 1000}\n`;
  expect(await metrics()).toContain(line(seenAt));
  unreachable.add('stg');
  for (let i = 0; i < 12; i += 1) {
    clock.advance(60_000);
    await lookOnce(world, id);
  }
  // it grows old, which is what an alert is set on
  expect(await metrics()).toContain(line(seenAt));
  // of a process that has just begun it is as old as can be
  const young = fastify();
  const fresh = { ...world, sightings: createSightings() };
  registerMetrics(young, { world: fresh } as Parameters<typeof registerMetrics>[1]);
  expect((await young.inject('/metrics')).body).toContain(line(0));
  await young.close();
  await server.close();
});
