import { parseAlias } from '../images/alias.ts';
import type { Offer, PassedOver } from '../images/offer.ts';
import { compareReleases } from '../images/releases.ts';
import type { ReleaseId, RepositoryName } from '../shared/ids.ts';
import type { Detection } from './detect.ts';
import type { Placed } from './plan-change.ts';
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
   * `waits`: a newer release exists, but is not offered yet or at all; `not-moved`: a kind or family that this version
   * only reports.
   */
  readonly verdict:
    | 'floating'
    | 'not-editable'
    | 'not-moved'
    | 'unknown-id'
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
  watched: Watched,
  {
    placed,
    unmapped,
  }: { readonly placed: readonly Placed[]; readonly unmapped: readonly WatchedPin[] },
  detection: Pick<Detection, 'offer' | 'opened' | 'rollout' | 'waits'>,
): readonly PinVerdict[] {
  const unknown = new Set(unmapped);
  const known = new Map(placed.map((one) => [one.at, one.release]));
  return watched.pins.map((at) => {
    const { repository, path, environment, clusters, pin } = at;
    const release = known.get(at);
    return {
      repository,
      path,
      line: pin.line,
      value: pin.value,
      environment,
      clusters,
      ...(release === undefined
        ? notOffered(at, unknown.has(at))
        : { ...offered(release, detection), release }),
    };
  });
}

type Verdict = Pick<PinVerdict, 'verdict' | 'reason'>;

function notOffered({ pin }: WatchedPin, isUnmapped: boolean): Verdict {
  if (pin.floating === true) {
    return { verdict: 'floating', reason: 'it follows every publication by itself' };
  }
  if (!pin.editable) return { verdict: 'not-editable', reason: pin.reason ?? 'no reason is known' };
  if (isUnmapped) {
    return { verdict: 'unknown-id', reason: 'EC2 does not show it as an AL2023 image for EKS' };
  }
  if (pin.kind !== 'alias') {
    return { verdict: 'not-moved', reason: `pins by ${pin.kind} are reported only` };
  }
  const alias = parseAlias(pin.value);
  return {
    verdict: 'not-moved',
    reason:
      alias.kind === 'invalid' ? alias.reason : `releases of ${alias.family} are reported only`,
  };
}

function offered(
  release: ReleaseId,
  { offer, opened, rollout, waits }: Pick<Detection, 'offer' | 'opened' | 'rollout' | 'waits'>,
): Verdict {
  if (offer.kind === 'offer' && compareReleases(release, offer.release) < 0) {
    const how = opened ? `rollout ${rollout} is open` : (waits ?? `offered already as ${rollout}`);
    const verdict = waits === undefined ? 'behind' : 'waits';
    return { verdict, reason: `${offer.release}: ${how}` };
  }
  const newer = newestAfter(release, offer);
  if (newer === undefined) return { verdict: 'up-to-date', reason: 'nothing newer is published' };
  return { verdict: 'waits', reason: `${newer.release}: ${whyPassedOver(newer)}` };
}

/** Candidates stand newest first. */
function newestAfter(release: ReleaseId, { passedOver }: Offer) {
  return passedOver.find((one) => compareReleases(release, one.release) < 0);
}

/** Why a release that is newer than a pin is not offered, as a clause. */
function whyPassedOver(passed: PassedOver): string {
  switch (passed.because) {
    case 'recalled':
      return `withdrawn, ${passed.reason}`;
    case 'denied':
      return `denied, ${passed.reason}`;
    case 'too-young':
      return `too young until ${new Date(passed.eligibleAt).toISOString()}`;
    case 'incomplete': {
      const missing = passed.missing.map(
        ({ architecture, variant, kubernetes, region }) =>
          `${architecture} ${variant} for Kubernetes ${kubernetes} in ${region}`,
      );
      const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
      return `not published yet: ${missing.slice(0, 3).join(', ')}${more}`;
    }
  }
}
