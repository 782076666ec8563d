import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { compareReleases } from '../../src/images/releases.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { RolloutId } from '../../src/shared/ids.ts';
import { globalStop } from '../../src/workflow/global-stop.ts';
import { unfitReleases } from '../../src/workflow/unfit-releases.ts';
import type { Handling } from '../handling.ts';
import { gateOf, type StopsAll } from './gate-of.ts';

/**
 * `GET /gates/{rollout}/{environment}`: lets another promotion tool wait for our decision. It only ever reads, and
 * without a configured token it is not there.
 */
export function registerGates(
  server: FastifyInstance,
  { world }: Pick<Handling, 'world'>,
  token: string | undefined,
): void {
  if (token === undefined) return;
  server.get<{ Params: { rollout: string; environment: string } }>(
    '/gates/:rollout/:environment',
    async ({ headers, params }, reply) => {
      if (!opens(token, headers.authorization)) {
        return reply
          .code(401)
          .header('www-authenticate', 'Bearer')
          .send({ error: 'The token is missing or wrong.' });
      }
      const id = RolloutId.safeParse(params.rollout);
      // Read anew: another replica may have decided since.
      const { rollout } = id.success
        ? await world.journal.refresh(id.data)
        : { rollout: undefined };
      const gate =
        rollout === undefined
          ? undefined
          : gateOf(rollout, params.environment, await stopsAll(world, rollout));
      return gate === undefined
        ? reply.code(404).send({ error: 'There is no such rollout or environment.' })
        : reply.header('cache-control', 'no-store').send(gate);
    },
  );
}

async function stopsAll(world: Handling['world'], { release }: Rollout): Promise<StopsAll> {
  const frozen = (await globalStop(world)) !== undefined;
  const unfit = (await unfitReleases(world)).find(
    (one) => compareReleases(one.release, release) === 0,
  );
  return unfit === undefined ? { frozen } : { frozen, unfit: unfit.because };
}

/** Hashes are compared, so that neither length nor content of the token shows in the time it takes. */
function opens(token: string, authorization: string | undefined): boolean {
  const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return false;
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(token), hash(given));
}
