import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SlackUserId } from '../../src/shared/ids.ts';
import { newRelease, oldRelease } from '../fakes/memory-world.ts';
import { ann, bo } from '../rollout/story.ts';
import { branch, path, theirStory } from './their-story.ts';

const numRuns = Math.max(25, Number(process.env['SCHEDULES'] ?? 0) / 50);

const moves = [
  'look',
  'ann approves',
  'bo approves',
  'push another file',
  'push another release',
  'push a mode',
  'force back',
  'close',
  'reopen',
  'retarget',
  'retarget back',
  'unrelated file',
  'unrelated line',
  'change the class',
  'freeze',
  'unfreeze',
] as const;
type Move = (typeof moves)[number];
const move = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Move>('look') },
  { weight: 5, arbitrary: fc.constantFrom<Move>('ann approves', 'bo approves') },
  { weight: 2, arbitrary: fc.constantFrom<Move>('force back', 'reopen', 'retarget back') },
  { weight: 4, arbitrary: fc.constantFrom(...moves) },
);

/** Somebody's pull request that moves staging, and whatever happens to it and beside it. */
function play() {
  const their = theirStory();
  const { git } = their;
  const third = 'al2023@v20261119';
  their.published.add(third as typeof newRelease);
  git.by.forcePush('other', git.by.headOf('main'));
  their.move(path);
  their.open('mallory');
  const first = git.by.headOf(branch);
  let frozen = false;
  let serial = 0;
  /** Who agreed to the file as it was at the head. */
  const agreed = new Map<string, Set<SlackUserId>>();
  const text = () => git.text(branch, path);

  const approve = async (by: SlackUserId) => {
    const { stored } = await their.ask({ kind: 'approve' }, by);
    if (!stored) return;
    agreed.set(text(), (agreed.get(text()) ?? new Set()).add(by));
  };
  const onMain = (change: (before: string) => string) =>
    git.by.push('main', path, change(git.text('main', path)));
  const deeds: Readonly<Record<Move, () => unknown>> = {
    look: () => {},
    'ann approves': () => approve(ann),
    'bo approves': () => approve(bo),
    'push another file': () => git.by.push(branch, `extra-${serial}.yaml`, 'a: 1\n'),
    'push another release': () => their.move(path, third),
    'push a mode': () => git.by.push(branch, path, text(), '100755'),
    'force back': () => git.by.forcePush(branch, first),
    close: () => git.by.close(1, 'mallory'),
    reopen: () => git.by.reopen(1),
    retarget: () => git.by.retarget(1, 'other'),
    'retarget back': () => git.by.retarget(1, 'main'),
    'unrelated file': () => git.by.push('main', `docs/${serial}.md`, 'note\n'),
    'unrelated line': () => onMain((before) => `${before}# note ${serial}\n`),
    'change the class': () =>
      onMain((before) => before.replace(/role: ".*"/, `role: "Other-${serial}"`)),
    freeze: () => their.stop('freeze'),
    unfreeze: () => their.stop('unfreeze'),
  };
  return {
    their,
    first,
    async do(what: Move) {
      serial += 1;
      await deeds[what]();
      if (what === 'freeze' || what === 'unfreeze') frozen = what === 'freeze';
    },
    isGreen: () => their.status()?.state === 'success',
    /** Throws where it is green and must not be. */
    async judge() {
      const [pull] = git.pulls;
      if (!this.isGreen() || pull?.state !== 'open' || pull.base !== 'main') return;
      expect(frozen).toBe(false);
      expect([...(agreed.get(text()) ?? [])].sort()).toEqual([ann, bo].sort());
      const { mergeBase, files } = await git.host.compare(
        git.repository,
        git.by.headOf('main'),
        git.by.headOf(branch),
      );
      expect(files).toMatchObject([{ path, status: 'modified', mode: '100644' }]);
      const blob = (await git.host.files(git.repository, mergeBase)).find(
        (file) => file.path === path,
      )?.blob;
      const before = (await git.host.read(git.repository, [blob ?? ''])).get(blob ?? '');
      const moved = (to: string) => new TextDecoder().decode(before).replace(oldRelease, to);
      expect([moved(newRelease), moved(third)]).toContain(text());
    },
  };
}

test('whatever is done to a pull request of somebody else, it is green for what two people agreed to, and again once it is that', async () => {
  let green = 0;
  let again = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 25 }), async (schedule) => {
      const story = play();
      const { their, first } = story;
      await their.settle();
      for (const one of schedule) {
        await story.do(one);
        await their.settle();
        await story.judge();
        if (story.isGreen()) green += 1;
      }
      if (schedule.includes('change the class') || schedule.includes('unrelated line')) return;
      for (const one of ['unfreeze', 'reopen', 'retarget back', 'force back'] as const)
        await story.do(one);
      await their.settle(3);
      const [pull] = their.git.pulls;
      if (pull?.state !== 'open' || pull.headSha !== first) return;
      for (const one of ['ann approves', 'bo approves'] as const) await story.do(one);
      await their.settle(3);
      expect(story.isGreen()).toBe(true);
      again += 1;
    }),
    { numRuns, seed: 20261121 },
  );
  expect(green).toBeGreaterThan(numRuns / 4);
  expect(again).toBeGreaterThan(numRuns / 10);
}, 600_000);
