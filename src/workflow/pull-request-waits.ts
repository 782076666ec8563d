import { partKey } from '../rollout/part-key.ts';
import type { Part } from '../rollout/wave.ts';
import type { RolloutId } from '../shared/ids.ts';
import type { Instant } from '../shared/time.ts';
import { second } from '../shared/time.ts';
import type { MergeReadiness } from './ports/git-host.ts';
import type { World } from './world.ts';

/** Checks nobody requires are waited for until this long after the push. */
const settleMs = 60 * second;

/** The status Amiable itself sets, and does not wait for. */
const approvalStatus = 'amiable/approval';

/**
 * What the pull requests still wait for on GitHub's side, in words; `undefined`: nothing. Each is looked at and noted for
 * the card, the first that waits is told.
 * @throws GitHostError when GitHub does not answer.
 */
export async function pullRequestWaits(
  { clock, github, sightings }: Pick<World, 'clock' | 'github' | 'sightings'>,
  id: RolloutId,
  parts: readonly Part[],
): Promise<string | undefined> {
  const now = clock.now();
  const noted = sightings(id).pullRequests;
  let waits: string | undefined;
  for (const part of parts) {
    const { repository, number, headSha } = part;
    const seen = await github.readiness(repository, number, headSha);
    const checks = relevantChecks(seen);
    const failed = checks.filter(({ state }) => state === 'failure').map(({ name }) => name);
    const waitsFor = waitReason(seen, checks, failed, now);
    const succeeded = checks.filter(({ state }) => state === 'success').map(({ name }) => name);
    noted.set(partKey(part), {
      passed: succeeded.length,
      succeeded,
      total: checks.length,
      failed,
      ...(waitsFor === undefined ? {} : { waitsFor }),
      ...(seen.mergeQueue === undefined ? {} : { mergeQueue: seen.mergeQueue }),
      at: now,
    });
    waits ??= waitsFor === undefined ? undefined : `#${number} ${waitsFor}`;
  }
  return waits;
}

/** Required checks where any are required, else all that reported; never our own status. */
function relevantChecks({ checks }: MergeReadiness): MergeReadiness['checks'] {
  const others = checks.filter(({ name }) => name !== approvalStatus);
  const required = others.filter((check) => check.required);
  return required.length > 0 ? required : others;
}

function waitReason(
  { conflicting, reviewDecision, pushedAt }: MergeReadiness,
  checks: MergeReadiness['checks'],
  failed: readonly string[],
  now: Instant,
): string | undefined {
  if (conflicting) return 'conflicts with its base';
  if (failed.length > 0) return `has failed checks: ${failed.join(', ')}`;
  if (checks.some(({ state }) => state === 'pending')) return 'waits for its checks';
  const required = checks.some((check) => check.required);
  if (!required && now < pushedAt + settleMs) return 'waits a minute for checks to report';
  if (reviewDecision === 'CHANGES_REQUESTED') return 'has a review that asks for changes';
  if (reviewDecision === 'REVIEW_REQUIRED') return 'waits for a review on GitHub';
  return undefined;
}
