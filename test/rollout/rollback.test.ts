import { expect, test } from 'vitest';
import type { RecoveryPlan } from '../../src/rollout/command.ts';
import { decide } from '../../src/rollout/decide.ts';
import type { EventOf, RolloutEvent } from '../../src/rollout/events.ts';
import { nextStep } from '../../src/rollout/next-step.ts';
import { environmentNamed, waveNamed } from '../../src/rollout/rollout.ts';
import { day, second } from '../../src/shared/time.ts';
import {
  after,
  ann,
  approvedProduction,
  asked,
  askedFor,
  backDigest,
  bo,
  cy,
  given,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  plan,
  policy,
  pullRequest,
  pullRequestClosed,
  repository,
  rollback,
  rolledOut,
  standing,
  stepsOf,
} from './story.ts';

const { environments: openedOnes } = opened as EventOf<'RolloutOpened'>;
const done = [
  ...approvedProduction,
  ...rolledOut('production'),
  ...rolledOut('production', 'wave-2', 2),
];
const plans = (clusters: readonly string[], environment = 'production'): RecoveryPlan[] => [
  {
    environment,
    clusters,
    repositories: [repository],
    to: 'al2023@v20261021',
    digest: backDigest,
  },
];
const rollBack = {
  type: 'RollBack' as const,
  by: bo,
  may: 'yes' as const,
  reason: 'kernel hang in payments',
  plans: plans(['prod-a']),
  leftOut: [],
  now: noon,
};
const inBack = { environment: 'production', wave: 'rollback-1', at: noon };
/** The way back of production from its pull request to its end. */
const wentBack: readonly RolloutEvent[] = [
  pullRequest('production', 'rollback-1', 9),
  { ...mergeStarted('production', 'rollback-1', 9), digest: backDigest } as RolloutEvent,
  merged('production', 'rollback-1', 9),
  { type: 'MergeVerified', ...inBack },
  { type: 'WaveCompleted', ...inBack, proven: true, replaced: 3, tail: [] },
];
const completed: RolloutEvent = { type: 'RolloutCompleted', at: noon };

test('a completed rollout is rolled back, and is open again until it is back', () => {
  const rollout = given(...done, completed)
    .when(rollBack)
    .decides('RollbackRequested');
  expect(rollout.outcome).toBeUndefined();
  expect(standing(rollout, 'production')).toBe('rolling [complete complete] back [waiting]');
  const back = given(...done, completed, rollback({ production: ['prod-a'] }), ...wentBack)
    .when({ type: 'Close', now: noon })
    .decides('RolloutRolledBack');
  expect(standing(back, 'production')).toBe('rolled-back [complete complete] back [complete]');
});

test.each([
  ['no', 'not-allowed-to-stop'],
  ['guest-or-bot', 'guest-or-bot'],
  ['unknown', 'cannot-check'],
] as const)('whom the directory answers %s rolls nothing back', (may, code) => {
  given(...done)
    .when({ ...rollBack, may })
    .refuses(code);
});

const stops: readonly (readonly [string, RolloutEvent])[] = [
  ['paused', { type: 'RolloutPaused', by: cy, at: noon }],
  ['snoozed', { type: 'Snoozed', by: cy, until: noon + day, at: noon }],
  ['complete', completed],
  ['closed', { type: 'RolloutClosed', outcome: 'failed', at: noon }],
];

test.each(stops)('a rollout that is %s is rolled back like any other', (_, event) => {
  const rollout = given(...done, event)
    .when(rollBack)
    .decides('RollbackRequested');
  expect(rollout.paused).toBeUndefined();
  expect(rollout.snoozed).toBeUndefined();
  expect(stepsOf(rollout)).toContain('open-pull-request production rollback-1');
});

const startBack = {
  type: 'StartMerge' as const,
  environment: 'production',
  wave: 'rollback-1',
  digest: backDigest,
  parts: [{ repository, number: 9, headSha: 'head' }],
  approversNow: [],
  before: [],
  now: noon,
};
const opening = [
  ...done,
  rollback({ production: ['prod-a'] }),
  pullRequest('production', 'rollback-1', 9),
];

