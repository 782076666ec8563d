import { checkClusters } from './check-clusters.ts';
import { checkEnvironments, checkPromotionOrder } from './check-environments.ts';
import { checkPeople } from './check-people.ts';
import { checkRepositories } from './check-repositories.ts';
import { checkWaves } from './check-waves.ts';
import type { Finding } from './config-error.ts';
import { parseDuration } from './duration.ts';
import { Outline } from './outline.ts';

/** What one key says of another: names that must exist, orders that must end, ways that must differ. */
export function crossChecks(file: unknown): Finding[] {
  const outline = Outline.parse(file);
  return [
    ...checkEnvironments(outline),
    ...checkPromotionOrder(outline),
    ...checkWaves(outline),
    ...checkClusters(outline),
    ...checkRepositories(outline),
    ...checkPeople(outline),
    ...checkJitter(outline),
    ...checkFirstAge(outline),
  ];
}

function checkJitter({ detection }: Outline): Finding[] {
  const every = parseDuration(detection?.every ?? '15m');
  const jitter = parseDuration(detection?.jitter ?? '0s');
  if (every === undefined || jitter === undefined || jitter <= every) return [];
  return [
    {
      path: ['detection', 'jitter'],
      message: `is longer than detection.every (${detection?.every ?? '15m'}): it must be at most that.`,
    },
  ];
}

/** What a release fixes is known once it was offered: nothing shortens the age from which that is done. */
function checkFirstAge({ environments, detection }: Outline): Finding[] {
  const first = parseDuration(detection?.minimumAge ?? '0s') ?? 0;
  return environments.flatMap((environment, index) => {
    const short = environment?.expedite?.minimumAge;
    const shortMs = parseDuration(short ?? '');
    if (short === undefined || shortMs === undefined || shortMs >= first) return [];
    return [
      {
        path: ['environments', index, 'expedite', 'minimumAge'],
        message: `is shorter than detection.minimumAge (${detection?.minimumAge}), before which no release is offered and nobody knows what it fixes: shorten that, and give minimumAge in the environments.`,
      },
    ];
  });
}
