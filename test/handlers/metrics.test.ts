import fastify from 'fastify';
import { expect, test } from 'vitest';
import { carryOut } from '../../handlers/carry-out.ts';
import { registerMetrics } from '../../handlers/metrics/register-metrics.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import { detect } from '../../src/workflow/detect.ts';
import { memoryWorld } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from '../workflow/drive.ts';

test('each active wave says when its clusters were last seen', async () => {
  const { world, clock, sync } = memoryWorld();
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
  expect(await metrics()).toContain(
    `amiable_wave_observed_timestamp_seconds{rollout="${id}",environment="staging",wave="wave-1",cluster="stg"} ${clock.now() / 1000}`,
  );
  await server.close();
});