test('the way back merges on the word of who asked for it, paused or not', () => {
  const paused: RolloutEvent = { type: 'RolloutPaused', by: cy, at: noon };
  given(...opening, paused)
    .when(startBack)
    .decides('MergeStarted');
  expect(stepsOf(after(...opening, paused))).toContain(
    'advance-pull-request production rollback-1',
  );
  given(...opening)
    .when({ ...startBack, digest: 'd'.repeat(64) as never })
    .decides();
});

test('a pause does not slow the way back', () => {
  const paused: RolloutEvent = { type: 'RolloutPaused', by: cy, at: noon };
  const rollout = after(...opening, paused);
  expect(nextStep(rollout, noon, new Set(stepsOf(rollout)))).toEqual({
    do: 'look-again',
    at: noon + 20 * second,
  });
});

test('a second rollback does not change on whose word the first one merges', () => {
  const second = { ...rollback({ staging: ['stg'] }), by: bo } as RolloutEvent;
  const rollout = after(...opening, second);
  expect(waveNamed(rollout, 'production', 'rollback-1')?.recovery?.by).toBe(ann);
  expect(standing(rollout, 'production')).toBe('rolling [complete complete] back [pull-request]');
  expect(standing(rollout, 'staging')).toBe('rolling [complete] back [waiting]');
});

test('only what ran something proven goes back to it', () => {
  given(...done)
    .when({ ...rollBack, plans: plans(['prod-a', 'prod-z']) })
    .refuses('no-way-back');
  const unproven = pullRequest('staging') as Extract<RolloutEvent, { type: 'PullRequestOpened' }>;
  const doubtful = {
    ...unproven,
    before: unproven.before?.map((one) => ({ ...one, proven: false })) ?? [],
  };
  const story = [opened, asked('staging'), granted('staging', ann), doubtful];
  given(...story, ...rolledOut('staging').slice(1))
    .when({ ...rollBack, plans: plans(['stg'], 'staging') })
    .refuses('no-way-back');
  given(...done)
    .when({ ...rollBack, plans: [] })
    .refuses('no-way-back');
  given(...done)
    .when({ ...rollBack, plans: plans([]) })
    .refuses('no-way-back');
});

test('a cluster that moved in two waves goes back only where both found something proven', () => {
  const twice = (proven: boolean) =>
    [
      ...approvedProduction,
      ...rolledOut('production'),
      ...rolledOut('production', 'wave-2', 2),
    ].map((event): RolloutEvent => {
      if (event.type === 'ApprovalRequested' && event.environment === 'production')
        return { ...event, waves: event.waves.map((wave) => ({ ...wave, clusters: ['prod-a'] })) };
      if (event.type !== 'PullRequestOpened' || event.environment !== 'production') return event;
      const before = (event.before ?? []).slice(0, 1).map((one) => ({
        ...one,
        cluster: 'prod-a',
        proven: event.wave === 'wave-1' || proven,
      }));
      return { ...event, before };
    });
  const back = { ...rollBack, plans: plans(['prod-a']) };
  given(...twice(false))
    .when(back)
    .refuses('no-way-back');
  expect(decide(after(...twice(true)), back).refusal).toBeUndefined();
});

test('what did not move has nothing to go back from', () => {
  const waiting = [...approvedProduction, pullRequest('production')];
  given(...waiting)
    .when(rollBack)
    .refuses('no-way-back');
  given(opened, asked('staging')).when(rollBack).refuses('nothing-to-roll-back');
});

test('a cluster that is on its way back, or back, does not go again', () => {
  given(...opening)
    .when(rollBack)
    .refuses('already-decided');
  given(...done, rollback({ production: ['prod-a'] }), ...wentBack)
    .when(rollBack)
    .refuses('no-way-back');
  given(...opening)
    .when({ ...rollBack, plans: plans(['prod-b']) })
    .decides('RollbackRequested');
});

