import type { NodeClassReport, TrackReport } from '../../src/tracking/track-report.ts';
import { trackText } from '../../src/tracking/track-text.ts';
import { KarpenterUnsupportedError } from '../../src/workflow/ports/karpenter-unsupported-error.ts';
import { application, kindsOfNode, nobody } from './cluster.ts';

const reported = {
  name: 'default',
  wanted: ['ami-new'],
  ready: true,
  nodes: { total: 5, current: 1, drifted: 1, draining: 1, launching: 1, failed: 1 },
  because: null,
};
/** A new state does not compile until it stands here. */
const states: Readonly<Record<NodeClassReport['state'], NodeClassReport>> = {
  complete: {
    ...reported,
    state: 'complete',
    nodes: { total: 5, current: 5, drifted: 0, draining: 0, launching: 0, failed: 0 },
  },
  rolling: { ...reported, state: 'rolling' },
  'no-nodes': { ...reported, state: 'no-nodes' },
  unresolved: { ...reported, state: 'unresolved', because: 'no image found for al2023@v20991231' },
};
const report: TrackReport = {
  at: '2026-11-20T12:00:00Z',
  nodeClasses: Object.values(states),
  blockers: [],
  forecast: null,
  applications: [],
  notHandled: nobody,
  notChecked: [],
};

export const trackSentences: readonly string[] = [
  trackText(report),
  trackText({
    ...report,
    nodeClasses: [],
    notHandled: null,
    notChecked: ['pods: forbidden'],
    forecast: {
      nodes: 1,
      pods: 12,
      workloads: 1,
      singleReplica: [],
      withVolume: 0,
      doNotDisrupt: [],
      blockingBudgets: ['payments/ledger'],
      surge: [],
      shutPools: ['frozen'],
      startsAt: '2026-11-20T22:00:00Z',
      endsAt: { p50: '2026-11-21T00:00:00Z', p80: '2026-11-21T01:00:00Z' },
    },
    applications: [
      {
        ...application,
        nodeClasses: ['default'],
        revision: 'a1b2c3d',
        message: 'SyncError: refused',
      },
    ],
  }),
  trackText({ ...report, nodeClasses: [], notHandled: kindsOfNode }),
  new KarpenterUnsupportedError('stg', []).message,
  new KarpenterUnsupportedError('stg', ['karpenter.sh/v1beta1']).message,
];
