import { describe, expect, test } from 'vitest';
import type { CommandOf } from '../../src/rollout/command.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { StoredAnalysis } from '../../src/rollout/opening-events.ts';
import type { EnvironmentPolicy } from '../../src/rollout/policy.ts';
import type { SlackUserId } from '../../src/shared/ids.ts';
import { day, hour, minute } from '../../src/shared/time.ts';
import {
  ann,
  asked,
  bo,
  cy,
  digest,
  given,
  granted,
  noon,
  opened,
  plan,
  policy,
  pullRequest,
  repository,
  rolledOut,
  stepsOf,
  after as told,
} from './story.ts';

const risk = (level: 'low' | 'medium' | 'high', more: object = {}): StoredAnalysis => ({
  risk: { level },
  ...more,
});
const analysed = (level: 'low' | 'medium' | 'high', more: object = {}): RolloutEvent => ({
  type: 'AnalysisCompleted',
  analysis: risk(level, more),
  at: noon,
});
const urgent = {
  security: {
    status: 'checked',
    fixed: [
      { id: 'CVE-2026-0001', severity: 'critical' },
      { id: 'CVE-2026-0002', severity: 'low' },
    ],
  },
};

/** A rollout of staging alone, under these rules, asked about. */
function staging(changes: Partial<EnvironmentPolicy>, ...more: readonly RolloutEvent[]) {
  const rules = policy('staging', changes);
  return [
    { ...opened, environments: [plan(rules, [['stg']])] } as RolloutEvent,
    { ...asked('staging'), policy: rules } as RolloutEvent,
    ...more,
  ];
}
const mergeOf = (approversNow: readonly SlackUserId[]) =>
  ({
    type: 'StartMerge',
    environment: 'staging',
    wave: 'wave-1',
    digest,
    parts: [{ repository, number: 1, headSha: 'head' }],
    approversNow,
    before: [],
    now: noon,
  }) as const;
const approvers = { users: [ann, bo], groups: [], count: 1 };
const inStaging = { environment: 'staging' } as const;
const open = { expedite: { users: [ann, bo, cy], groups: [], count: 2 } };

describe('the policy approves by itself', () => {
  const always = { approval: { ...approvers, automatic: 'always' as const } };
  const low = { approval: { ...approvers, automatic: 'low-risk' as const } };
  const command = { type: 'ApproveAutomatically', ...inStaging, now: noon } as const;

  test('what it was told to, and the environment is approved', () => {
    const rollout = given(...staging(always))
      .when(command)
      .decides('ApprovedAutomatically');
    expect(rollout.environments[0]?.phase.name).toBe('approved');
    expect(stepsOf(told(...staging(always)))).toContain('approve-automatically staging');
  });
  test('a low risk', () => {
    given(...staging(low, analysed('low')))
      .when(command)
      .decides('ApprovedAutomatically');
  });
  test.each([
    ['a medium risk', staging(low, analysed('medium'))],
    ['a risk nobody has looked at', staging(low)],
    [
      'a low risk that was raised since',
      staging(low, analysed('low'), {
        type: 'RiskRaised',
        level: 'high',
        because: 'recalled',
        at: noon,
      }),
    ],
    ['anything in a protected environment', staging({ ...always, protected: true })],
    [
      'anything while the rollout is paused',
      staging(always, { type: 'RolloutPaused', by: ann, at: noon }),
    ],
  ])('but not %s', (_, events) => {
    given(...events)
      .when(command)
      .decides();
    expect(stepsOf(told(...events))).not.toContain('approve-automatically staging');
  });
  test('but not what was not proven in the environment before', () => {
    const rules = policy('staging', always);
    given(
      { ...opened, environments: [plan(rules, [['stg']])] } as RolloutEvent,
      { ...asked('staging'), policy: rules, unproven: ['dev-1'] } as RolloutEvent,
    )
      .when(command)
      .decides();
  });
  test('but not an ask that has expired', () => {
    given(...staging(always))
      .when({ ...command, now: noon + 7 * day })
      .decides();
  });
  test('and what it approved is merged on nobody’s word but its own', () => {
    const rollout = given(
      ...staging(always),
      { type: 'ApprovedAutomatically', ...inStaging, digest, because: 'always', at: noon },
      pullRequest('staging'),
    )
      .when({
        type: 'StartMerge',
        ...inStaging,
        wave: 'wave-1',
        digest,
        parts: [{ repository: repository, number: 1, headSha: 'head' }],
        approversNow: [],
        before: [],
        now: noon,
      })
      .decides('MergeStarted');
    expect(rollout.environments[0]?.phase.name).toBe('rolling');
  });
});