test('a merge under way is no reason to refuse, unless there is nothing else', () => {
  const first = [opened, asked('staging'), granted('staging', ann)];
  const merging = [...first, pullRequest('staging'), mergeStarted('staging')];
  const { refusal } = given(...merging)
    .when({ ...rollBack, plans: plans(['stg'], 'staging') })
    .refuses('merge-under-way');
  expect(refusal?.pullRequest).toBe(1);
  const second = [
    ...approvedProduction,
    ...rolledOut('production'),
    pullRequest('production', 'wave-2', 2),
    mergeStarted('production', 'wave-2', 2),
  ];
  const rollout = given(...second)
    .when(rollBack)
    .decides('RollbackRequested');
  expect(standing(rollout, 'production')).toBe('rolling [complete closed] back [waiting]');
  expect(stepsOf(rollout)).toContain('close-pull-request production wave-2 acme/gitops 2');
});

test('a wave that is not taken back is followed to its end', () => {
  const turning = [
    ...approvedProduction,
    ...rolledOut('production'),
    ...rolledOut('production', 'wave-2', 2).slice(0, 4),
    rollback({ production: ['prod-a'] }),
  ];
  const rollout = after(...turning);
  expect(standing(rollout, 'production')).toBe('rolling [complete syncing] back [waiting]');
  expect(stepsOf(rollout)).toContain('watch-delivery production wave-2');
  given(...turning, ...wentBack)
    .when({ type: 'Close', now: noon })
    .decides();
});

test('a wave that is taken back is not followed forward any more', () => {
  const rollout = after(
    ...approvedProduction,
    ...rolledOut('production').slice(0, 4),
    rollback({ production: ['prod-a'] }),
  );
  expect(standing(rollout, 'production')).toBe('rolling [rolled-back closed] back [waiting]');
  expect(stepsOf(rollout)).not.toContain('watch-delivery production wave-1');
});

test('a wave goes back whole: what is left of it is not followed', () => {
  const rollout = after(
    ...approvedProduction,
    ...rolledOut('production'),
    ...rolledOut('production', 'wave-2', 2).slice(0, 4),
    rollback({ production: ['prod-b'] }),
  );
  expect(standing(rollout, 'production')).toBe('rolling [complete rolled-back] back [waiting]');
});

test('what merges late in a wave that went back stays there', () => {
  const two = {
    ...(askedFor({}, 1) as Extract<RolloutEvent, { type: 'ApprovalRequested' }>),
    waves: [
      { name: 'wave-1', clusters: ['prod-a'], repositories: [repository, 'acme/more' as never] },
    ],
  };
  const other = { repository: 'acme/more' };
  const rollout = after(
    ...approvedProduction.slice(0, -3),
    two,
    pullRequest('production', 'wave-1', 1),
    { ...pullRequest('production', 'wave-1', 1), ...other } as RolloutEvent,
    merged('production', 'wave-1', 1, false),
    rollback({ production: ['prod-a'] }),
    { ...merged('production', 'wave-1', 1, false), ...other } as RolloutEvent,
  );
  expect(standing(rollout, 'production')).toBe('rolling [rolled-back] back [waiting]');
});

test('nothing a look still finds stops or turns a rollback', () => {
  const story = [
    ...approvedProduction,
    ...rolledOut('production'),
    rollback({ production: ['prod-a'] }),
  ];
  const environment = 'production';
  given(...story)
    .when({ type: 'VoidApprovals', environment, because: 'change-moved', now: noon })
    .decides();
  given(...story)
    .when({ ...askedFor({ 'wave-1': ['prod-a'] }), type: 'Ask', now: noon } as never)
    .decides();
  given(...story)
    .when({
      type: 'StartMerge',
      environment,
      wave: 'wave-2',
      digest: backDigest,
      parts: [],
      approversNow: [ann, bo],
      before: [],
      now: noon,
    })
    .decides();
});

test('a forward pull request that is merged after the rollback was asked for is not approved', () => {
  const rollout = given(
    ...approvedProduction,
    ...rolledOut('production'),
    pullRequest('production', 'wave-2', 2),
    rollback({ production: ['prod-a'] }),
  )
    .when({
      type: 'RecordMerge',
      environment: 'production',
      wave: 'wave-2',
      repository,
      number: 2,
      mergeSha: 'merge',
      mergedBy: 'octocat',
      now: noon,
    })
    .decides('PullRequestMerged');
  expect(environmentNamed(rollout, 'production')?.unapprovedMerge?.by).toBe('octocat');
  expect(standing(rollout, 'production')).toBe('rolling [complete merged] back [waiting]');
});

const both = rollback({ production: ['prod-a'], staging: ['stg'] });

