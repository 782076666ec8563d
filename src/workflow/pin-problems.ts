import { al2PublishedUntil } from '../images/kubernetes-support.ts';
import { familyOf } from '../images/releases.ts';
import type { Fleet } from './fleet.ts';
import type { PlacedPins } from './placed-pins.ts';
import type { WatchedPin, WatchProblem } from './watched-pins.ts';

/** Pins that can be moved by their syntax and yet stay as they are: said so that nobody believes they move with the others. */
export function problemsOf(
  { families }: Pick<Fleet, 'families'>,
  { placed, leftAlone }: PlacedPins,
): readonly WatchProblem[] {
  const problems = new Map<WatchedPin, string>();
  for (const { at, reason } of leftAlone) problems.set(at, reason);
  for (const { at, release } of placed) {
    const why = whyNotOffered(families, release);
    if (why !== undefined) problems.set(at, why);
  }
  return [...problems].map(([{ repository, path, pin }, reason]) => ({
    repository,
    path,
    line: pin.line,
    reason: `line ${pin.line} (${pin.value}) is left alone: ${reason}`,
  }));
}

/** A pin whose edit would reach an environment that it is not bound to. */
export function tooFarProblem({
  at,
  why,
}: {
  readonly at: WatchedPin;
  readonly why: string;
}): WatchProblem {
  const { repository, path, pin } = at;
  return { repository, path, line: pin.line, reason: `line ${pin.line} is left alone: ${why}` };
}

/** Why releases of its family are not looked for; `undefined` when they are. */
export function whyNotOffered(
  families: Fleet['families'],
  release: Parameters<typeof familyOf>[0],
): string | undefined {
  const family = familyOf(release);
  if (family === 'al2') {
    return `Amazon Linux 2 gets no new node images since ${al2PublishedUntil}, and none exists for Kubernetes 1.33 and later: move to AL2023 or Bottlerocket`;
  }
  return families.includes(family)
    ? undefined
    : `releases of ${family} are not looked for (detection.families)`;
}
