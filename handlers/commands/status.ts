import type { Message } from '../../blocks/block-kit.ts';
import { stateOf } from '../../blocks/state.ts';
import { statusMessage } from '../../blocks/status.ts';
import { forecastErrors } from '../../src/rollout/forecast-error.ts';
import type { Rollout } from '../../src/rollout/rollout.ts';
import { globalStop } from '../../src/workflow/global-stop.ts';
import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import type { Handling } from '../handling.ts';

/** One rollout in detail, how well its ends were foretold included. */
export async function showRollout(handling: Handling, rollout: Rollout): Promise<Message> {
  const { world } = handling;
  const url = await handling.cardUrl(rollout.id);
  const link = url === undefined ? '' : ` <${encodeURI(url)}|Open the card>`;
  const shown = statusMessage([rollout], {
    cardUrls: new Map(url === undefined ? [] : [[rollout.id, url]]),
    clusters: clustersOf(handling),
    detailed: true,
    forecasts: forecastErrors(
      (await world.journal.known(rollout.id)).commits.flatMap(({ events }) => events),
    ),
  });
  return { ...shown, text: `${stateOf(rollout).word}: ${rollout.release}.${link}` };
}

/** All that is open, in one line each. */
export async function status(handling: Handling): Promise<Message> {
  const { world, cardUrl } = handling;
  const rollouts = await openRollouts(world);
  const urls = await Promise.all(rollouts.map(async ({ id }) => [id, await cardUrl(id)] as const));
  const frozen = await globalStop(world);
  return statusMessage(rollouts, {
    clusters: clustersOf(handling),
    cardUrls: new Map(urls.flatMap(([id, url]) => (url === undefined ? [] : [[id, url] as const]))),
    ...(frozen === undefined ? {} : { frozen }),
  });
}

/** What this process last saw; a replica that does not follow the rollout has nothing to add. */
function clustersOf({ world }: Handling) {
  return (id: Rollout['id']) => [...world.sightings(id).clusters.values()];
}
