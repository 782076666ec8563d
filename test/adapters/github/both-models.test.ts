import fc from 'fast-check';
import { expect, test } from 'vitest';
import { second } from '../../../src/shared/time.ts';
import type { GitModel } from '../../fakes/git-model.ts';
import { httpGitHost } from '../../fakes/http-git-host.ts';
import { type ManualClock, manualClock } from '../../fakes/manual-clock.ts';
import { memoryGitHost } from '../../fakes/memory-git-host.ts';
import { noon } from '../../rollout/story.ts';

/** The memory model runs 10,000 schedules, so whatever it gets wrong, these prove wrong: both must answer alike. */

const files = { 'clusters/dev.yaml': 'a: 1\n', 'README.md': 'Our clusters\n' };
const branches = ['main', 'mine', 'theirs'] as const;
type Branch = (typeof branches)[number];

const branch = fc.constantFrom(...branches);
const side = fc.constantFrom<Branch>('mine', 'mine', 'theirs');
const path = fc.constantFrom('clusters/dev.yaml', 'extra.yaml');
/** Which of the commits seen so far, newest first. */
const back = fc.nat({ max: 4 });
const pull = fc.nat({ max: 2 });

const ask = fc.oneof(
  fc.record({ ask: fc.constant('create-branch' as const), branch: side, back }),
  fc.record({ ask: fc.constant('commit' as const), branch: side, path, stale: fc.boolean() }),
  fc.record({ ask: fc.constant('open' as const), branch: side, base: branch }),
  fc.record({
    ask: fc.constant('merge' as const),
    pull,
    stale: fc.boolean(),
    queue: fc.boolean(),
  }),
  {
    weight: 6,
    arbitrary: fc.record({
      ask: fc.constant('merge' as const),
      pull: fc.constant(0),
      stale: fc.constant(false),
      queue: fc.boolean(),
    }),
  },
  fc.record({ ask: fc.constant('close' as const), pull }),
  fc.record({ ask: fc.constant('reset' as const), branch: side, back }),
  fc.record({ ask: fc.constant('status' as const), back }),
  fc.record({ ask: fc.constant('delete' as const), branch }),
  fc.record({ ask: fc.constant('dequeue' as const), pull }),
);
const deed = fc.oneof(
  { weight: 3, arbitrary: fc.record({ by: fc.constant('push' as const), branch, path }) },
  fc.record({ by: fc.constant('mode' as const), branch, path }),
  fc.record({ by: fc.constant('remove' as const), branch, path }),
  fc.record({ by: fc.constant('force' as const), branch, back }),
  fc.record({ by: fc.constant('force to main' as const), branch: side }),
  fc.record({ by: fc.constant('delete' as const), branch: side }),
  fc.record({ by: fc.constant('open' as const), branch: side, base: branch }),
  fc.record({
    by: fc.constant('merge' as const),
    pull,
    method: fc.constantFrom('squash' as const, 'rebase' as const),
  }),
  fc.record({ by: fc.constant('close' as const), pull }),
  fc.record({ by: fc.constant('reopen' as const), pull }),
  fc.record({ by: fc.constant('retarget' as const), pull, base: branch }),
  fc.record({ by: fc.constant('queue another' as const) }),
  fc.record({ by: fc.constant('take out' as const), pull }),
);
type Act =
  typeof ask extends fc.Arbitrary<infer A>
    ? typeof deed extends fc.Arbitrary<infer D>
      ? A | D
      : never
    : never;
/** A branch with a pull request first, else most of what follows hits nothing. */
const opening: readonly Act[] = [
  { ask: 'create-branch', branch: 'mine', back: 0 },
  { ask: 'commit', branch: 'mine', path: 'clusters/dev.yaml', stale: false },
  { ask: 'open', branch: 'mine', base: 'main' },
];
const story = fc.array(fc.oneof<fc.Arbitrary<Act>[]>(ask, deed), { minLength: 5, maxLength: 14 });

/** A model with its commits named in the order they were seen: ids differ between the two, their story must not. */
function named(model: GitModel) {
  const names = new Map<string, string>();
  const shas: string[] = [];
  const note = (sha = '') => {
    if (sha === '' || names.has(sha)) return;
    names.set(sha, `commit ${shas.length}`);
    shas.push(sha);
  };
  const see = async () => {
    for (const name of branches) note(model.by.headOf(name));
    for (const { number, headSha } of model.pulls) {
      note(headSha);
      const { mergeQueue } = await model.host.readiness(model.repository, number, headSha);
      note(mergeQueue?.place?.headSha);
    }
  };
  return {
    model,
    see,
    /** Counted from the newest. */
    nth: (n: number) => shas[Math.max(0, shas.length - 1 - n)] ?? '',
    told(value: unknown): unknown {
      const text = JSON.stringify(value ?? null, (_, one: unknown) =>
        one instanceof Uint8Array ? Buffer.from(one).toString() : one,
      );
      return JSON.parse(text.replace(/[0-9a-f]{40}/g, (sha) => names.get(sha) ?? sha));
    },
  };
}
type Named = ReturnType<typeof named>;

/** What GitHub says; a refusal is told by being one, since the words are the adapter's. */
async function answer(act: () => Promise<unknown>): Promise<unknown> {
  try {
    return await act();
  } catch {
    return 'refused';
  }
}

