import { analysisOf } from '../../src/analysis/analysis.ts';
import { riskOf } from '../../src/analysis/risk.ts';
import type { Analysis } from '../../src/analysis/types.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { hour, minute } from '../../src/shared/time.ts';
import { sampleFacts } from '../analysis/sample-facts.ts';
import {
  ann,
  asked,
  bo,
  digest,
  granted,
  merged,
  mergeStarted,
  noon,
  opened,
  pullRequest,
  repository,
  rolledOut,
} from '../rollout/story.ts';

/** An analysis with a summary of a model, as it is stored. */
export const analysis: Analysis = analysisOf(sampleFacts, riskOf(sampleFacts), {
  sentence: { text: 'The kernel moves within its 6.12 series.', facts: ['P1'] },
  bullets: [{ text: 'containerd moves to 2.2.4.', facts: ['P2'] }],
  unknowns: [],
  dropped: 1,
  model: 'a-model',
  promptVersion: '1',
});

const analysed: RolloutEvent = { type: 'AnalysisCompleted', analysis: { ...analysis }, at: noon };
const start = [opened, analysed];
const ready = [...start, asked('staging')];
const approved = [...ready, granted('staging', ann)];
const inStaging = { environment: 'staging', wave: 'wave-1', at: noon };
const open = [...approved, pullRequest('staging')];
const merging = [...open, mergeStarted('staging')];
const syncing: RolloutEvent[] = [
  ...merging,
  merged('staging'),
  { type: 'MergeVerified', ...inStaging },
];
const turning: RolloutEvent[] = [
  ...syncing,
  { type: 'SyncObserved', ...inStaging, cluster: 'stg' },
  { type: 'ReplacementObserved', ...inStaging, replaced: 1, total: 3 },
];
const soaking: RolloutEvent[] = [
  ...turning,
  { type: 'SoakStarted', ...inStaging, until: noon + hour, total: 3 },
];
const staged = [...approved, ...rolledOut('staging')];
const promoted = [...staged, asked('production'), granted('production', ann)];
const going = [...promoted, granted('production', bo)];
const done: RolloutEvent[] = [
  ...going,
  ...rolledOut('production', 'wave-1', 2),
  ...rolledOut('production', 'wave-2', 3),
  { type: 'RolloutCompleted', at: noon + 9 * hour },
];
const back: RolloutEvent = {
  type: 'RollbackRequested',
  by: bo,
  reason: 'Pods lose their connections.',
  recoveries: [
    {
      environment: 'staging',
      wave: 'rollback-1',
      clusters: ['stg'],
      repositories: [repository],
      to: 'al2023@v20261021',
      digest,
    },
  ],
  leftOut: [{ cluster: 'prod-a', why: 'no node ran the earlier image' }],
  at: noon + hour,
};
const onTheWay = { environment: 'staging', wave: 'rollback-1', at: noon + hour };
const closed = (
  outcome: 'rejected' | 'expired' | 'closed' | 'overtaken' | 'observed',
): RolloutEvent => ({
  type: 'RolloutClosed',
  outcome,
  at: noon + hour,
});

/** One story for every state a card can show, each made of events as they are stored. */
export const stories: Readonly<Record<string, readonly RolloutEvent[]>> = {
  analysing: [opened],
  'needs-approval': ready,
  'needs-approval-without-analysis': [
    opened,
    { type: 'AnalysisUnavailable', reason: 'timeout', at: noon },
    asked('staging'),
  ],
  'needs-approval-one-of-two': promoted,
  snoozed: [
    ...ready,
    {
      type: 'Snoozed',
      by: ann,
      until: noon + 24 * hour,
      why: 'Freeze over the weekend.',
      at: noon,
    },
  ],
  approved: open,
  merging,
  syncing,
  'rolling-out': turning,
  soaking,
  'between-environments': staged,
  'second-wave': [
    ...going,
    ...rolledOut('production', 'wave-1', 2),
    pullRequest('production', 'wave-2', 3),
  ],
  paused: [...turning, { type: 'RolloutPaused', by: ann, reason: 'Looking at errors.', at: noon }],
  stalled: [
    ...turning,
    {
      type: 'ReplacementStalled',
      ...inStaging,
      blockers: ['ip-10-2-3-4: the PodDisruptionBudget payments/api allows 0 disruptions'],
    },
  ],
  'merge-differs': [
    ...merging,
    merged('staging'),
    { type: 'MergeDiffers', ...inStaging, detail: 'the pin names al2023@v20261101' },
  ],
  'merged-without-approval': [
    ...ready,
    pullRequest('staging'),
    merged('staging', 'wave-1', 1, false),
  ],
  'rolling-back': [...turning, back],
  'rolled-back': [
    ...turning,
    back,
    { type: 'SoakStarted', ...onTheWay, until: noon + hour, total: 3 },
    { type: 'WaveCompleted', ...onTheWay, proven: true, replaced: 3, tail: [] },
    { type: 'RolloutRolledBack', at: noon + hour + 22 * minute },
  ],
  complete: done,
  rejected: [
    ...ready,
    {
      type: 'EnvironmentRejected',
      environment: 'staging',
      by: bo,
      reason: 'The kernel hangs on our storage nodes.',
      at: noon,
    },
    closed('rejected'),
  ],
  expired: [
    ...ready,
    { type: 'ApprovalExpired', environment: 'staging', ask: 1, at: noon },
    closed('expired'),
  ],
  superseded: [
    ...ready,
    { type: 'RolloutSuperseded', by: ReleaseId.parse('al2023@v20261125'), at: noon },
  ],
  closed: [
    ...open,
    { type: 'PullRequestClosed', ...inStaging, repository, number: 1, by: 'octocat' },
    closed('closed'),
  ],
  overtaken: [
    ...ready,
    {
      type: 'EnvironmentOvertaken',
      environment: 'staging',
      detail: 'stg is at al2023@v20261118',
      at: noon,
    },
    closed('overtaken'),
  ],
  observed: [
    ...start,
    { type: 'EnvironmentObserved', environment: 'staging', pins: 1, at: noon },
    closed('observed'),
  ],
};

/** Names as Slack gives them. */
export const names: ReadonlyMap<string, string> = new Map([
  [ann, 'Ann Lee'],
  [bo, 'Bo Chen'],
]);

/** A clean rollout from its first event to its last. */
export const cleanStory = done;
