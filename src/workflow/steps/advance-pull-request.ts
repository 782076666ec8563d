import type { Change } from '../../rollout/change.ts';
import type { RunningBefore } from '../../rollout/events.ts';
import type { Part, Rollout, Wave } from '../../rollout/rollout.ts';
import { environmentNamed } from '../../rollout/rollout.ts';
import { checkMerge } from '../merge-check.ts';
import { partContent } from '../part-content.ts';
import { runningBefore } from '../running-before.ts';
import type { Perform } from '../step-outcome.ts';
import type { World } from '../world.ts';

/** Looks at the wave's pull requests and, where the environment allows it and all is ready, decides to merge. */
export async function advancePullRequestStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const check = await checkMerge(world, rollout, wave);
  switch (check.kind) {
    case 'record':
      return { commands: check.commands };
    case 'rebase':
      return rebase(world, rollout, wave, check.part, check.change);
    case 'wait':
      return {};
    case 'ready': {
      const { digest, change, approversNow, open } = check;
      if (!mayMerge(rollout, wave) || open.length === 0) return {};
      const before: RunningBefore[] = [];
      for (const cluster of wave.clusters) before.push(await runningBefore(world, change, cluster));
      const parts = open.map(({ repository, number, headSha }) => ({
        repository,
        number,
        headSha,
      }));
      const { environment, name } = wave;
      return {
        commands: [
          { type: 'StartMerge', environment, wave: name, digest, parts, approversNow, before },
        ],
      };
    }
  }
}

/** What spares the looks at clusters before a merge that would be refused; `decide` has the last word. */
function mayMerge(rollout: Rollout, wave: Wave): boolean {
  if (wave.recovery !== undefined) return true;
  const environment = environmentNamed(rollout, wave.environment);
  return (
    rollout.paused === undefined &&
    environment?.policy.mode === 'merge' &&
    (environment.phase.name === 'approved' || environment.phase.name === 'rolling')
  );
}

/** The base moved in our files, beside our pins: the same edits are written again on the newer base. */
async function rebase(
  world: World,
  rollout: Rollout,
  wave: Wave,
  part: Part,
  change: Change,
): Perform {
  const { repository, number, branch } = part;
  const content = await partContent(world.github, wave, repository, change);
  if (content.expected.kind !== 'files') return {};
  const { files } = content.expected;
  await world.effects.run('create-branch', `${branch} on ${content.base}`, (to) =>
    to.github.resetBranch(repository, branch, content.base),
  );
  const committed = await world.effects.run('commit-change', `${branch} on ${content.base}`, (to) =>
    to.github.commit({
      repository,
      branch,
      expectedHead: content.base,
      headline: `Move node images to ${rollout.release}`,
      body: `Rollout ${rollout.id}`,
      files,
    }),
  );
  if (committed.kind === 'moved') return {};
  const { environment, name } = wave;
  return {
    commands: [
      { type: 'RecordRebase', environment, wave: name, repository, number, headSha: committed.sha },
    ],
  };
}