describe('an open ask', () => {
  const command = { type: 'Remind', ...inStaging, now: noon + 84 * hour } as const;
  test('is told once more at half its time, and never again', () => {
    given(...staging({}))
      .when({ ...command, now: command.now - 1 })
      .decides();
    given(...staging({}))
      .when(command)
      .decides('ApproversReminded');
    const reminded: RolloutEvent = { type: 'ApproversReminded', ...inStaging, ask: 1, at: noon };
    given(...staging({}, reminded))
      .when(command)
      .decides();
    expect(stepsOf(told(...staging({})), command.now)).toContain('remind staging');
    expect(stepsOf(told(...staging({}, reminded)), command.now)).not.toContain('remind staging');
  });
  test('is told when the policy says so', () => {
    given(...staging({ remindAfterMs: hour }))
      .when({ ...command, now: noon + hour })
      .decides('ApproversReminded');
  });
  test('is not told again once it is answered, or in quiet', () => {
    given(...staging({}, granted('staging', ann)))
      .when(command)
      .decides();
    const quiet: RolloutEvent = { type: 'Snoozed', by: ann, until: noon + 9 * day, at: noon };
    given(...staging({}, quiet))
      .when(command)
      .decides();
  });
  test('ends by itself, and silence approves nothing', () => {
    const rollout = given(...staging({}))
      .when({ type: 'Expire', ...inStaging, now: noon + 7 * day })
      .decides('ApprovalExpired');
    expect(rollout.environments[0]?.phase.name).toBe('expired');
  });
});

describe('an approval that is too old', () => {
  const rules = { validForMs: 2 * day };
  const merge = {
    type: 'StartMerge',
    ...inStaging,
    wave: 'wave-1',
    digest,
    parts: [{ repository: repository, number: 1, headSha: 'head' }],
    approversNow: [ann],
    before: [],
    now: noon + 2 * day,
  } as const;
  const approved = staging(rules, granted('staging', ann), pullRequest('staging'));

  test('counts until then, and no longer', () => {
    given(...approved)
      .when({ ...merge, now: merge.now - 1 })
      .decides('MergeStarted');
    given(...approved)
      .when(merge)
      .decides();
  });
  test('drops out with its reason, and it is asked again with its full time', () => {
    const command = { type: 'ExpireApprovals', ...inStaging, now: merge.now } as const;
    given(...approved)
      .when({ ...command, now: merge.now - 1 })
      .decides();
    const rollout = given(...approved)
      .when(command)
      .decides('ApprovalsVoided');
    expect(rollout.environments[0]).toMatchObject({
      phase: { name: 'awaiting-approval' },
      ask: { grants: [], expiresAt: merge.now + 7 * day },
      voided: { because: 'no-longer-valid' },
    });
    expect(stepsOf(told(...approved), merge.now)).toContain('expire-approvals staging');
  });
  test('is not missed where everything is merged already', () => {
    given(...staging(rules, granted('staging', ann), ...rolledOut('staging')))
      .when({ type: 'ExpireApprovals', ...inStaging, now: merge.now })
      .decides();
  });
});

describe('approvals of two sets', () => {
  const sets = [
    { name: 'platform', users: [ann, bo], groups: [], count: 1 },
    { name: 'sre', users: [bo, cy], groups: [], count: 1 },
  ];
  const both = { approval: { users: [ann, bo, cy], groups: [], count: 2, sets } };
  const says = (by: SlackUserId, ...of: number[]) =>
    ({ type: 'Approve', ...inStaging, ask: 1, by, may: 'yes', sets: of, now: noon }) as const;
  const grant = (by: SlackUserId, ...of: number[]): RolloutEvent => ({
    ...(granted('staging', by) as RolloutEvent & { type: 'ApprovalGranted' }),
    sets: of,
  });

  test('somebody in both counts for the one still missing', () => {
    const rollout = given(...staging(both, grant(bo, 0, 1)))
      .when(says(ann, 0))
      .decides('ApprovalGranted');
    expect(rollout.environments[0]?.phase.name).toBe('approved');
  });
  test('two of the same set are not enough', () => {
    const rollout = given(...staging(both, grant(ann, 0)))
      .when(says(cy, 0))
      .decides('ApprovalGranted');
    expect(rollout.environments[0]?.phase.name).toBe('awaiting-approval');
  });
  test('who presses twice is told which set is missing', () => {
    const { refusal } = given(...staging(both, grant(ann, 0)))
      .when(says(ann, 0))
      .refuses('already-approved');
    expect(refusal).toMatchObject({ missing: 1, missingOf: ['sre'] });
  });
  test('who went to another set since no longer fills the first', () => {
    const ready = staging(both, grant(ann, 0), grant(cy, 1), pullRequest('staging'));
    const merge = {
      type: 'StartMerge',
      ...inStaging,
      wave: 'wave-1',
      digest,
      parts: [{ repository: repository, number: 1, headSha: 'head' }],
      approversNow: [ann, cy],
      before: [],
      now: noon,
    } as const;
    given(...ready)
      .when(merge)
      .decides('MergeStarted');
    given(...ready)
      .when({ ...merge, setsNow: [{ by: cy, sets: [0] }] })
      .decides();
  });
});

