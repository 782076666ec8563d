import type { Change } from '../../rollout/change.ts';
import { ofWave } from '../../rollout/change.ts';
import { isPressed } from '../../rollout/decide-press.ts';
import type { RunningBefore } from '../../rollout/merge-events.ts';
import { partKey } from '../../rollout/part-key.ts';
import { mergesByButton, peopleMerge } from '../../rollout/pull-request-rule.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { environmentNamed } from '../../rollout/rollout.ts';
import type { Part, Wave } from '../../rollout/wave.ts';
import { backOut } from '../back-out.ts';
import { expectedNow } from '../cluster-forecast.ts';
import { commitMessage } from '../commit-message.ts';
import { checkMerge } from '../merge-check.ts';
import { noteTurn } from '../pacing.ts';
import { isExactly, partContent } from '../part-content.ts';
import { runningBefore } from '../running-before.ts';
import type { Perform } from '../step-outcome.ts';
import { vouch } from '../vouch.ts';
import type { World } from '../world.ts';

/** Checks whose names are put on record with a merge, at most. */
const mostChecks = 50;

/** Looks at the wave's pull requests and, where the environment allows it and all is ready, decides to merge. */
export async function advancePullRequestStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const check = await checkMerge(world, rollout, wave);
  switch (check.kind) {
    case 'record':
      // Closed by its author, it can be reopened: our word about it does not outlive the rollout.
      if (
        rollout.theirs !== undefined &&
        check.commands.some(({ type }) => type === 'RecordClosed')
      )
        await backOut(world, rollout, wave, wave.parts);
      if (wave.recovery === undefined && check.commands.some(({ type }) => type === 'RecordMerge'))
        await noteTurn(world, rollout, wave.environment);
      return { commands: check.commands };
    case 'rebase':
      return rebase(world, rollout, wave, check.part, check.change);
    case 'wait':
      await vouch(world, rollout, wave, check);
      return {};
    case 'ready': {
      await vouch(world, rollout, wave, check);
      const { digest, change, approversNow, setsNow, freezes, forecastMs, open } = check;
      if (!mayMerge(world, rollout, wave) || open.length === 0) return {};
      const before: RunningBefore[] = [];
      const mine = ofWave(change, wave);
      for (const cluster of wave.clusters) before.push(await runningBefore(world, mine, cluster));
      if (wave.recovery === undefined) await noteTurn(world, rollout, wave.environment);
      const seen = world.sightings(rollout.id).pullRequests;
      const parts = open.map((part) => {
        const { repository, number, headSha } = part;
        const passed = seen.get(partKey(part))?.succeeded;
        return {
          repository,
          number,
          headSha,
          ...(passed === undefined ? {} : { passed: passed.slice(0, mostChecks) }),
        };
      });
      const { environment, name } = wave;
      const expected = wave.recovery === undefined ? expectedNow(world, rollout, wave) : undefined;
      return {
        commands: [
          {
            type: 'StartMerge',
            environment,
            wave: name,
            digest,
            parts,
            approversNow,
            ...(setsNow === undefined ? {} : { setsNow }),
            ...(freezes === undefined ? {} : { freezes }),
            ...(forecastMs === undefined ? {} : { forecastMs }),
            ...(expected === undefined ? {} : { expected }),
            before,
          },
        ],
      };
    }
  }
}

/**
 * What spares the looks at clusters before a merge that would be refused, on which `decide` has the last word; and keeps
 * back what could not be proposed now: an alias that resolves to no image leaves a cluster without new nodes.
 */
function mayMerge(world: World, rollout: Rollout, wave: Wave): boolean {
  if (wave.recovery !== undefined) return true;
  if (!world.sightings(rollout.id).sound.has(wave.environment)) return false;
  const environment = environmentNamed(rollout, wave.environment);
  return (
    rollout.paused === undefined &&
    environment !== undefined &&
    !peopleMerge(environment.policy) &&
    (!mergesByButton(environment.policy) || isPressed(environment, wave, world.clock.now())) &&
    (environment.phase.name === 'approved' || environment.phase.name === 'rolling')
  );
}

/**
 * The base moved in our files, beside our pins: the same edits are written again on the newer base. On a branch beside
 * it first: GitHub closes a pull request whose branch is, even for a moment, where its base is.
 */
async function rebase(
  world: World,
  rollout: Rollout,
  wave: Wave,
  part: Part,
  change: Change,
): Perform {
  const { repository, number, branch } = part;
  const { base, expected } = await partContent(world.github, wave, repository, change);
  if (expected.kind !== 'files') return {};
  const { effects } = world;
  const aside = `${branch}-on-${base.slice(0, 12)}`;
  await effects.run('create-branch', aside, (to) =>
    to.github.createBranch(repository, aside, base),
  );
  const committed = await effects.run('commit-change', aside, (to) =>
    to.github.commit({
      repository,
      branch: aside,
      expectedHead: base,
      ...commitMessage(rollout, wave),
      files: expected.files,
    }),
  );
  // Written before a crash: what stands there is judged by its content, as every head is.
  const headSha =
    committed.kind === 'committed' ? committed.sha : await world.github.head(repository, aside);
  if (headSha === undefined) return {};
  const { files } = await world.github.compare(repository, base, headSha);
  if (!isExactly(files, expected.files)) return { trouble: `${aside} holds something else` };
  await effects.run('create-branch', `${branch} at ${headSha}`, (to) =>
    to.github.resetBranch(repository, branch, headSha),
  );
  await effects.run('create-branch', `${aside} away`, (to) =>
    to.github.deleteBranch(repository, aside),
  );
  const { environment, name } = wave;
  return {
    commands: [{ type: 'RecordRebase', environment, wave: name, repository, number, headSha }],
  };
}
