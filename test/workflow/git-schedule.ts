import type { Command } from '../../src/rollout/command.ts';
import type { PullRequestRule } from '../../src/rollout/pull-request-rule.ts';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { minute, second } from '../../src/shared/time.ts';
import type { ChangedFile } from '../../src/workflow/ports/git-host.ts';
import type { GitModel } from '../fakes/git-model.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { memoryGitHost } from '../fakes/memory-git-host.ts';
import { fleetFiles, newRelease, oldRelease, worldAround } from '../fakes/memory-world.ts';
import { ann, bo, noon } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';
import { storyOf } from './fleet-story.ts';
import type { Deed, GitMove, Move } from './git-moves.ts';

const newerRelease = ReleaseId.parse('al2023@v20261120');
const path = demoPath('staging', 'stg');
/** What people approve, to the byte: the pin moves, and nothing else of the file. */
const moved = (text: string) => text.replace(`alias: ${oldRelease} #`, `alias: ${newRelease} #`);

export type MakeGit = (
  clock: ManualClock,
  files: Readonly<Record<string, string>>,
) => GitModel | Promise<GitModel>;

/**
 * Plays one schedule on staging, and throws as soon as something is merged that nobody approved.
 * @param rule how its pull requests come and go; absent: the usual way.
 */
