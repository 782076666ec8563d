import { pressGoodForMs } from '../src/rollout/decide-press.ts';
import type { Closed } from '../src/rollout/merge-hours.ts';
import { mergesByButton, mergesInGitHub, peopleMerge } from '../src/rollout/pull-request-rule.ts';
import type { Environment } from '../src/rollout/rollout.ts';
import type { Wave } from '../src/rollout/wave.ts';
import { nameOf } from './names.ts';
import { duration, localTime } from './times.ts';

/** What holds a forward merge back beside its checks: everything is frozen, or the clock says no. */
export type Held = 'frozen' | Closed['because'];

const when: Readonly<Record<Held, string>> = {
  frozen: 'once merges are unfrozen and',
  freeze: 'after the freeze, once',
  window: 'when its window is open, once',
  forecast: 'when it fits its window, once',
};

/** What becomes of an open pull request of a wave, for `…; then …`. */
export function mergedHow(
  { policy, phase }: Environment,
  { recovery, pressed }: Wave,
  names: ReadonlyMap<string, string>,
  held?: Held,
): string {
  if (recovery !== undefined) return 'merged once all required checks pass';
  if (mergesInGitHub(policy)) return 'merging it on GitHub is the approval';
  if (peopleMerge(policy)) return 'for people to merge';
  if (phase.name === 'awaiting-approval') return 'merged once it is approved';
  const once = held === undefined ? 'once' : when[held];
  if (!mergesByButton(policy)) return `merged ${once} all required checks pass`;
  return pressed === undefined
    ? `merged ${once} its checks pass and somebody presses Merge`
    : `${nameOf(names, pressed.by)} pressed Merge ${localTime(pressed.at)}: merged if all is green within ${duration(pressGoodForMs)} of that`;
}

/** What an approval leads to, for `a pull request …`. */
export function approvedThen({ policy }: Environment): string {
  if (peopleMerge(policy)) return 'is opened; people merge it on GitHub';
  return mergesByButton(policy)
    ? 'is opened; somebody presses Merge once its checks pass'
    : 'is opened and merged when its checks pass';
}
