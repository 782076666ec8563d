import { z } from 'zod';
import {
  address,
  amount,
  duration,
  listOf,
  name,
  region,
  secret,
  section,
  wholeNumber,
} from './fields.ts';

const alarmName = 'the name of an alarm, at most 255 characters';
const percent = () => amount(1, 100).transform((value) => value / 100);

const PromGate = section({
  name: name('an alarm').describe('What people read when it fires.'),
  url: address()
    .transform((value) => value.replace(/\/$/, ''))
    .describe('Address of Prometheus, without /api.'),
  query: z
    .string({ error: () => 'PromQL' })
    .min(1, { error: () => 'PromQL' })
    .max(4000, { error: () => 'PromQL of at most 4,000 characters' })
    .describe('Answers with something only when it is bad; $cluster is the cluster.'),
  token: secret(/^\S+$/, 'a token').optional().describe('Bearer token, where it asks for one.'),
});

const CloudWatchGate = section({
  name: name('an alarm').describe('What people read when it fires.'),
  alarm: z
    .string({ error: () => alarmName })
    .regex(/^\S(.{0,253}\S)?$/, { error: () => alarmName })
    .describe('Name of the alarm in CloudWatch; $cluster is the cluster.'),
  region: region().optional().describe("Default: the cluster's."),
});

/** When new nodes count as worse than the old ones; the defaults are those of `src/tracking/health.ts`. */
export const Health = section({
  notReadyNodes: wholeNumber(1, 1000)
    .optional()
    .describe('New nodes that are not Ready: at least so many,'),
  notReadyPercent: percent().optional().describe('and this share of the new ones.'),
  lostLaunches: wholeNumber(1, 1000)
    .optional()
    .describe('New nodes that went away without having been Ready.'),
  samplePods: wholeNumber(1, 1000)
    .optional()
    .describe('Pods of one kind on new nodes, and on old ones, before they are compared.'),
  newPercent: percent().optional().describe('Share of them in trouble on new nodes.'),
  oldPercent: percent().optional().describe('And on old ones at most.'),
  grace: duration('0s', '1d')
    .optional()
    .describe('A node or pod may take so long to come up, and an Application may be Degraded.'),
  promql: listOf(PromGate, 'a list of alarms').prefault([]).describe('Alarms of your own.'),
  cloudwatch: listOf(CloudWatchGate, 'a list of alarms')
    .prefault([])
    .describe('Alarms of CloudWatch.'),
}).describe('When new nodes are bad enough to halt a rollout.');
export type Health = z.infer<typeof Health>;
