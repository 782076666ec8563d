import type { FastifyInstance } from 'fastify';
import { environmentNamed, wavesOf } from '../../src/rollout/rollout.ts';
import { lookedAt } from '../../src/workflow/page-conditions.ts';
import type { Handling } from '../handling.ts';

const name = 'amiable_wave_observed_timestamp_seconds';

/**
 * `GET /metrics` in Prometheus' text format: when each cluster of each active wave was last seen. Who alerts on its age,
 * or on its absence while a rollout runs, hears of a service that is dead as well. It tells names, and no secrets.
 */
export function registerMetrics(server: FastifyInstance, { world }: Pick<Handling, 'world'>): void {
  server.get('/metrics', async (_, reply) => {
    const lines: string[] = [];
    const heads = await world.store.heads.open();
    for (const { rollout: id } of heads) {
      const { rollout } = await world.journal.known(id);
      if (rollout === undefined) continue;
      const seen = world.sightings(id).clusters;
      for (const { policy } of rollout.environments) {
        const environment = environmentNamed(rollout, policy.name);
        for (const wave of environment === undefined ? [] : wavesOf(environment)) {
          for (const cluster of lookedAt(wave)) {
            const labels = { rollout: id, environment: policy.name, wave: wave.name, cluster };
            // 0, and so as old as can be, for one that this replica has never seen
            lines.push(`${name}${labelsText(labels)} ${(seen.get(cluster)?.at ?? 0) / 1000}`);
          }
        }
      }
    }
    const head = [
      `# HELP ${name} When a cluster whose nodes are being replaced was last seen; 0: not by this replica.`,
      `# TYPE ${name} gauge`,
      '# HELP amiable_active_waves Clusters of waves that are being followed.',
      '# TYPE amiable_active_waves gauge',
      `amiable_active_waves ${lines.length}`,
    ];
    await reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(`${[...head, ...lines].join('\n')}\n`);
  });
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${quoted(value)}`);
  return `{${pairs.join(',')}}`;
}

/** As the text format asks for: backslash, quote and line end are escaped. */
function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
