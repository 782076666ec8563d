import { composeClusters } from '../compose/clusters.ts';
import { composeSlack } from '../compose/slack.ts';
import { composeStore } from '../compose/store.ts';
import { composeWorld } from '../compose/world.ts';
import type { Config } from '../config/config.ts';
import { whyPassedOver } from '../images/passed-over.ts';
import { systemClock } from '../shared/clock.ts';
import type { Detection } from '../workflow/detect.ts';
import { detect } from '../workflow/detect.ts';
import type { PinVerdict } from '../workflow/explain-pins.ts';
import { explainPins } from '../workflow/explain-pins.ts';
import { silentLog } from '../workflow/log.ts';
import { placedPins } from '../workflow/placed-pins.ts';
import type { World } from '../workflow/world.ts';
import type { Output } from './output.ts';

/**
 * Looks for a new release now, as the service does every quarter of an hour; the running service takes it from there.
 * `explain` adds a verdict for each pin.
 */
export async function check(
  config: Config,
  { out }: Output,
  { asJson, explain }: { readonly asJson: boolean; readonly explain: boolean },
): Promise<void> {
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
      nodes: clusters,
    });
    const found = await detect(world);
    const verdicts = explain ? await verdictsOf(world, found) : undefined;
    if (asJson) {
      const explained = verdicts === undefined ? {} : { explained: verdicts };
      out(JSON.stringify({ ...found, ...explained }, undefined, 2));
      return;
    }
    for (const one of verdicts ?? []) out(lineOf(one));
    for (const line of summaryOf(found)) out(line);
    for (const { repository, path, reason } of found.problems) {
      out(`${repository} ${path}: ${reason}`);
    }
  } finally {
    await clusters.close();
    await records.close();
  }
}

/** The branches did not move since, or this look is the truer one: nothing is read twice. */
async function verdictsOf(world: World, found: Detection): Promise<readonly PinVerdict[]> {
  const watched = await world.pins.read();
  return explainPins(world.fleet, watched, await placedPins(world, watched), found);
}

function lineOf({ repository, path, line, value, verdict, reason }: PinVerdict): string {
  return `${repository} ${path}:${line}  ${value}  ${verdict.replaceAll('-', ' ')}: ${reason}`;
}

/** A line for each train of releases; one in all where no pin names a release. */
function summaryOf({ trains, pins, recalled }: Detection): readonly string[] {
  const taken = recalled.map(({ release, detail }) => `${release} was taken back: ${detail}.`);
  if (trains.length === 0) return [`${pins} pins: nothing pinned.`, ...taken];
  const lines = trains.map(({ train, offer, opened, rollout, waits, behind }) => {
    const what = trains.length === 1 ? `${pins} pins` : `${pins} pins, of them ${train}`;
    if (offer.kind === 'none') {
      const [newest] = offer.passedOver;
      const why = newest === undefined ? '' : `, ${newest.release}: ${whyPassedOver(newest)}`;
      const silence = waits === undefined ? '' : `: ${waits}`;
      return `${what}: ${offer.reason.replaceAll('-', ' ')}${why}${silence}.`;
    }
    const how = opened ? `rollout ${rollout} is open` : (waits ?? `offered already as ${rollout}`);
    return `${what}, ${behind} behind ${offer.release}: ${how}.`;
  });
  return [...lines, ...taken];
}