export async function playSchedule(
  moves: readonly Move[],
  makeGit: MakeGit = memoryGitHost,
  rule?: PullRequestRule,
) {
  const armed: Extract<Move, { race: string }>[] = [];
  let race = async (_: string) => {};
  const clock = manualClock(noon);
  const around = worldAround(clock, await makeGit(clock, fleetFiles()), {
    observe: (point, name) => (point === 'before' ? race(name) : undefined),
  });
  for (const policy of rule === undefined ? [] : around.world.fleet.policies)
    Object.assign(policy, { pullRequest: rule });
  const fleet = await storyOf(around);
  const { world, git, id } = fleet;
  let serial = 0;
  let frozen = false;
  let paused = false;
  /** By somebody, or because the release was taken back or followed by another. */
  let over = false;
  const heads: string[] = [];
  /** By the number of its pull request: what a person's merge was made on. */
  const mergedOn = new Map<number, string>();

  const write = (on: string, change: (text: string) => string, mode?: string) => {
    const before = git.text(on, path);
    if (before !== '') git.by.push(on, path, change(before), mode);
  };
  const deeds: Readonly<Record<GitMove, (at: { mine: string; number: number }) => void>> = {
    'unrelated file': () => git.by.push('main', `docs/note-${serial}.md`, `note ${serial}\n`),
    'unrelated line': () => write('main', (text) => `${text}# note ${serial}\n`),
    'change the class': () =>
      write('main', (text) => text.replace(/role: ".*"/, `role: "Other-${serial}"`)),
    'push another file': ({ mine }) => git.by.push(mine, `extra-${serial}.yaml`, 'a: 1\n'),
    'push another pin': ({ mine }) =>
      write(mine, (text) => text.replace(/alias: \S+/, `alias: al2023@v2026010${serial % 10}`)),
    'push a mode': ({ mine }) => write(mine, (text) => text, '100755'),
    'remove the file': ({ mine }) => git.by.remove(mine, path),
    'force back': ({ mine }) =>
      git.by.forcePush(mine, heads[serial % heads.length] ?? git.by.headOf(mine)),
    'force to base': ({ mine }) => git.by.forcePush(mine, git.by.headOf('main')),
    retarget({ number }) {
      git.by.forcePush('other', git.by.headOf('main'));
      git.by.retarget(number, 'other');
    },
    'retarget back': ({ number }) => git.by.retarget(number, 'main'),
    close: ({ number }) => git.by.close(number, 'octocat'),
    reopen: ({ number }) => git.by.reopen(number),
    'queue another': () => git.by.queueAnother(),
    'take out of the queue': ({ number }) => git.by.takeOutOfQueue(number),
    'merge by hand'({ number }) {
      mergedOn.set(number, git.by.headOf('main'));
      git.by.merge(number, 'octocat', serial % 2 === 0 ? 'squash' : 'rebase');
    },
  };
  const needsOpen: ReadonlySet<GitMove> = new Set<GitMove>([
    'retarget',
    'retarget back',
    'close',
    'merge by hand',
  ]);
  const doGit = (move: GitMove): void => {
    serial += 1;
    const pull = git.pulls.findLast(({ branch }) => branch.startsWith('amiable/'));
    if (pull !== undefined) heads.push(git.by.headOf(pull.branch));
    const onMain =
      move.startsWith('unrelated') || move === 'change the class' || move === 'queue another';
    if (!onMain && pull === undefined) return;
    if (needsOpen.has(move) && pull?.state !== 'open') return;
    if (move === 'reopen' && (pull?.state === 'open' || pull?.merged === true)) return;
    deeds[move]({ mine: pull?.branch ?? '', number: pull?.number ?? 0 });
  };
  const doPerson = async (what: Deed, other: boolean): Promise<void> => {
    const by = other ? bo : ann;
    const { rollout } = await world.journal.known(id);
    const ask = rollout?.environments[0]?.ask?.number ?? 1;
    const staging = { environment: 'staging', ask, by };
    const now = clock.now();
    switch (what) {
      case 'approve':
      case 'withdraw':
      case 'merge':
        await fleet.ask({ kind: what, ...staging });
        return;
      case 'reject': {
        const done = await fleet.ask({ kind: what, ...staging, reason: 'kernel regression' });
        over ||= done.refusal === undefined;
        return;
      }
      case 'freeze':
      case 'unfreeze':
        await fleet.ask({ kind: what, by, ...(what === 'freeze' ? { reason: 'incident' } : {}) });
        frozen = what === 'freeze';
        return;
      case 'pause':
      case 'resume': {
        const done = await fleet.ask({ kind: what, by });
        if (done.refusal === undefined) paused = what === 'pause';
        return;
      }
      case 'recall':
      case 'supersede': {
        const command: Command =
          what === 'recall'
            ? { type: 'Recall', reason: 'taken back', now }
            : { type: 'Supersede', newer: newerRelease, now };
        const { stored } = await world.journal.execute(id, command, { actor: { kind: 'amiable' } });
        over ||= stored;
      }
    }
  };

  /** What was true in the moment the merge was sent. */
  const sent: { frozen: boolean; over: boolean }[] = [];
  /** Something was done in the midst of the last look, which it could not know. */
  let raced = false;
  race = async (name) => {
    const at = armed.findIndex(({ before }) => before === name);
    const [one] = at === -1 ? [] : armed.splice(at, 1);
    // A *no* in this very moment comes too late, and is told so; it must not be this merge's fault.
    if (name === 'merge') sent.push({ frozen, over });
    if (name === 'merge' && rule?.merge === 'in-github') throw new Error('it merged by itself');
    if (one === undefined) return;
    raced = true;
    const { race: done } = one;
    if (done === 'wait') clock.advance(3 * minute);
    else if (done === 'freeze' || done === 'reject' || done === 'recall') {
      await doPerson(done, true);
    } else doGit(done);
  };
  const judge = async (): Promise<void> => {
    for (const { merged, mergeSha, mergedBy, number, branch } of git.pulls) {
      if (!merged || mergeSha === undefined || !branch.startsWith('amiable/')) continue;
      if (mergedBy !== 'amiable[bot]' && mergedBy !== 'github-merge-queue[bot]') continue;
      await judgeMerge(fleet, mergeSha, number);
    }
    for (const at of sent) {
      if (at.frozen) throw new Error('a merge was sent in a freeze');
      if (at.over) throw new Error('a merge was sent after the no');
    }
  };

  const step = async (move: Move): Promise<void> => {
    if ('look' in move) {
      const stopped = frozen || paused || over;
      raced = false;
      await lookOnce(world, id);
      const ours = git.pulls.filter(({ branch }) => branch.startsWith('amiable/'));
      const queued = ours.filter(({ number }) => git.queue().includes(number));
      if (stopped && queued.length > 0) throw new Error('GitHub may merge what was stopped');
      if (rule !== undefined && !raced) {
        const open = ours.filter(({ state, base }) => state === 'open' && base === 'main');
        for (const { number, headSha } of open) await judgeGreen(git, { number, headSha, stopped });
      }
      clock.advance(70 * second);
    } else if ('git' in move) doGit(move.git);
    else if ('person' in move) await doPerson(move.person, move.second);
    else armed.push(move);
    await judge();
  };
  for (const move of moves) await step(move);
  return {
    ...fleet,
    /** Lets everybody agree until nothing moves any more. */
    async settle(): Promise<void> {
      armed.length = 0;
      for (let round = 0; round < 6; round += 1) {
        for (const what of ['unfreeze', 'resume', 'approve'] as const) {
          await doPerson(what, false);
        }
        await doPerson('approve', true);
        await step({ look: true });
        if (rule?.merge === 'by-button') await doPerson('merge', false);
        clock.advance(10 * minute);
      }
    },
    async events() {
      const { commits } = await world.journal.known(id);
      return commits.flatMap((commit) => commit.events);
    },
    /** Of ours that people merged, or that went astray: whether each changed what was approved and nothing else. */
    async byHand(): Promise<readonly boolean[]> {
      const found: boolean[] = [];
      for (const { number, branch, base: into, mergeSha, mergedBy } of git.pulls) {
        if (branch.startsWith('amiable/') && mergeSha !== undefined && into !== 'main') {
          found.push(false);
          continue;
        }
        const base = mergedOn.get(number);
        if (base === undefined || mergeSha === undefined || mergedBy !== 'octocat') continue;
        const { files } = await git.host.compare(git.repository, base, mergeSha);
        found.push(await isApproved(git, base, mergeSha, files));
      }
      return found;
    },
  };
}

