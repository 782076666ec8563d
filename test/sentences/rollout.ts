import { consequence } from '../../blocks/consequence.ts';
import { milestoneOf } from '../../blocks/milestone.ts';
import { nodesPicture } from '../../blocks/nodes-picture.ts';
import { summaryLines } from '../../blocks/rollout-summary.ts';
import { environmentText, waveText } from '../../blocks/state.ts';
import type { EventOf, RolloutEvent } from '../../src/rollout/events.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { pageConditions } from '../../src/workflow/page-conditions.ts';
import type { PageCondition } from '../../src/workflow/ports/pages.ts';
import { names } from '../blocks/stories.ts';
import { after, ann, asked, bo, granted, id, noon, opened, rolledOut } from '../rollout/story.ts';

const here = { environment: 'staging', wave: 'wave-1', at: noon } as const;
const moving: readonly RolloutEvent[] = [
  opened,
  asked('staging'),
  granted('staging', ann),
  ...rolledOut('staging').slice(0, 5),
];
const differs = { type: 'MergeDiffers', ...here, detail: 'another file' } as const;
const halted = {
  type: 'RolloutHalted',
  ...here,
  checks: ['launches', 'new-nodes'],
  evidence: ['stg: 3 new nodes went away without having been Ready (NodeClaims)'],
} as const;
const hastening = {
  type: 'ExpediteRequested',
  environment: 'staging',
  reason: 'CVE-2026-0001 is exploited',
  at: noon,
} as const;
const soaking: EventOf<'SoakStarted'> = {
  type: 'SoakStarted',
  ...here,
  at: noon + 46 * minute,
  until: noon + 2 * hour,
  total: 3,
};
const tail = ['stg: ip-1 (NodePool batch): ip-1 keeps pod batch/job, until 2026-11-20T22:00:00Z'];
const observed = { type: 'BrakeObserved', cluster: 'stg', held: 3, at: noon } as const;

/** What people are told of in other tables: proposals, approvals, pull requests, ends that are no end of nodes. */
const elsewhere = 'elsewhere';

/**
 * What the thread says while nodes move, each in the ways it is told. A new event does not compile until it stands here.
 */
const events: {
  readonly [Type in RolloutEvent['type']]: readonly EventOf<Type>[] | typeof elsewhere;
} = {
  RolloutOpened: elsewhere,
  AnalysisCompleted: elsewhere,
  AnalysisUnavailable: elsewhere,
  RiskRaised: elsewhere,
  EnvironmentDeferred: elsewhere,
  ApprovalRequested: elsewhere,
  ApprovalGranted: elsewhere,
  ApprovedAutomatically: elsewhere,
  ApproversReminded: elsewhere,
  ApprovalWithdrawn: elsewhere,
  ApprovalRefused: elsewhere,
  ApprovalsVoided: elsewhere,
  ApprovalExpired: elsewhere,
  EnvironmentRejected: elsewhere,
  EnvironmentObserved: elsewhere,
  EnvironmentOvertaken: elsewhere,
  Snoozed: elsewhere,
  SnoozeEnded: elsewhere,
  PullRequestOpened: elsewhere,
  ChangeRebased: elsewhere,
  MergeRequested: elsewhere,
  MergeStarted: elsewhere,
  MergeHeld: elsewhere,
  PullRequestEnqueued: elsewhere,
  PullRequestMerged: elsewhere,
  MergeVerified: elsewhere,
  UnapprovedMergeAccepted: elsewhere,
  PullRequestClosed: elsewhere,
  AttemptRefused: elsewhere,
  ExpediteRequested: [
    { ...hastening, by: bo },
    { ...hastening, by: bo, lapsed: [ann] },
  ],
  EnvironmentExpedited: elsewhere,
  RolloutPaused: elsewhere,
  RolloutResumed: elsewhere,
  RollbackRequested: elsewhere,
  RolloutSwitched: elsewhere,
  RolloutSuperseded: elsewhere,
  ReleaseRecalled: elsewhere,
  RolloutClosed: elsewhere,
  MergeDiffers: [differs],
  PinOvertaken: [{ type: 'PinOvertaken', ...here, by: 'octocat', detail: 'v20261021 at a1b2c3d' }],
  SyncRequested: [{ type: 'SyncRequested', ...here, cluster: 'stg', by: ann }],
  SyncObserved: [{ type: 'SyncObserved', ...here, cluster: 'stg' }],
  ReplacementObserved: [{ type: 'ReplacementObserved', ...here, replaced: 1, total: 3 }],
  ReplacementStalled: [
    { type: 'ReplacementStalled', ...here, blockers: ['stg: 2 of 3 nodes to go', ...tail] },
    { type: 'ReplacementStalled', ...here, blockers: [] },
  ],
  ReplacementResumed: [{ type: 'ReplacementResumed', ...here }],
  SoakStarted: [
    soaking,
    { ...soaking, until: soaking.at, total: 1 },
    { ...soaking, tail },
    { ...soaking, tail, asks: true },
  ],
  SoakBroken: [{ type: 'SoakBroken', ...here, because: 'stg: 1 of 3 nodes to go, 1 not Ready' }],
  WaveCompleted: [
    { type: 'WaveCompleted', ...here, proven: true, replaced: 3, tail: [] },
    { type: 'WaveCompleted', ...here, proven: false, replaced: 0, tail: [] },
    { type: 'WaveCompleted', ...here, proven: false, replaced: 2, tail: [] },
  ],
  WindowEnded: [
    { type: 'WindowEnded', ...here, next: 'ask' },
    { type: 'WindowEnded', ...here, next: 'brake' },
  ],
  RolloutHalted: [{ ...halted, checks: [...halted.checks], evidence: [...halted.evidence] }],
  BrakeSet: [
    { type: 'BrakeSet', by: ann, reason: 'kernel hang', clusters: ['stg'], at: noon },
    { type: 'BrakeSet', clusters: ['stg'], at: noon },
  ],
  BrakeObserved: [
    { ...observed, moving: 0 },
    { ...observed, moving: 2 },
    { ...observed, held: 0, moving: 0 },
    { ...observed, held: 0, moving: 2 },
    { ...observed, moving: 0, refused: 'nodes "ip-1" is forbidden' },
  ],
  BrakeReleased: [
    { type: 'BrakeReleased', cluster: 'stg', nodes: 3, at: noon },
    { type: 'BrakeReleased', cluster: 'stg', nodes: 0, at: noon },
  ],
  RolloutCompleted: [{ type: 'RolloutCompleted', at: noon + 3 * hour }],
  RolloutRolledBack: [{ type: 'RolloutRolledBack', at: noon + 3 * hour }],
};

