import type { Change } from '../../rollout/change.ts';
import { digestOf, ofWave } from '../../rollout/change.ts';
import type { RunningBefore } from '../../rollout/merge-events.ts';
import type { Theirs } from '../../rollout/opening-events.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { digestFor } from '../../rollout/rollout.ts';
import type { Wave } from '../../rollout/wave.ts';
import type { RepositoryName } from '../../shared/ids.ts';
import { branchName } from '../branch-name.ts';
import { recordedChange } from '../change-record.ts';
import { commitMessage } from '../commit-message.ts';
import type { ExpectedFile } from '../expected-files.ts';
import { expectedFiles } from '../expected-files.ts';
import type { PartContent } from '../part-content.ts';
import { isExactly, partContent } from '../part-content.ts';
import type { GitReads, PullRequestView } from '../ports/git-host.ts';
import { runningBefore } from '../running-before.ts';
import type { Perform, StepOutcome } from '../step-outcome.ts';
import type { World } from '../world.ts';

/** Opens the wave's pull requests, one a repository; finds those it opened before a crash instead of opening twins. */
export async function openPullRequestStep(world: World, rollout: Rollout, wave: Wave): Perform {
  const digest = digestFor(rollout, wave);
  if (digest === undefined) return {};
  const missing = wave.repositories.filter(
    (repository) => !wave.parts.some((part) => part.repository === repository),
  );
  if (missing.length === 0) return {};
  const change = await recordedChange(world, digest);
  const outcomes: StepOutcome[] = [];
  for (const repository of missing) {
    outcomes.push(await openPart(world, rollout, wave, repository, change));
  }
  const trouble = outcomes.flatMap((outcome) => outcome.trouble ?? []).join('; ');
  return {
    commands: outcomes.flatMap(({ commands }) => commands ?? []),
    ...(trouble === '' ? {} : { trouble }),
  };
}

async function openPart(
  world: World,
  rollout: Rollout,
  wave: Wave,
  repository: RepositoryName,
  change: Change,
): Perform {
  if (rollout.theirs !== undefined && wave.recovery === undefined)
    return lookAtTheirs(world, wave, repository, change, rollout.theirs);
  const { github } = world;
  const { environment, name } = wave;
  const branch = branchName(rollout, wave);
  const content = await partContent(github, wave, repository, change);
  const { expected } = content;
  if (expected.kind === 'changed') {
    const because = 'change-moved' as const;
    return {
      commands: [{ type: 'VoidApprovals', environment, because, detail: expected.detail }],
    };
  }
  const found = await github.findPullRequest(repository, branch);
  if (expected.kind === 'overtaken' && found === undefined) {
    return {
      commands: [
        {
          type: 'RecordOvertaken',
          environment,
          wave: name,
          byWhom: 'somebody',
          detail: expected.detail,
        },
      ],
    };
  }
  if (found !== undefined) return adopt(world, wave, change, content, found);
  await commitChange(world, {
    branch,
    content,
    wave,
    files: expected.kind === 'files' ? expected.files : [],
    message: commitMessage(rollout, wave),
  });
  const names = await world.people.names(
    rollout.environments.flatMap(({ ask }) => ask?.grants.map(({ by }) => by) ?? []),
  );
  const leftAlone = expected.kind === 'files' ? expected.leftAlone : [];
  const { title, body } = world.documents.pullRequest({
    rollout,
    wave,
    repository,
    change,
    names,
    leftAlone,
  });
  const opened = await world.effects.run('open-pull-request', branch, (to) =>
    to.github.openPullRequest({ repository, branch, base: content.branch, title, body }),
  );
  return recorded(world, wave, change, opened, repository);
}

/** Somebody else's is there already; it counts while it says exactly what was computed from it. */
async function lookAtTheirs(
  world: World,
  wave: Wave,
  repository: RepositoryName,
  change: Change,
  { number, author }: Theirs,
): Perform {
  const found = await world.github.pullRequest(repository, number);
  const { base, branch, expected } = await partContent(world.github, wave, repository, change);
  const { environment, name } = wave;
  if (found.state === 'open' && found.baseBranch === branch && expected.kind === 'files') {
    const { files } = await world.github.compare(repository, base, found.headSha);
    if (isExactly(files, expected.files)) return recorded(world, wave, change, found, repository);
  }
  // Merged by now, it is followed, and found to have been approved by nobody.
  if (found.merged) return recorded(world, wave, change, found, repository);
  const detail =
    found.state === 'open'
      ? `pull request #${number} holds something else now`
      : `pull request #${number} was closed`;
  return {
    commands: [{ type: 'RecordOvertaken', environment, wave: name, byWhom: author, detail }],
  };
}

