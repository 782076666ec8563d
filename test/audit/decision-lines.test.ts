import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columns, csvHeader, csvLine } from '../../src/audit/decision-csv.ts';
import type { DecisionLine, ReadCommit } from '../../src/audit/decision-line.ts';
import { decisionLines } from '../../src/audit/decision-line.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { policyHash } from '../../src/rollout/policy.ts';
import { Digest } from '../../src/shared/ids.ts';
import {
  ann,
  asked,
  bo,
  digest,
  granted,
  noon,
  opened,
  rolledOut,
  staging,
} from '../rollout/story.ts';

const commitsOf = (
  events: readonly RolloutEvent[],
  actor: ReadCommit['actor'] = { kind: 'slack', id: ann },
): ReadCommit[] =>
  events.map((event, i) => ({
    sequence: i + 1,
    events: [event],
    actor,
    at: noon,
    cause: `click:${i}`,
  }));

const people = [{ slack: ann, github: 'ann-lee' }];
const story = [opened, asked('staging'), granted('staging', ann), ...rolledOut('staging')];
const lines = decisionLines('ro_0123456789', commitsOf(story), people);
const of = (what: string) => lines.find((line) => line.what === what);

describe('one line a decision', () => {
  test('says who, in Slack and on GitHub, when, of what change, under which policy, and what was merged', () => {
    expect(of('ApprovalGranted')).toEqual({
      at: '2026-11-20T12:00:00.000Z',
      stream: 'ro_0123456789',
      sequence: 3,
      event: 1,
      what: 'ApprovalGranted',
      release: 'al2023@v20261118',
      environment: 'staging',
      clusters: ['stg'],
      slack: ann,
      github: 'ann-lee',
      digest,
      policy: policyHash(staging),
      pullRequests: ['acme/gitops#1'],
      commits: ['merge'],
      cause: 'click:2',
    });
  });

  test('names the rules in force from the start', () => {
    expect(of('RolloutOpened')?.policy).toContain(`staging=${policyHash(staging)}`);
  });

  test('follows a merge to its commit, with who merged it on GitHub', () => {
    expect(of('PullRequestMerged')).toMatchObject({
      github: 'amiable[bot]',
      pullRequests: ['acme/gitops#1'],
      commits: ['merge'],
      wave: 'wave-1',
    });
  });

  test('leaves out what only follows nodes', () => {
    expect(of('SyncObserved')).toBeUndefined();
    expect(of('SoakStarted')).toBeUndefined();
    expect(of('WaveCompleted')).toBeDefined();
  });

  test('maps a GitHub login back to the Slack user, whatever its case', () => {
    const by = 'Ann-Lee';
    const closed = { environment: 'staging', wave: 'wave-1', at: noon } as const;
    const [line] = decisionLines(
      'ro_1',
      commitsOf([
        { type: 'PullRequestClosed', ...closed, repository: 'acme/gitops' as never, number: 3, by },
      ]),
      people,
    );
    expect(line).toMatchObject({ slack: ann, github: by, pullRequests: ['acme/gitops#3'] });
  });

  test('shows the cloud identity behind the command line', () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/oncall/bo';
    const events: RolloutEvent[] = [
      { type: 'RolloutPaused', by: bo, reason: 'incident 12', at: noon },
    ];
    const [line] = decisionLines('ro_1', commitsOf(events, { kind: 'cloud', id: arn }), people);
    expect(line).toMatchObject({ slack: bo, cloud: arn, reason: 'incident 12' });
    expect(line?.github).toBeUndefined();
  });

  test('tells what somebody tried, and why not', () => {
    const events: RolloutEvent[] = [
      {
        type: 'AttemptRefused',
        by: bo,
        wanted: 'RollBack',
        reason: 'not-allowed-to-stop',
        at: noon,
      },
    ];
    expect(decisionLines('ro_1', commitsOf(events))[0]).toMatchObject({
      wanted: 'RollBack',
      reason: 'not-allowed-to-stop',
    });
  });
});

describe('the way back', () => {
  const backDigest = Digest.parse('b'.repeat(64));
  const at = noon + 60_000;
  const inBack = { environment: 'staging', wave: 'rollback-1', at } as const;
  const pull = { ...inBack, repository: 'acme/gitops' as never, number: 7 } as const;
  const back: RolloutEvent[] = [
    {
      type: 'RollbackRequested',
      by: ann,
      reason: 'kernel regression',
      recoveries: [
        {
          ...inBack,
          clusters: ['stg'],
          repositories: ['acme/gitops' as never],
          to: 'al2023@v20261021',
          digest: backDigest,
        },
      ],
      leftOut: [],
      at,
    },
    { type: 'PullRequestOpened', ...pull, url: 'u', branch: 'b', headSha: 'h' },
    { type: 'PullRequestMerged', ...pull, mergeSha: 'back', by: 'amiable[bot]', approved: true },
    { type: 'WaveCompleted', ...inBack, proven: true, replaced: 1, tail: [] },
  ];
  const all = decisionLines('ro_0123456789', commitsOf([...story, ...back]), people);

  test('is told by its own change and pull request, not by those of what it takes back', () => {
    expect(all.slice(-4)).toMatchObject(
      back.map(({ type: what }) => ({
        what,
        digest: backDigest,
        policy: policyHash(staging),
        clusters: ['stg'],
        pullRequests: ['acme/gitops#7'],
        commits: ['back'],
      })),
    );
    expect(all.find(({ what }) => what === 'PullRequestMerged')?.digest).toBe(digest);
  });
});

