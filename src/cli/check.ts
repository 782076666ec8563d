import { composeClusters } from '../compose/clusters.ts';
import { composeSlack } from '../compose/slack.ts';
import { composeStore } from '../compose/store.ts';
import { composeWorld } from '../compose/world.ts';
import type { Config } from '../config/config.ts';
import { systemClock } from '../shared/clock.ts';
import { detect } from '../workflow/detect.ts';
import { silentLog } from '../workflow/log.ts';
import type { Output } from './output.ts';

/** Looks for a new release now, as the service does every quarter of an hour; the running service takes it from there. */
export async function check(config: Config, { out }: Output, asJson: boolean): Promise<void> {
  const clock = systemClock;
  const log = silentLog;
  const records = await composeStore(config, { clock, log });
  const clusters = composeClusters(config, { clock, log });
  try {
    const slack = await composeSlack(config, { clock, log, onFatal() {} });
    const { messenger, people } = slack;
    const world = composeWorld(config, {
      clock,
      log,
      store: records.store,
      slack: messenger,
      people,
      clusters,
    });
    const found = await detect(world);
    if (asJson) {
      out(JSON.stringify(found, undefined, 2));
      return;
    }
    const { offer, opened, rollout, waits, pins, behind, problems } = found;
    if (offer.kind === 'none') out(`${pins} pins: ${offer.reason.replaceAll('-', ' ')}.`);
    else if (opened)
      out(`${pins} pins, ${behind} behind ${offer.release}: rollout ${rollout} is open.`);
    else
      out(
        `${pins} pins, ${behind} behind ${offer.release}: ${waits ?? `offered already as ${rollout}`}.`,
      );
    for (const { repository, path, reason } of problems) out(`${repository} ${path}: ${reason}`);
  } finally {
    await clusters.close();
    await records.close();
  }
}
