import type { CheckRun, Repository, Review, Status } from './state.ts';
import { nextId, type World } from './world.ts';

/** How a check run stands at a moment: a function of time, so nothing has to tick. */
export function runStateOf({ startedAt, durationMs, outcome }: CheckRun, now: number) {
  const completedAt = startedAt + durationMs;
  if (now < completedAt)
    return { status: 'in_progress', conclusion: null, completedAt: null } as const;
  return { status: 'completed', conclusion: outcome, completedAt } as const;
}

/** The check runs a commit has by now. */
export function runsOf(repository: Repository, sha: string, now: number): readonly CheckRun[] {
  return (repository.checkRuns.get(sha) ?? []).filter(({ startedAt }) => startedAt <= now);
}

/** The newest status of each context. */
export function latestStatuses(repository: Repository, sha: string): readonly Status[] {
  const latest = new Map<string, Status>();
  for (const status of repository.statuses.get(sha) ?? []) latest.set(status.context, status);
  return [...latest.values()];
}

export type RequiredState = 'expected' | 'pending' | 'failing' | 'green';

/** How a required check stands on a commit; `expected`: it never reported. */
export function requiredState(
  repository: Repository,
  sha: string,
  name: string,
  now: number,
): RequiredState {
  const status = latestStatuses(repository, sha).find(({ context }) => context === name);
  const run = runsOf(repository, sha, now).findLast((x) => x.name === name);
  const states: RequiredState[] = [];
  if (status !== undefined) {
    const { state } = status;
    states.push(state === 'success' ? 'green' : state === 'pending' ? 'pending' : 'failing');
  }
  if (run !== undefined) {
    const { conclusion } = runStateOf(run, now);
    const green = conclusion === 'success' || conclusion === 'neutral';
    states.push(conclusion === null ? 'pending' : green ? 'green' : 'failing');
  }
  if (states.length === 0) return 'expected';
  return (['failing', 'pending'] as const).find((state) => states.includes(state)) ?? 'green';
}

/** What protection still asks of a pull request's head, in GitHub's words; `undefined`: nothing. */
export function unmetProtection(
  repository: Repository,
  {
    headSha,
    reviews,
    by,
  }: {
    readonly headSha: string;
    readonly reviews: readonly Review[];
    readonly by: { readonly login: string };
  },
  now: number,
): string | undefined {
  const { requiredChecks } = repository.protection;
  const requiredReviews = reviewsAsked(repository);
  const decision = reviewDecision(reviews, by.login, requiredReviews);
  if (decision === 'CHANGES_REQUESTED') return 'Changes have been requested.';
  if (decision === 'REVIEW_REQUIRED') {
    return `At least ${requiredReviews} approving review${requiredReviews === 1 ? '' : 's'} ${requiredReviews === 1 ? 'is' : 'are'} required by reviewers with write access.`;
  }
  const unmet = requiredChecks
    .map((name) => ({ name, state: requiredState(repository, headSha, name, now) }))
    .filter(({ state }) => state !== 'green');
  const [first] = unmet;
  if (first === undefined) return undefined;
  if (unmet.length === 1) {
    return `Required status check "${first.name}" is ${first.state}.`;
  }
  const counts = (['failing', 'pending', 'expected'] as const)
    .map((state) => ({ state, n: unmet.filter((x) => x.state === state).length }))
    .filter(({ n }) => n > 0)
    .map(({ state, n }) => `${n} ${state}`);
  return `${unmet.length} of ${requiredChecks.length} required status checks have not succeeded: ${counts.join(' and ')}.`;
}

/** The most that the classic rule or a ruleset asks for: GitHub adds rules up, and the stricter holds. */
export function reviewsAsked({ protection }: Repository): number {
  return Math.max(protection.requiredReviews, protection.rulesetReviews ?? 0);
}

/** `null` when no review is required and none asks for changes. An author's own and a bot's review never count. */
export function reviewDecision(
  reviews: readonly Review[],
  author: string,
  required: number,
): 'APPROVED' | 'CHANGES_REQUESTED' | 'REVIEW_REQUIRED' | null {
  if (required === 0) return null;
  const latest = new Map<string, Review['state']>();
  for (const { by, state } of reviews) {
    if (by.type === 'User' && by.login !== author && state !== 'COMMENTED')
      latest.set(by.login, state);
  }
  const states = [...latest.values()];
  if (states.includes('CHANGES_REQUESTED')) return 'CHANGES_REQUESTED';
  return states.filter((state) => state === 'APPROVED').length >= required
    ? 'APPROVED'
    : 'REVIEW_REQUIRED';
}

/** Starts the simulated CI on a pull request's head, once a commit. */
export function startChecks(world: World, repository: Repository, sha: string): void {
  if (repository.checkRuns.has(sha) || repository.checks.length === 0) return;
  const now = world.clock.now();
  const runs = repository.checks.map((check) => ({
    ...check,
    id: nextId(world),
    startedAt: now + (check.startsAfterMs ?? 0),
  }));
  repository.checkRuns.set(sha, runs);
  for (const run of runs) {
    const tell = (action: 'created' | 'completed') => () =>
      world.emit({ event: 'check_run', repository, payload: { action, run, sha } });
    world.later(run.startedAt - now, tell('created'));
    world.later(run.startedAt + run.durationMs - now, tell('completed'));
  }
}
