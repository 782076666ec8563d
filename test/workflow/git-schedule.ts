import fc from 'fast-check';
import { demoPath } from '../../src/sandbox/demo-world.ts';
import { minute, second } from '../../src/shared/time.ts';
import type { GitModel } from '../fakes/git-model.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { memoryGitHost } from '../fakes/memory-git-host.ts';
import { fleetFiles, newRelease, oldRelease, worldAround } from '../fakes/memory-world.ts';
import { ann, bo, noon } from '../rollout/story.ts';
import { lookOnce } from './drive.ts';
import { storyOf } from './fleet-story.ts';

/** What somebody does to Git while a rollout is under way. */
export const harmless = ['unrelated file', 'unrelated line'] as const;
export const hostile = [
  'change the class',
  'push another file',
  'push another pin',
  'push a mode',
  'remove the file',
  'force back',
  'force to base',
  'retarget',
  'retarget back',
  'close',
  'reopen',
  'merge by hand',
] as const;
/** Only where there is a merge queue. */
export const queueing = ['queue another', 'take out of the queue'] as const;
export type GitMove =
  | (typeof harmless)[number]
  | (typeof hostile)[number]
  | (typeof queueing)[number];

export type Move =
  | { readonly look: true }
  | { readonly git: GitMove }
  | {
      readonly person: 'approve' | 'reject' | 'freeze' | 'unfreeze' | 'pause' | 'resume';
      readonly second: boolean;
    }
  /** Done in the very moment before an effect of the next look is sent. */
  | { readonly race: GitMove | 'freeze' | 'reject'; readonly before: 'merge' | 'set-status' };

const look: fc.Arbitrary<Move> = fc.constant({ look: true });
const person = (...what: readonly Extract<Move, { person: string }>['person'][]) =>
  fc.record({ person: fc.constantFrom(...what), second: fc.boolean() });

/** Moves of everybody; a schedule has more looks and approvals than attacks, else nothing is ever merged. */
export const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: look },
  { weight: 6, arbitrary: person('approve') },
  {
    weight: 1,
    arbitrary: person('reject', 'freeze', 'unfreeze', 'unfreeze', 'pause', 'resume', 'resume'),
  },
  { weight: 3, arbitrary: fc.record({ git: fc.constantFrom<GitMove>(...harmless, ...hostile) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      race: fc.constantFrom<GitMove | 'freeze' | 'reject'>(
        ...harmless,
        ...hostile,
        'freeze',
        'reject',
      ),
      before: fc.constantFrom<'merge' | 'set-status'>('merge', 'set-status'),
    }),
  },
);

/** The same around a merge queue, where others' pull requests are merged in one go with ours. */
export const queueMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: anyMove },
  {
    weight: 2,
    arbitrary: fc.record({ git: fc.constantFrom<GitMove>(...queueing, 'queue another') }),
  },
);

/** Nobody means harm: other people work in the same repository. */
export const peacefulMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: look },
  { weight: 3, arbitrary: person('approve') },
  { weight: 3, arbitrary: fc.record({ git: fc.constantFrom<GitMove>(...harmless) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      race: fc.constantFrom<GitMove>(...harmless),
      before: fc.constantFrom<'merge' | 'set-status'>('merge', 'set-status'),
    }),
  },
);

const path = demoPath('staging', 'stg');
/** What people approve, to the byte: the pin moves, and nothing else of the file. */
const moved = (text: string) => text.replace(`alias: ${oldRelease} #`, `alias: ${newRelease} #`);

export type MakeGit = (
  clock: ManualClock,
  files: Readonly<Record<string, string>>,
) => GitModel | Promise<GitModel>;

