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
