import { mergesInGitHub, peopleMerge } from '../rollout/pull-request-rule.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { environmentNamed, missingApprovals } from '../rollout/rollout.ts';
import type { Wave } from '../rollout/wave.ts';
import { clamp } from '../shared/text.ts';
import type { MergeCheck } from './merge-check.ts';
import { queueingOf } from './merge-queue.ts';
import type { World } from './world.ts';

/**
 * Where people merge, `amiable/approval` is all that Amiable has to say about it: success while nothing of ours stands
 * against the merge (approvals, windows, freezes, a pause, content), so that a branch rule can require it.
 */
export async function vouch(
  world: World,
  rollout: Rollout,
  wave: Wave,
  check: Extract<MergeCheck, { kind: 'ready' | 'wait' }>,
): Promise<void> {
  const environment = environmentNamed(rollout, wave.environment);
  if (environment === undefined || wave.recovery !== undefined) return;
  if (!peopleMerge(environment.policy)) return;
  const { statuses } = world.sightings(rollout.id);
  const against = objection(world, rollout, wave, check);
  const state = against === undefined ? 'success' : 'pending';
  const description =
    against ??
    (mergesInGitHub(environment.policy)
      ? 'Merging this here is the approval'
      : 'Approved; merge it here');
  const link = rollout.theirs === undefined ? undefined : await world.cardUrl?.(rollout.id);
  const url = link === undefined ? {} : { url: link };
  const said = `${description}\n${link ?? ''}`;
  for (const part of wave.parts) {
    const { repository, headSha: sha, mergeSha } = part;
    if (mergeSha !== undefined) continue;
    // GitHub takes a thousand statuses a commit, and it may wait here for days.
    if (statuses.get(sha) !== said) {
      await world.effects.run('set-status', `${sha} ${state} to people`, (to) =>
        to.github.setStatus({ repository, sha, state, description, ...url }),
      );
      statuses.set(sha, said);
    }
    if (check.kind === 'ready' && against === undefined) {
      // Somebody may have put it into the merge queue, which asks for the status of the commit it makes.
      await queueingOf(world, rollout, wave, { part, change: check.change });
    }
  }
}

/** What of ours stands against a merge by people now, in words; `undefined`: nothing. */
function objection(
  world: Pick<World, 'sightings'>,
  rollout: Rollout,
  { environment: name }: Wave,
  check: Extract<MergeCheck, { kind: 'ready' | 'wait' }>,
): string | undefined {
  const environment = environmentNamed(rollout, name);
  if (environment === undefined) return 'It is not part of the rollout';
  if (rollout.paused !== undefined) return 'The rollout is paused';
  if (rollout.snoozed !== undefined) return 'The rollout is snoozed';
  if (rollout.rollback !== undefined) return 'The rollout is rolled back';
  const missing = missingApprovals(environment);
  const approved = environment.phase.name === 'approved' || environment.phase.name === 'rolling';
  if (!mergesInGitHub(environment.policy) && !approved)
    return missing > 0
      ? `Waits for ${missing} more ${missing === 1 ? 'approval' : 'approvals'} in Slack`
      : 'Waits for approvals in Slack';
  if (check.kind === 'wait') return clamp(`Waits: ${check.why}`, 140);
  return world.sightings(rollout.id).sound.has(name)
    ? undefined
    : 'Waits until the images are seen to be there';
}
