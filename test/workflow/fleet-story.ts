import { carryOut } from '../../handlers/carry-out.ts';
import type { PersonRequest } from '../../handlers/person-request.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import type { SlackUserId } from '../../src/shared/ids.ts';
import { minute } from '../../src/shared/time.ts';
import { detect } from '../../src/workflow/detect.ts';
import type { GitModel } from '../fakes/git-model.ts';
import { memoryWorld, type worldAround } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';

/** A fleet in memory with a rollout that asks for staging, and what people do with it. */
export function fleetStory(fleet = memoryWorld()) {
  return storyOf(fleet);
}

/** The same around any model of GitHub. */
export async function storyOf<Git extends GitModel>(fleet: ReturnType<typeof worldAround<Git>>) {
  const { world } = fleet;
  const { rollout: id } = await detect(world);
  if (id === undefined) throw new Error('nothing was opened');
  await lookOnce(world, id);
  let clicks = 0;
  const ask = (request: object) => {
    clicks += 1;
    return carryOut(world, { rollout: id, ...request } as PersonRequest, `click-${clicks}`);
  };
  const approve = (by: SlackUserId, environment = 'staging', number = 1) =>
    ask({ kind: 'approve', environment, ask: number, by });
  return {
    ...fleet,
    id,
    ask,
    approve,
    async approved(environment = 'staging', number = 1): Promise<void> {
      for (const by of [ann, bo]) await approve(by, environment, number);
    },
    /** Looks again and again, a minute apart. */
    async settle(minutes = 5): Promise<Rollout> {
      for (let i = 0; i < minutes; i += 1) {
        await lookOnce(world, id);
        fleet.clock.advance(minute);
      }
      return lookOnce(world, id);
    },
    /** What stands in the way, as the card says it. */
    troubles: () => [...world.sightings(id).troubles.values()].map(({ what }) => what),
  };
}