function carryOut({ model, nth }: Named, act: Act, serial: number): Promise<unknown> {
  const { host, repository, by, pulls } = model;
  const number = 'pull' in act ? act.pull + 1 : 0;
  const one = pulls.find((each) => each.number === number);
  if ('pull' in act && one === undefined) return Promise.resolve('none');
  const text = `a: ${serial}\n`;
  if ('by' in act) return answer(async () => others(model, act, serial, nth));
  switch (act.ask) {
    case 'create-branch':
      return answer(() => host.createBranch(repository, act.branch, nth(act.back)));
    case 'commit':
      return answer(() =>
        host.commit({
          repository,
          branch: act.branch,
          expectedHead: act.stale ? nth(2) : by.headOf(act.branch),
          headline: 'Move node images',
          body: '',
          files: [{ path: act.path, content: Buffer.from(text) }],
        }),
      );
    case 'open':
      return answer(() =>
        host.openPullRequest({
          repository,
          branch: act.branch,
          base: act.base,
          title: 't',
          body: '',
        }),
      );
    case 'merge': {
      const sha = act.stale ? nth(3) : (one?.headSha ?? '');
      return answer(() => host.merge({ repository, number, sha, title: 't', queue: act.queue }));
    }
    case 'close':
      return answer(() => host.updatePullRequest(repository, number, { state: 'closed' }));
    case 'reset':
      return answer(() => host.resetBranch(repository, act.branch, nth(act.back)));
    case 'status':
      return answer(() =>
        host.setStatus({ repository, sha: nth(act.back), state: 'success', description: 'd' }),
      );
    case 'delete':
      return answer(() => host.deleteBranch(repository, act.branch));
    case 'dequeue':
      return answer(() => host.dequeue(repository, number));
  }
}

function others(
  { by, text }: GitModel,
  act: Extract<Act, { by: string }>,
  serial: number,
  nth: Named['nth'],
): unknown {
  switch (act.by) {
    case 'push':
      return by.push(act.branch, act.path, `b: ${serial}\n`);
    case 'mode':
      return by.push(act.branch, act.path, text(act.branch, act.path), '100755');
    case 'remove':
      return by.remove(act.branch, act.path);
    case 'force':
      return by.forcePush(act.branch, nth(act.back));
    case 'force to main':
      return by.forcePush(act.branch, by.headOf('main'));
    case 'delete':
      return by.deleteBranch(act.branch);
    case 'open':
      return by.open(act.branch, 'octocat', act.base);
    case 'merge':
      return by.merge(act.pull + 1, 'octocat', act.method);
    case 'close':
      return by.close(act.pull + 1, 'octocat');
    case 'reopen':
      return by.reopen(act.pull + 1);
    case 'retarget':
      return by.retarget(act.pull + 1, act.base);
    case 'queue another':
      return by.queueAnother();
    case 'take out':
      return by.takeOutOfQueue(act.pull + 1);
  }
}

/** All that the port tells of the repository as it stands. */
async function portrait({ model }: Named): Promise<unknown> {
  const { host, repository, pulls } = model;
  const main = await host.head(repository, 'main');
  const byPath = (a: { path: string }, b: { path: string }) => (a.path < b.path ? -1 : 1);
  const heads = [];
  for (const name of branches) {
    const head = await host.head(repository, name);
    if (head === undefined || main === undefined) {
      heads.push([name, 'none']);
      continue;
    }
    const compared = await host.compare(repository, main, head);
    const listed = [...(await host.files(repository, head))].sort(byPath);
    heads.push([name, head, listed, { ...compared, files: [...compared.files].sort(byPath) }]);
  }
  const seen = [];
  for (const { number, headSha } of pulls) {
    const readiness = await answer(() => host.readiness(repository, number, headSha));
    seen.push([await host.pullRequest(repository, number), readiness]);
  }
  const found = [];
  for (const name of ['mine', 'theirs']) found.push(await host.findPullRequest(repository, name));
  const queued = await host.mergeQueue(repository, 'main');
  return { heads, seen, found, queued, open: await host.openPullRequests(repository, 'main') };
}

/** Does the same to both, and holds every answer of one against the other's. */
async function play(clock: ManualClock, models: readonly Named[], acts: readonly Act[]) {
  for (const one of models) await one.see();
  for (const [serial, act] of [...opening, ...acts].entries()) {
    clock.advance(7 * second);
    const told: unknown[] = [];
    for (const one of models) {
      const said = await carryOut(one, act, serial);
      await one.see();
      told.push(one.told({ act, said, now: await portrait(one) }));
    }
    expect(told[0]).toEqual(told[1]);
  }
  return models[0]?.model.pulls.filter(({ merged }) => merged) ?? [];
}

test.each([
  { where: 'on a branch that anybody merges to', mergeQueue: undefined },
  { where: 'on one with a merge queue', mergeQueue: { waitMs: 12 * second } },
])(
  'the GitHub in memory and the one over HTTP answer alike, whatever is done to them, $where',
  async ({ mergeQueue }) => {
    const numRuns = Math.max(10, Number(process.env['SCHEDULES'] ?? 0) / 250);
    const told = { runs: 0, merged: 0, byQueue: 0 };
    await fc.assert(
      fc.asyncProperty(story, async (acts) => {
        const clock = manualClock(noon);
        const http = await httpGitHost(clock, files);
        if (mergeQueue !== undefined) http.there.protect({ mergeQueue });
        try {
          const memory = memoryGitHost(clock, files, mergeQueue && { mergeQueue });
          const merged = await play(clock, [named(memory), named(http)], acts);
          if (merged.length > 0) told.merged += 1;
          if (merged.some((one) => one.mergedBy === 'github-merge-queue[bot]')) told.byQueue += 1;
          told.runs += 1;
        } finally {
          await http.close();
        }
      }),
      { numRuns, seed: 20261121 },
    );
    // Stories that never merge compare little.
    expect(told.merged / told.runs, JSON.stringify(told)).toBeGreaterThan(0.2);
    const least = mergeQueue === undefined ? -1 : 0.1;
    expect(told.byQueue / told.runs, JSON.stringify(told)).toBeGreaterThan(least);
  },
  600_000,
);