test('an environment goes back when those after it are merged, not while they are being merged', () => {
  const staging = 'open-pull-request staging rollback-1';
  const [open, started, made] = wentBack as [RolloutEvent, RolloutEvent, RolloutEvent];
  expect(stepsOf(after(...done, both))).not.toContain(staging);
  expect(stepsOf(after(...done, both, open))).not.toContain(staging);
  expect(stepsOf(after(...done, both, open, started))).not.toContain(staging);
  expect(stepsOf(after(...done, both, open, started, made))).toContain(staging);
});

test('environments side by side go back together, in whatever order they are written', () => {
  const open = {
    ...opened,
    environments: [
      plan(policy('production', { after: ['eu', 'us'] }), [['prod-a']]),
      plan(policy('us'), [['us']]),
      plan(policy('eu'), [['eu']]),
    ],
  } as RolloutEvent;
  const all = after(open, rollback({ eu: ['eu'], us: ['us'], production: ['prod-a'] }));
  expect(stepsOf(all).filter((step) => step.startsWith('open'))).toEqual([
    'open-pull-request production rollback-1',
  ]);
  const two = after(open, rollback({ eu: ['eu'], us: ['us'] }));
  expect(stepsOf(two).filter((step) => step.startsWith('open'))).toEqual([
    'open-pull-request us rollback-1',
    'open-pull-request eu rollback-1',
  ]);
});

const ends: readonly (readonly [string, RolloutEvent, string])[] = [
  ['was closed by hand', pullRequestClosed('production', 'rollback-1', 9), 'closed'],
  [
    'met a pin moved by hand',
    { type: 'PinOvertaken', ...inBack, by: 'x', detail: 'x' },
    'overtaken',
  ],
  ['brought something else', { type: 'MergeDiffers', ...inBack, detail: 'more' }, 'failed'],
];

test.each(ends)('a way back that %s does not count as rolled back', (_, event, outcome) => {
  const rollout = given(...opening, event)
    .when({ type: 'Close', now: noon })
    .decides('RolloutClosed');
  expect(environmentNamed(rollout, 'production')?.phase.name).toBe(outcome);
  expect(rollout.outcome?.name).toBe(outcome);
  given(...opening, event)
    .when(rollBack)
    .decides('RollbackRequested');
});

test('a way back that brought something else fails', () => {
  const differs: RolloutEvent = { type: 'MergeDiffers', ...inBack, detail: 'more' };
  const story = [...done, both, ...wentBack.slice(0, 3), differs];
  const rollout = after(...story);
  expect(standing(rollout, 'production')).toBe('failed [complete complete] back [failed]');
  expect(standing(rollout, 'staging')).toBe('rolling [complete] back [waiting]');
});

test.each(ends)(
  'a way back that %s and succeeds at the second attempt is rolled back',
  (_, event, ended) => {
    const again = wentBack.map((one) => ({ ...one, wave: 'rollback-2' }) as RolloutEvent);
    const story = [...opening, event, rollback({ production: ['prod-a'] }, 2)];
    expect(standing(after(...story), 'production')).toBe(
      `rolling [complete complete] back [${ended} waiting]`,
    );
    const rollout = after(...story, ...again);
    expect(environmentNamed(rollout, 'production')?.phase.name).toBe('rolled-back');
  },
);

test('one environment back and one not is not rolled back', () => {
  const stuck = { ...inBack, environment: 'staging' };
  const rollout = given(...done, both, ...wentBack, {
    type: 'PinOvertaken',
    ...stuck,
    by: 'x',
    detail: 'x',
  })
    .when({ type: 'Close', now: noon })
    .decides('RolloutClosed');
  expect(rollout.outcome?.name).toBe('overtaken');
});

test('environments that are not taken back end where they stand', () => {
  const rollout = after(...approvedProduction, rollback({ staging: ['stg'] }));
  expect(standing(rollout, 'production')).toBe('closed [closed closed]');
  const complete = after(...done, rollback({ production: ['prod-a'] }));
  expect(standing(complete, 'staging')).toBe('complete [complete]');
});