describe('a release that is too young', () => {
  const rules = policy('staging', { minimumAgeMs: 3 * day });
  const young: RolloutEvent = {
    ...(opened as RolloutEvent & { type: 'RolloutOpened' }),
    environments: [plan(rules, [['stg']])],
    releasedAt: noon - day,
  };
  const ask: CommandOf<'Ask'> = {
    type: 'Ask',
    ...inStaging,
    digest,
    policy: rules,
    waves: [{ name: 'wave-1', clusters: ['stg'] }],
    pins: 1,
    now: noon + 2 * day,
  };

  test('is not asked about before its time', () => {
    given(young)
      .when({ ...ask, now: ask.now - 1 })
      .decides();
    given(young).when(ask).decides('ApprovalRequested');
  });
  test('is told once when it will be, and looked at again by the rules of then', () => {
    const defer = {
      type: 'Defer',
      ...inStaging,
      until: noon + 2 * day,
      because: 'minimum-age',
      now: noon,
    } as const;
    const rollout = given(young).when(defer).decides('EnvironmentDeferred');
    expect(stepsOf(rollout)).toContain('ask-later staging');
    const said: RolloutEvent = {
      type: 'EnvironmentDeferred',
      ...inStaging,
      until: defer.until,
      because: 'minimum-age',
      at: noon,
    };
    given(young, said).when(defer).decides();
  });
});

describe('a risk that is raised', () => {
  const raise = {
    type: 'RaiseRisk',
    level: 'high',
    because: 'it was recalled',
    now: noon,
  } as const;
  const approved = staging({}, analysed('low'), granted('staging', ann));
  const raised: RolloutEvent = { type: 'RiskRaised', level: 'high', because: 'recalled', at: noon };
  const voids = {
    type: 'VoidApprovals',
    ...inStaging,
    because: 'risk-raised',
    detail: 'recalled',
    now: noon,
  } as const;

  test('has what was approved on less asked again, and nothing is merged on it meanwhile', () => {
    const rollout = given(...approved, pullRequest('staging'))
      .when(raise)
      .decides('RiskRaised');
    expect(stepsOf(rollout)).toContain('void-for-risk staging');
    given(...approved, pullRequest('staging'), raised)
      .when(mergeOf([ann]))
      .decides();
    expect(
      given(...approved, raised)
        .when(voids)
        .decides('ApprovalsVoided').environments[0],
    ).toMatchObject({
      phase: { name: 'waiting' },
      voided: { because: 'risk-raised', detail: 'recalled' },
    });
  });
  test('is shown, and no more, where nobody had approved', () => {
    const rollout = given(...staging({}, analysed('low')))
      .when(raise)
      .decides('RiskRaised');
    expect(stepsOf(rollout)).not.toContain('void-for-risk staging');
  });
  test('is no news where it was as high', () => {
    given(...staging({}, analysed('high'), granted('staging', ann)))
      .when(raise)
      .decides();
  });
  test.each([
    ['high', true],
    ['medium', false],
  ] as const)(
    'comes with an analysis that says %s, for who approved before it: %s',
    (level, again) => {
      const command = { type: 'RecordAnalysis', analysis: risk(level), now: noon } as const;
      const rollout = given(...staging({}, granted('staging', ann)))
        .when(command)
        .decides('AnalysisCompleted');
      expect(stepsOf(rollout).includes('void-for-risk staging')).toBe(again);
    },
  );
  test('waits for a merge that is under way, and then asks for the rest', () => {
    const merging = [...approved, ...rolledOut('staging').slice(0, 2), raised];
    expect(stepsOf(told(...merging))).not.toContain('void-for-risk staging');
    expect(stepsOf(told(...merging, ...rolledOut('staging').slice(2, 4)))).not.toContain(
      'void-for-risk staging',
    );
  });
});