/** Plays one schedule on staging, and throws as soon as something is merged that nobody approved. */
export async function playSchedule(moves: readonly Move[], makeGit: MakeGit = memoryGitHost) {
  const armed: Extract<Move, { race: string }>[] = [];
  let race = async (_: string) => {};
  const clock = manualClock(noon);
  const fleet = await storyOf(
    worldAround(clock, await makeGit(clock, fleetFiles()), {
      observe: (point, name) => (point === 'before' ? race(name) : undefined),
    }),
  );
  const { world, git, id } = fleet;
  let serial = 0;
  let frozen = false;
  let rejected = false;
  const heads: string[] = [];

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
    'queue another': () => git.by.queueAnother?.(),
    'take out of the queue': ({ number }) => git.by.takeOutOfQueue?.(number),
    'merge by hand': ({ number }) => void git.by.merge(number, 'octocat'),
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
  const doPerson = async ({ person: what, second: other }: Extract<Move, { person: string }>) => {
    const by = other ? bo : ann;
    const { rollout } = await world.journal.known(id);
    const ask = rollout?.environments[0]?.ask?.number ?? 1;
    const staging = { environment: 'staging', ask, by };
    if (what === 'approve') await fleet.ask({ kind: 'approve', ...staging });
    else if (what === 'reject') {
      const done = await fleet.ask({ kind: 'reject', ...staging, reason: 'kernel regression' });
      if (done.refusal === undefined) rejected = true;
    } else if (what === 'freeze' || what === 'unfreeze') {
      await fleet.ask({ kind: what, by, ...(what === 'freeze' ? { reason: 'incident' } : {}) });
      frozen = what === 'freeze';
    } else await fleet.ask({ kind: what, by });
  };

  /** What was true in the moment the merge was sent. */
  const sent: { frozen: boolean; rejected: boolean }[] = [];
  race = async (name) => {
    const at = armed.findIndex(({ before }) => before === name);
    const [one] = at === -1 ? [] : armed.splice(at, 1);
    // A *no* in this very moment comes too late, and is told so; it must not be this merge's fault.
    if (name === 'merge') sent.push({ frozen, rejected });
    if (one === undefined) return;
    if (one.race === 'freeze' || one.race === 'reject') {
      await doPerson({ person: one.race, second: true });
    } else doGit(one.race);
  };
  const judge = async (): Promise<void> => {
    for (const { merged, mergeSha, mergedBy, number, branch } of git.pulls) {
      if (!merged || mergeSha === undefined || !branch.startsWith('amiable/')) continue;
      if (mergedBy !== 'amiable[bot]' && mergedBy !== 'github-merge-queue[bot]') continue;
      await judgeMerge(fleet, mergeSha, number);
    }
    for (const at of sent) {
      if (at.frozen) throw new Error('a merge was sent in a freeze');
      if (at.rejected) throw new Error('a merge was sent after the no');
    }
  };

  const step = async (move: Move): Promise<void> => {
    if ('look' in move) {
      await lookOnce(world, id);
      clock.advance(70 * second);
    } else if ('git' in move) doGit(move.git);
    else if ('person' in move) await doPerson(move);
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
          await doPerson({ person: what, second: false });
        }
        await doPerson({ person: 'approve', second: true });
        await step({ look: true });
        clock.advance(10 * minute);
      }
    },
    async events() {
      const { commits } = await world.journal.known(id);
      return commits.flatMap((commit) => commit.events);
    },
  };
}

/** A merge of ours changes, against its first parent, one file in one way; or it is on record that it does not. */
async function judgeMerge(
  { git }: { readonly git: GitModel },
  mergeSha: string,
  number: number,
): Promise<void> {
  const { repository } = git;
  const { parent, files } = await git.host.commitChanges(repository, mergeSha);
  const textAt = async (commit: string): Promise<string> => {
    const file = (await git.host.files(repository, commit)).find((one) => one.path === path);
    if (file === undefined) return '';
    const content = (await git.host.read(repository, [file.blob])).get(file.blob);
    return new TextDecoder().decode(content);
  };
  const [only] = files;
  const exact =
    files.length === 1 &&
    only?.path === path &&
    only.status === 'modified' &&
    only.mode === '100644' &&
    (await textAt(mergeSha)) === moved(await textAt(parent)) &&
    (await textAt(mergeSha)).includes(newRelease);
  if (exact) return;
  throw new Error(`#${number} merged what nobody approved: ${JSON.stringify(files)}`);
}