/** A merge of ours changes, against its first parent, one file in one way; or it is on record that it does not. */
async function judgeMerge(
  { git }: { readonly git: GitModel },
  mergeSha: string,
  number: number,
): Promise<void> {
  const { parent, files } = await git.host.commitChanges(git.repository, mergeSha);
  if (await isApproved(git, parent, mergeSha, files)) return;
  throw new Error(`#${number} merged what nobody approved: ${JSON.stringify(files)}`);
}

/** Where our status can be required, green says that merging this would merge what was approved, and that it may be. */
async function judgeGreen(
  git: GitModel,
  of: { readonly number: number; readonly headSha: string; readonly stopped: boolean },
): Promise<void> {
  const { number, headSha, stopped } = of;
  const { checks } = await git.host.readiness(git.repository, number, headSha);
  if (checks.find(({ name }) => name === 'amiable/approval')?.state !== 'success') return;
  if (stopped) throw new Error(`#${number} is green although it was stopped`);
  const main = git.by.headOf('main');
  const { mergeBase, files } = await git.host.compare(git.repository, main, headSha);
  if (await isApproved(git, mergeBase, headSha, files)) return;
  throw new Error(`#${number} is green with what nobody approved: ${JSON.stringify(files)}`);
}

async function isApproved(
  git: GitModel,
  from: string,
  to: string,
  files: readonly ChangedFile[],
): Promise<boolean> {
  const { repository } = git;
  const textAt = async (commit: string): Promise<string> => {
    const file = (await git.host.files(repository, commit)).find((one) => one.path === path);
    if (file === undefined) return '';
    const content = (await git.host.read(repository, [file.blob])).get(file.blob);
    return new TextDecoder().decode(content);
  };
  const [only] = files;
  const after = await textAt(to);
  return (
    files.length === 1 &&
    only?.path === path &&
    only.status === 'modified' &&
    only.mode === '100644' &&
    after === moved(await textAt(from)) &&
    after.includes(newRelease)
  );
}