describe('a soak', () => {
  const soaking = (atLeast: object) =>
    staging(
      { soakAtLeast: atLeast },
      granted('staging', ann),
      ...rolledOut('staging').slice(0, -1),
    );
  const seen = {
    type: 'RecordSoak',
    ...inStaging,
    wave: 'wave-1',
    healthyMs: hour,
    healthyNodeMs: 3 * hour,
    total: 3,
    now: noon + hour,
  } as const;

  test('of enough nodes for long enough proves the image', () => {
    const rollout = given(...soaking({ nodes: 3, nodeHours: 3 }))
      .when(seen)
      .decides('WaveCompleted');
    expect(rollout.environments[0]?.waves[0]?.phase).toMatchObject({ proven: true });
  });
  test('goes on until so many hours of nodes were seen', () => {
    given(...soaking({ nodeHours: 4 }))
      .when(seen)
      .decides();
    given(...soaking({ nodeHours: 4 }))
      .when({ ...seen, healthyNodeMs: 4 * hour })
      .decides('WaveCompleted');
  });
  test('of too few nodes ends and proves nothing', () => {
    const rollout = given(...soaking({ nodes: 4 }))
      .when(seen)
      .decides('WaveCompleted');
    expect(rollout.environments[0]?.waves[0]?.phase).toMatchObject({ proven: false });
  });
});

describe('the fast lane', () => {
  const ask = (by: SlackUserId) =>
    ({
      type: 'Expedite',
      ...inStaging,
      by,
      may: 'yes',
      reason: 'exploited kernel bug',
      now: noon,
    }) as const;
  const requested = (by: SlackUserId): RolloutEvent => ({
    type: 'ExpediteRequested',
    ...inStaging,
    by,
    reason: 'exploited kernel bug',
    at: noon,
  });
  const lifted: RolloutEvent = {
    type: 'EnvironmentExpedited',
    ...inStaging,
    by: [ann, bo],
    fixes: [],
    at: noon,
  };
  const night = { window: { cron: '0 2 * * *', durationMs: hour, timeZone: 'UTC' }, ...open };
  const merge = {
    type: 'StartMerge',
    ...inStaging,
    wave: 'wave-1',
    digest,
    parts: [{ repository: repository, number: 1, headSha: 'head' }],
    approversNow: [ann],
    before: [],
    now: noon + minute,
  } as const;

  test('takes two different people', () => {
    given(...staging(open))
      .when(ask(ann))
      .decides('ExpediteRequested');
    given(...staging(open, requested(ann)))
      .when(ask(ann))
      .refuses('already-approved');
    given(...staging(open, requested(ann)))
      .when(ask(bo))
      .decides('ExpediteRequested', 'EnvironmentExpedited');
  });
  test('counts nobody who asked and may no longer', () => {
    const asked = given(...staging(open, requested(ann)))
      .when({ ...ask(bo), lapsed: [ann] })
      .decides('ExpediteRequested');
    expect(asked.environments[0]?.expedite).toEqual({
      requests: [{ by: bo, reason: 'exploited kernel bug' }],
    });
    const again = { ...requested(bo), lapsed: [ann] };
    given(...staging(open, requested(ann), again))
      .when(ask(cy))
      .decides('ExpediteRequested', 'EnvironmentExpedited');
    given(...staging(open, requested(ann), again))
      .when(ask(ann))
      .decides('ExpediteRequested', 'EnvironmentExpedited');
  });
  test('is for those the policy names, and only where it names some', () => {
    given(...staging(open))
      .when({ ...ask(cy), may: 'no' })
      .refuses('not-an-expediter');
    given(...staging({}))
      .when(ask(ann))
      .refuses('nothing-to-expedite');
  });
  test('lifts a window, once it is open', () => {
    const ready = [granted('staging', ann), pullRequest('staging')];
    given(...staging(night, ...ready))
      .when(merge)
      .decides();
    given(...staging(night, ...ready, requested(ann)))
      .when(merge)
      .decides();
    given(...staging(night, ...ready, requested(ann), requested(bo), lifted))
      .when(merge)
      .decides('MergeStarted');
  });
  test('never lifts a freeze, and never replaces an approval', () => {
    const freezes = [{ from: '2026-11-20', to: '2026-11-21', timeZone: 'UTC', reason: 'peak' }];
    given(
      ...staging({ ...night, freezes }, granted('staging', ann), pullRequest('staging'), lifted),
    )
      .when(merge)
      .decides();
    given(...staging(night, pullRequest('staging'), lifted))
      .when(merge)
      .decides();
  });
  test('shortens age and soak by itself for an urgent fix, where the policy says so', () => {
    const rules = {
      minimumAgeMs: day,
      expedite: { ...open.expedite, minimumAgeMs: 0, soakMs: minute },
    };
    const command = { type: 'ExpediteByPolicy', ...inStaging, now: noon } as const;
    const rollout = given(...staging(rules, analysed('low', urgent)))
      .when(command)
      .decides('EnvironmentExpedited');
    expect(rollout.environments[0]?.expedite?.open?.fixes).toEqual(['CVE-2026-0001']);
    expect(stepsOf(told(...staging(rules, analysed('low', urgent))))).toContain(
      'expedite-by-policy staging',
    );
    given(...staging(rules, analysed('low')))
      .when(command)
      .decides();
    given(...staging({ ...rules, protected: true }, analysed('low', urgent)))
      .when(command)
      .decides();
  });
  test('shortens the soak of the wave, and only for an urgent fix', () => {
    const rules = { expedite: { ...open.expedite, soakMs: minute } };
    const replaced = {
      type: 'RecordReplacement',
      ...inStaging,
      wave: 'wave-1',
      replaced: 3,
      total: 3,
      steadySince: noon,
      blockers: [],
      movedAt: noon,
      now: noon + hour,
    } as const;
    const turning = [granted('staging', ann), ...rolledOut('staging').slice(0, 5)];
    const soakOf = (fixes: string[]) => {
      const events = staging(rules, ...turning, { ...lifted, fixes } as RolloutEvent);
      const wave = given(...events)
        .when(replaced)
        .decides('ReplacementObserved', 'SoakStarted').environments[0]?.waves[0];
      return wave?.phase.name === 'soaking' ? wave.phase.until - wave.phase.since : undefined;
    };
    expect(soakOf(['CVE-2026-0001'])).toBe(minute);
    expect(soakOf([])).toBe(hour);
  });
});