/** A pull request on our branch is ours only if our App made it and it says exactly what we would have written. */
async function adopt(
  world: World,
  wave: Wave,
  change: Change,
  content: PartContent,
  found: PullRequestView,
): Perform {
  const { repository, branch: baseBranch } = content;
  // What was merged or closed meanwhile is told from its record, whatever the files say now.
  if (found.merged || found.state === 'closed') {
    return found.ours ? recorded(world, wave, change, found, repository) : foreign(found);
  }
  const asMade = found.ours && found.baseBranch === baseBranch;
  if (!asMade || !(await isAsWritten(world.github, wave, content, found.headSha)))
    return foreign(found);
  return recorded(world, wave, change, found, repository);
}

/** Whether a head is what Amiable would have written on what it stands on: the base may have moved since, after a crash. */
async function isAsWritten(
  github: GitReads,
  { recovery }: Wave,
  { repository, base, edits }: PartContent,
  head: string,
): Promise<boolean> {
  const { files, mergeBase: commit } = await github.compare(repository, base, head);
  const lenient = recovery !== undefined;
  const expected = await expectedFiles(github, { repository, commit, edits, lenient });
  return expected.kind === 'files' && isExactly(files, expected.files);
}

function foreign({ number, headBranch }: PullRequestView): StepOutcome {
  return {
    trouble: `pull request #${number} on ${headBranch} is not as Amiable makes it; close it and delete the branch to go on`,
  };
}

async function recorded(
  world: World,
  wave: Wave,
  change: Change,
  { number, url, headBranch: branch, headSha, merged, state }: PullRequestView,
  repository: RepositoryName,
): Perform {
  if (!merged && state === 'open') {
    await world.effects.run('set-status', `${headSha} pending`, (to) =>
      to.github.setStatus({
        repository,
        sha: headSha,
        state: 'pending',
        description: 'Waits for what its rollout waits for',
      }),
    );
  }
  const { environment, name, clusters } = wave;
  const mine = ofWave(change, wave);
  const before: RunningBefore[] = [];
  for (const cluster of clusters) before.push(await runningBefore(world, mine, cluster));
  return {
    commands: [
      {
        type: 'RecordPullRequest',
        environment,
        wave: name,
        repository,
        number,
        url,
        branch,
        headSha,
        before,
        digest: digestOf(change),
      },
    ],
  };
}

/** Puts the expected content on the wave's branch, unless it stands there already. */
async function commitChange(
  { github, effects }: World,
  {
    branch,
    content,
    wave,
    files,
    message,
  }: {
    readonly branch: string;
    readonly content: PartContent;
    readonly wave: Wave;
    readonly files: readonly ExpectedFile[];
    readonly message: ReturnType<typeof commitMessage>;
  },
): Promise<void> {
  const { repository } = content;
  const created = await effects.run('create-branch', branch, (to) =>
    to.github.createBranch(repository, branch, content.base),
  );
  if (!created) {
    const head = await github.head(repository, branch);
    if (head === undefined) throw new Error(`${branch} came and went`);
    const { files: changed, mergeBase } = await github.compare(repository, content.base, head);
    if (isExactly(changed, files)) return;
    // Nobody else writes to a branch of this name before its pull request is open: an older base, with our commit or not yet.
    if (head !== mergeBase && !(await isAsWritten(github, wave, content, head))) {
      throw new Error(`branch ${branch} holds something else; delete it to go on`);
    }
    await effects.run('create-branch', `${branch} again`, (to) =>
      to.github.resetBranch(repository, branch, content.base),
    );
  }
  const committed = await effects.run('commit-change', branch, (to) =>
    to.github.commit({
      repository,
      branch,
      expectedHead: content.base,
      ...message,
      files,
    }),
  );
  if (committed.kind === 'moved') throw new Error(`${branch} moved while it was written`);
}
