import { isPart } from '../../rollout/fold.ts';
import { peopleMerge } from '../../rollout/pull-request-rule.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { environmentNamed } from '../../rollout/rollout.ts';
import type { Part, Wave } from '../../rollout/wave.ts';
import type { RepositoryName } from '../../shared/ids.ts';
import { backOut } from '../back-out.ts';
import { mergeRecord } from '../merge-record.ts';
import type { Perform } from '../step-outcome.ts';
import type { World } from '../world.ts';

/** Closes a pull request that nobody wants any more, unless somebody was faster. */
export async function closePullRequestStep(
  world: World,
  rollout: Rollout,
  wave: Wave,
  { repository, number }: { readonly repository: RepositoryName; readonly number: number },
): Perform {
  const inPart = { environment: wave.environment, wave: wave.name, repository, number };
  const seen = await world.github.pullRequest(repository, number);
  const merge = mergeRecord(world.fleet, wave, { repository, number }, seen);
  if (merge !== undefined) return { commands: [merge] };
  const part = wave.parts.find((one) => one.repository === repository && one.number === number);
  // A merge was decided on it, or is other people's to make, and a *no* or a recall came while GitHub had not made it.
  const policy = environmentNamed(rollout, wave.environment)?.policy;
  const vouched = wave.decidedAt !== undefined || (policy !== undefined && peopleMerge(policy));
  if (part !== undefined && vouched) {
    const stuck = await backOut(world, rollout, wave, [part]);
    if (stuck !== undefined) return stuck;
  }
  if (seen.state === 'open' && rollout.theirs !== undefined && wave.recovery === undefined) {
    await leave(world, wave, { repository, number });
    return { commands: [{ type: 'RecordClosed', ...inPart, closedBy: 'amiable', leftOpen: true }] };
  }
  if (seen.state === 'open') {
    await world.effects.run('close-pull-request', `${repository}#${number}`, (to) =>
      to.github.updatePullRequest(repository, number, { state: 'closed' }),
    );
  }
  const closedBy = seen.state === 'open' ? 'amiable' : (seen.closedBy ?? 'somebody');
  world.log.info({ rollout: rollout.id, repository, number }, 'pull request closed');
  return { commands: [{ type: 'RecordClosed', ...inPart, closedBy }] };
}

/** What is somebody else's is not ours to close: the status of what was asked about says how it ended here. */
async function leave(
  world: World,
  wave: Wave,
  of: Pick<Part, 'repository' | 'number'>,
): Promise<void> {
  const part = [...wave.parts, ...wave.abandoned].find(isPart(of));
  if (part === undefined) return;
  const { repository, headSha: sha } = part;
  const rejected = wave.phase.name === 'rejected';
  const description = rejected ? 'Rejected in Slack' : 'Not approved in Slack';
  const state = rejected ? 'failure' : 'pending';
  await world.effects.run('set-status', `${sha} left`, (to) =>
    to.github.setStatus({ repository, sha, state, description }),
  );
}