test('a brake names its clusters', () => {
  const events: RolloutEvent[] = [
    { type: 'BrakeSet', clusters: ['stg'], by: ann, at: noon },
    { type: 'BrakeReleased', cluster: 'stg', nodes: 3, at: noon },
  ];
  expect(decisionLines('ro_1', commitsOf(events)).map(({ clusters }) => clusters)).toEqual([
    ['stg'],
    ['stg'],
  ]);
});

test('a line stands where the record does, also where somebody decided with a slow clock', () => {
  const slow: RolloutEvent = { type: 'RolloutPaused', by: ann, at: noon - 3_600_000 };
  const [line] = decisionLines('ro_1', commitsOf([slow]));
  expect(line?.at).toBe('2026-11-20T12:00:00.000Z');
});

describe('as CSV', () => {
  const line = (reason: string): DecisionLine => ({
    at: '2026-11-20T12:00:00.000Z',
    stream: 'global',
    sequence: 1,
    event: 1,
    what: 'Frozen',
    pullRequests: ['acme/gitops#1', 'acme/gitops#2'],
    commits: [],
    reason,
  });
  const reasonOf = (text: string) => parsed(csvLine(line(text)))[columns.indexOf('reason')];

  test('has a header and as many cells', () => {
    expect(parsed(csvLine(line('because')))).toHaveLength(csvHeader.split(',').length);
    expect(parsed(csvLine(line('x')))[columns.indexOf('pullRequests')]).toBe(
      'acme/gitops#1 acme/gitops#2',
    );
  });

  test.each(['=1+1', '+1', '-2', '@SUM(A1)', '\t=1', ' =1', '＝1', '|calc', '%0', '\r=1'])(
    '%j is text, not a formula',
    (text) => {
      expect(reasonOf(text)).toMatch(/^'/);
    },
  );

  test('whatever people typed, it is one cell of one line that no spreadsheet computes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const written = csvLine(line(text));
        expect(written).not.toMatch(/[\r\n]/);
        expect(parsed(written)).toHaveLength(columns.length);
        expect(reasonOf(text)).not.toMatch(/^[=+\-@\t\r]/);
      }),
    );
  });
});

/** Cells of one line of RFC 4180, every cell quoted. */
function parsed(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, one = '']) =>
    one.replaceAll('""', '"'),
  );
}

describe('of the fleet’s stream', () => {
  const events = [
    {
      type: 'ReleaseMarkedBad',
      release: 'al2023@v20261110',
      variant: 'nvidia',
      cluster: 'prod-a',
      reason: 'the driver hangs',
      by: ann,
      at: noon,
    },
    { type: 'Frozen', by: ann, reason: 'incident 12', at: noon },
    {
      type: 'ReleaseMarkedBad',
      release: 'al2023@v20261118',
      reason: 'boot loop',
      by: bo,
      at: noon,
    },
    {
      type: 'HoldSet',
      kind: 'cluster',
      name: 'prod-a',
      until: Date.UTC(2026, 11, 10),
      reason: 'checkout peak',
      by: ann,
      at: noon,
    },
    { type: 'HoldLifted', kind: 'pool', name: 'gpu', cluster: 'prod-a', by: ann, at: noon },
  ];
  const fleet = decisionLines(
    'global',
    events.map((event, i) => ({
      sequence: i + 1,
      events: [event],
      actor: { kind: 'slack' },
      at: noon,
    })),
  );

  test('each line says its own release, and how far it reaches', () => {
    const said = fleet.map(({ release, scope, clusters }) => ({ release, scope, clusters }));
    expect(said).toEqual([
      {
        release: 'al2023@v20261110',
        scope: 'al2023@v20261110 for variant nvidia, prod-a',
        clusters: ['prod-a'],
      },
      { release: undefined, scope: undefined, clusters: undefined },
      { release: 'al2023@v20261118', scope: 'al2023@v20261118', clusters: undefined },
      { release: undefined, scope: 'prod-a until 2026-12-10T00:00:00.000Z', clusters: ['prod-a'] },
      { release: undefined, scope: 'pool gpu in prod-a', clusters: ['prod-a'] },
    ]);
  });

  test('a snooze says until when, and what gave way to which release', () => {
    const lines = decisionLines(
      'ro_1',
      commitsOf([
        { type: 'Snoozed', by: ann, until: Date.UTC(2026, 10, 25), at: noon },
        { type: 'RolloutSwitched', by: ann, to: 'al2023@v20261120' as never, at: noon },
      ]),
    );
    expect(lines.map(({ scope }) => scope)).toEqual([
      'until 2026-11-25T00:00:00.000Z',
      'al2023@v20261120',
    ]);
  });
});