test('each plan must have a way back, and be of this rollout', () => {
  given(...done)
    .when({ ...rollBack, plans: [...plans(['prod-a']), ...plans(['stg', 'stg-2'], 'staging')] })
    .refuses('no-way-back');
  given(...done)
    .when({ ...rollBack, plans: plans(['prod-a'], 'nowhere') })
    .refuses('no-way-back');
  given(...done, rollback({ production: ['prod-a', 'prod-b'] }))
    .when(rollBack)
    .refuses('already-decided');
});

test('approvers that leave do not touch an environment on its way back', () => {
  given(...approvedProduction, ...rolledOut('production'), rollback({ production: ['prod-a'] }))
    .when({
      type: 'VoidApprovals',
      environment: 'production',
      because: 'no-longer-approver',
      of: [ann],
      now: noon,
    })
    .decides();
});

const soakingSecond = [
  ...approvedProduction,
  ...rolledOut('production'),
  ...rolledOut('production', 'wave-2', 2).slice(0, -1),
];
const secondComplete = rolledOut('production', 'wave-2', 2).slice(-1);

test('a wave that completes meanwhile does not make the way back', () => {
  const first = [...soakingSecond, rollback({ production: ['prod-a'] })];
  expect(standing(after(...first, ...secondComplete), 'production')).toBe(
    'rolling [complete complete] back [waiting]',
  );
  const again = [
    ...first,
    pullRequest('production', 'rollback-1', 9),
    pullRequestClosed('production', 'rollback-1', 9),
    rollback({ production: ['prod-a'] }, 2),
  ];
  expect(standing(after(...again, ...secondComplete), 'production')).toBe(
    'rolling [complete complete] back [closed waiting]',
  );
});

test('what landed elsewhere and differs does not stop the way back', () => {
  const story = [
    ...approvedProduction,
    ...rolledOut('production'),
    ...rolledOut('production', 'wave-2', 2).slice(0, 3),
    rollback({ production: ['prod-a'] }),
    { type: 'MergeDiffers', ...inBack, wave: 'wave-2', detail: 'more' } as const,
  ];
  expect(standing(after(...story), 'production')).toBe('rolling [complete failed] back [waiting]');
});

test('an environment before that cannot go back does not end the one after it', () => {
  const story = [
    ...done,
    both,
    ...wentBack.slice(0, 3),
    pullRequest('staging', 'rollback-1', 10),
    pullRequestClosed('staging', 'rollback-1', 10),
  ];
  expect(standing(after(...story), 'staging')).toBe('closed [complete] back [closed]');
  expect(standing(after(...story), 'production')).toBe('rolling [complete complete] back [merged]');
});

test('some clusters back and some not is not rolled back', () => {
  const again = wentBack.map((event) => ({ ...event, wave: 'rollback-2' }) as RolloutEvent);
  const rollout = after(
    ...done,
    rollback({ production: ['prod-a', 'prod-b'] }),
    pullRequest('production', 'rollback-1', 9),
    pullRequestClosed('production', 'rollback-1', 9),
    rollback({ production: ['prod-a'] }, 2),
    ...again,
  );
  expect(environmentNamed(rollout, 'production')?.phase.name).toBe('closed');
});

test('a way back that somebody merged by hand was approved when it was asked for', () => {
  const rollout = given(...opening)
    .when({
      type: 'RecordMerge',
      environment: 'production',
      wave: 'rollback-1',
      repository,
      number: 9,
      mergeSha: 'merge',
      mergedBy: 'octocat',
      now: noon,
    })
    .decides('PullRequestMerged');
  expect(environmentNamed(rollout, 'production')?.unapprovedMerge).toBeUndefined();
});

test('a rollout ends as its way back did, whatever ended beside it', () => {
  const eu = { ...opened, environments: [plan(policy('eu'), [['eu']]), ...openedOnes] };
  const rejected: RolloutEvent = {
    type: 'EnvironmentRejected',
    environment: 'eu',
    by: ann,
    reason: 'kernel hang',
    at: noon,
  };
  const rollout = given(
    eu as RolloutEvent,
    rejected,
    ...opening.slice(1),
    pullRequestClosed('production', 'rollback-1', 9),
  )
    .when({ type: 'Close', now: noon })
    .decides('RolloutClosed');
  expect(rollout.outcome?.name).toBe('closed');
});