describe('the end of a window under a wave that moves', () => {
  const window = { cron: '0 12 * * *', durationMs: hour, timeZone: 'UTC', onEnd: 'ask' as const };
  const moving = [granted('staging', ann), ...rolledOut('staging').slice(0, 4)];
  const command = { type: 'EndWindow', ...inStaging, wave: 'wave-1', now: noon + hour } as const;

  test('pauses the rollout once, until somebody resumes it', () => {
    given(...staging({ window }, ...moving))
      .when({ ...command, now: command.now - 1 })
      .decides();
    const rollout = given(...staging({ window }, ...moving))
      .when(command)
      .decides('WindowEnded');
    expect(rollout.paused).toBeDefined();
    expect(rollout.paused?.by).toBeUndefined();
    const ended: RolloutEvent = {
      type: 'WindowEnded',
      ...inStaging,
      wave: 'wave-1',
      next: 'ask',
      at: noon + hour,
    };
    const resumed: RolloutEvent = { type: 'RolloutResumed', by: ann, at: noon + hour };
    given(...staging({ window }, ...moving, ended, resumed))
      .when(command)
      .decides();
  });
  test('is nothing where the policy lets it go on', () => {
    const { onEnd: _, ...quiet } = window;
    given(...staging({ window: quiet }, ...moving))
      .when(command)
      .decides();
  });
});

test('a freeze that was written since holds at once, and one that was lifted does not', () => {
  const freezes = [{ from: '2026-11-20', to: '2026-11-21', timeZone: 'UTC', reason: 'peak' }];
  const merge = {
    type: 'StartMerge',
    ...inStaging,
    wave: 'wave-1',
    digest,
    parts: [{ repository: repository, number: 1, headSha: 'head' }],
    approversNow: [ann],
    before: [],
    now: noon,
  } as const;
  const ready = [granted('staging', ann), pullRequest('staging')];
  given(...staging({}, ...ready))
    .when({ ...merge, freezes })
    .decides();
  given(...staging({ freezes }, ...ready))
    .when(merge)
    .decides();
  given(...staging({ freezes }, ...ready))
    .when({ ...merge, freezes: [] })
    .decides('MergeStarted');
});