const done: readonly RolloutEvent[] = [
  ...moving,
  { type: 'ReplacementObserved', ...here, at: noon + 20 * minute, replaced: 2, total: 3 },
  { type: 'ReplacementStalled', ...here, at: noon + 30 * minute, blockers: [] },
  soaking,
  { type: 'SoakBroken', ...here, at: noon + 50 * minute, because: 'stg: 1 not Ready' },
  { ...soaking, at: noon + hour },
  { type: 'WaveCompleted', ...here, at: noon + 2 * hour, proven: true, replaced: 3, tail },
];
export const milestoneSentences: readonly string[] = Object.values(events).flatMap((rows) =>
  (rows === elsewhere ? [] : rows).map((event: RolloutEvent) => {
    const before = event.type === 'RolloutCompleted' ? done : moving;
    const told = milestoneOf(event, after(...before, event), names);
    return `${event.type}${told?.loud === true ? ', in the channel' : ''}: ${told?.text ?? '(the card alone)'}`;
  }),
);

const complete = { type: 'WaveCompleted', ...here, proven: true, replaced: 3, tail: [] } as const;
/** Each way in which the card tells how far nodes are. */
const standings: readonly (readonly RolloutEvent[])[] = [
  moving.slice(0, 7),
  moving,
  [...moving, { type: 'ReplacementObserved', ...here, replaced: 1, total: 3 }],
  [
    ...moving,
    { type: 'ReplacementObserved', ...here, replaced: 1, total: 3 },
    { type: 'ReplacementStalled', ...here, blockers: [] },
  ],
  [...moving, soaking],
  [...moving, { ...soaking, tail }],
  [...moving, soaking, { ...complete, tail: [] }],
  [...moving, soaking, { ...complete, tail }],
  [...moving, soaking, { ...complete, tail: [], proven: false, replaced: 0 }],
  [...moving, soaking, { ...complete, tail: [], proven: false, replaced: 2 }],
  [...done, { type: 'RolloutCompleted', at: noon + 3 * hour }],
];

export const cardSentences: readonly string[] = standings.map((history) => {
  const rollout = after(...history);
  const [staging] = rollout.environments;
  if (staging === undefined) throw new Error('the story has no environment');
  const [wave] = staging.waves;
  const ofWave = wave === undefined ? '' : waveText(staging, wave);
  return `${environmentText(rollout, staging)} | ${ofWave} | ${consequence(rollout, names)}`;
});

const shown = {
  release: 'al2023@v20261118',
  before: ['al2023@v20261021'],
  total: 3,
  points: [
    { at: noon, moved: 0 },
    { at: noon + hour, moved: 2 },
  ],
  merges: [],
};

export const summarySentences: readonly string[] = [
  ...summaryLines(after(...done), done),
  nodesPicture(id, shown).altText,
  nodesPicture(id, {
    ...shown,
    before: [],
    points: [...shown.points, { at: noon + 2 * hour, moved: 3 }],
  }).altText,
];

const sighting = {
  cluster: 'stg',
  wave: 'staging/wave-1',
  replaced: 1,
  total: 3,
  draining: 0,
  launching: 0,
  at: noon,
};
const paged = (history: readonly RolloutEvent[], changes: object = {}) =>
  pageConditions(after(...history), {
    clusters: new Map([['stg', { ...sighting, ...changes }]]),
    firstLookedAt: new Map(),
    now: noon,
  });

/** A fifth condition does not compile until it stands here. */
const pages: Readonly<Record<PageCondition, ReturnType<typeof paged>>> = {
  'no-new-node': paged(moving, {
    noLaunch: 'EC2NodeClass default resolves to no image, so no new node can launch.',
  }),
  'health-breached': paged([
    ...moving,
    { ...halted, checks: [...halted.checks], evidence: [...halted.evidence] },
  ]),
  'merged-differs': paged([...moving.slice(0, 6), differs]),
  blind: paged(moving, { at: noon - hour }),
};

export const pageSentences: readonly string[] = Object.entries(pages).flatMap(([condition, all]) =>
  all.map((page) => `${condition} (${page.condition}): ${page.summary}`),
);
