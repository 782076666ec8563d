import type { Offer } from '../images/offer.ts';
import { whyPassedOver } from '../images/passed-over.ts';
import { compareReleases, trainOf } from '../images/releases.ts';
import type { ReleaseId, RepositoryName } from '../shared/ids.ts';
import type { Detection, TrainDetection } from './detect.ts';
import type { Fleet } from './fleet.ts';
import { whyNotOffered } from './pin-problems.ts';
import type { PlacedPins } from './placed-pins.ts';
import type { Watched, WatchedPin } from './watched-pins.ts';

/** Why a pin is or is not offered a release. */
export type PinVerdict = {
  readonly repository: RepositoryName;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  readonly value: string;
  readonly environment: string;
  readonly clusters: readonly string[];
  /**
   * `waits`: a newer release exists, but is not offered yet or at all; `not-moved`: a kind or family that is only
   * reported; `unknown-id`, `left-alone`: what the pin means is not certain.
   */
  readonly verdict:
    | 'floating'
    | 'not-editable'
    | 'not-moved'
    | 'unknown-id'
    | 'left-alone'
    | 'up-to-date'
    | 'behind'
    | 'waits';
  /** A clause without a full stop. Quotes what Git says: escape it anywhere but in a terminal. */
  readonly reason: string;
  /** What the pin names now, where that is known. */
  readonly release?: ReleaseId;
};

/** One verdict a pin, in the order of the files. */
export function explainPins(
  { families }: Pick<Fleet, 'families'>,
  watched: Watched,
  { placed, leftAlone }: PlacedPins,
  { trains }: Pick<Detection, 'trains'>,
): readonly PinVerdict[] {
  const alone = new Map(leftAlone.map(({ at, reason }) => [at, reason]));
  const known = new Map(placed.map((one) => [one.at, one.release]));
  return watched.pins.map((at) => {
    const { repository, path, environment, clusters, pin } = at;
    const release = alone.has(at) ? undefined : known.get(at);
    return {
      repository,
      path,
      line: pin.line,
      value: pin.value,
      environment,
      clusters,
      ...(release === undefined
        ? notOffered(at, alone.get(at))
        : { ...verdictOn(families, release, trains), release }),
    };
  });
}

type Verdict = Pick<PinVerdict, 'verdict' | 'reason'>;

function notOffered({ pin }: WatchedPin, alone: string | undefined): Verdict {
  if (pin.floating === true) {
    return { verdict: 'floating', reason: 'it follows every publication by itself' };
  }
  if (!pin.editable) return { verdict: 'not-editable', reason: pin.reason ?? 'no reason is known' };
  if (alone !== undefined) {
    return { verdict: pin.kind === 'id' ? 'unknown-id' : 'left-alone', reason: alone };
  }
  return { verdict: 'not-moved', reason: `pins by ${pin.kind} are reported only` };
}

function verdictOn(
  families: Fleet['families'],
  release: ReleaseId,
  trains: Detection['trains'],
): Verdict {
  const why = whyNotOffered(families, release);
  if (why !== undefined) return { verdict: 'not-moved', reason: why };
  const train = trains.find((one) => one.train === trainOf(release));
  return train === undefined
    ? { verdict: 'up-to-date', reason: 'nothing newer is published' }
    : offered(release, train);
}

function offered(release: ReleaseId, { offer, opened, rollout, waits }: TrainDetection): Verdict {
  if (offer.kind === 'offer' && compareReleases(release, offer.release) < 0) {
    const how = opened ? `rollout ${rollout} is open` : (waits ?? `offered already as ${rollout}`);
    const verdict = waits === undefined ? 'behind' : 'waits';
    return { verdict, reason: `${offer.release}: ${how}` };
  }
  if (offer.kind === 'none' && offer.reason === 'not-checked') {
    return { verdict: 'waits', reason: `not checked: ${waits ?? 'nobody answered'}` };
  }
  const newer = newestAfter(release, offer);
  if (newer === undefined) return { verdict: 'up-to-date', reason: 'nothing newer is published' };
  return { verdict: 'waits', reason: `${newer.release}: ${whyPassedOver(newer)}` };
}

/** Candidates stand newest first. */
function newestAfter(release: ReleaseId, { passedOver }: Offer) {
  return passedOver.find((one) => compareReleases(release, one.release) < 0);
}
