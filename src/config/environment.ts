import { z } from 'zod';
import type { ApprovalRule, DecisionRule } from '../rollout/policy.ts';
import { Approval, from, Rule, ruleOf } from './approval.ts';
import { contradictions } from './contradictions.ts';
import {
  duration,
  flag,
  listOf,
  name,
  oneOf,
  relation,
  section,
  text,
  wholeNumber,
} from './fields.ts';
import { Health } from './health.ts';
import { Freeze, Window } from './merge-times.ts';

// One environment: promotion order, who decides, and when.

const waveForms =
  'rest, {clusters: 1}, {clusters: [name, …]}, {perRegion: 1} or {nodeClasses: [name, …]}, numbers being at least 1';

const atLeastOne = 'a whole number, at least 1';
const oneOrMore = z.int({ error: () => atLeastOne }).min(1, { error: () => atLeastOne });
const someClusters = `${atLeastOne}, or a list of cluster names`;
const someClasses = 'a list of names of EC2NodeClasses, at least one';
const nodeClass = text(
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
  'the name of an EC2NodeClass: 1 to 253 lower-case letters, digits, dots and dashes',
);
const waveSoak = duration('0s', '30d')
  .optional()
  .describe('Healthy time before the next wave, instead of soak.');

// Without a transformation: it would hide which of the forms was meant from the errors.
const Wave = z.union(
  [
    z.literal('rest'),
    z.strictObject({
      clusters: z
        .union(
          [
            z.int({ error: () => someClusters }).min(1, { error: () => someClusters }),
            listOf(name('a cluster'), someClusters).min(1, { error: () => someClusters }),
          ],
          { error: () => someClusters },
        )
        .describe('So many of those left, or these.'),
      soak: waveSoak,
    }),
    z.strictObject({
      perRegion: oneOrMore.describe('So many of each region.'),
      soak: waveSoak,
    }),
    z.strictObject({
      nodeClasses: listOf(nodeClass, someClasses)
        .min(1, { error: () => someClasses })
        .describe('These EC2NodeClasses, in all clusters that no wave took before.'),
      soak: waveSoak,
    }),
  ],
  { error: () => waveForms },
);

const soakForms = 'a duration such as 90s, 15m, 2h, 7d or 1h30m, from 0s to 30d';
const soakTime = () => duration('0s', '30d');

const Soak = z.union(
  [
    soakTime(),
    section({
      for: soakTime().describe('Healthy time.'),
      atLeast: section({
        nodes: wholeNumber(1, 100_000)
          .optional()
          .describe('So many nodes have to show it, else nothing is proven.'),
        nodeHours: wholeNumber(1, 10_000_000)
          .optional()
          .describe('So many hours of nodes have to be seen healthy.'),
      })
        .prefault({})
        .describe('What a soak has to have seen to prove something.'),
    }),
  ],
  { error: () => `${soakForms}, or a mapping with the keys for, atLeast` },
);

const share = 'a percentage from 50% to 100%, such as 95%';

const finishKeys = {
  atLeast: z
    .string({ error: () => share })
    .regex(/^(?:[5-9]\d(?:\.\d+)?|100(?:\.0+)?)\s*%$/, { error: () => share })
    .transform((written) => Number.parseFloat(written) / 100)
    .describe('Share of each NodePool that has to run the new image.'),
  patience: duration('0s', '30d').prefault('12h').describe('How long the rest is waited for.'),
  // biome-ignore lint/suspicious/noThenProperty: the word people write; nothing awaits it
  then: oneOf(['continue-with-tail', 'ask'])
    .prefault('continue-with-tail')
    .describe('ask: it goes on once somebody has resumed the rollout.'),
};

const Finish = section({
  ...finishKeys,
  pools: z
    .record(z.string(), section(finishKeys), {
      error: () =>
        'a mapping of NodePool names to a rule each, such as { batch: { atLeast: 80% } }',
    })
    .prefault({})
    .describe('NodePools, by name, with a rule of their own.'),
});

const Expedite = section({
  from: from.describe('Who may open the fast lane: two of them, each with a reason.'),
  minimumAge: duration('0s', '90d')
    .optional()
    .describe('Instead of minimumAge, for a fix of a critical or known-exploited CVE.'),
  soak: duration('0s', '30d')
    .optional()
    .describe('Instead of soak, for a fix of a critical or known-exploited CVE.'),
  cadence: oneOf(['keep', 'skip'])
    .optional()
    .describe('skip: a fix of a critical or known-exploited CVE waits for no turn; default: keep.'),
}).check(
  relation<{ from?: unknown }>(
    ({ from: ids }) =>
      !Array.isArray(ids) ||
      ids.length > 1 ||
      ids.some((id) => typeof id !== 'string' || id.startsWith('S')),
    ['from'],
    'names one person, and it takes two.',
  ),
);

/** Where nothing is ever asked, nobody may answer. */
const nobody: DecisionRule = { users: [], groups: [], count: 1 };

export const Environment = section({
  name: name('an environment').describe('Name, as people read it and {environment} matches it.'),
  after: listOf(name('an environment'), 'a list of environments')
    .prefault([])
    .describe('Environments that must have soaked healthily first.'),
  mode: oneOf(['observe', 'propose', 'merge']).describe(
    'observe: only say; propose: open pull requests; merge: merge them too.',
  ),
  protected: flag().prefault(false).describe('True: nothing happens here that no person decided.'),
  waves: listOf(Wave, `a list of waves, at least one: ${waveForms}`)
    .min(1, { error: () => `a list of waves, at least one: ${waveForms}` })
    .prefault(['rest'])
    .describe('Which clusters, or node classes of them, move together, in order.'),
  pullRequest: section({
    open: oneOf(['on-approval', 'on-detection'])
      .optional()
      .describe('When it is opened: once approved (default), or as soon as people are asked.'),
    merge: oneOf(['when-green', 'by-button', 'in-github'])
      .optional()
      .describe(
        'when-green (default): by itself; by-button: once somebody presses Merge; in-github: merging there is the approval.',
      ),
  })
    .optional()
    .describe('When pull requests are opened, and who merges them.'),
  maxClustersRolling: wholeNumber(1, 10_000)
    .optional()
    .describe('No more clusters than this move at once; left out: a whole wave does.'),
  approval: Approval.optional().describe('Who approves; may be left out where mode is observe.'),
  recovery: Rule.optional().describe('Who pauses and rolls back; default: approvers, count 1.'),
  minimumAge: duration('0s', '90d')
    .prefault('0s')
    .describe('A release younger than this is not asked about yet.'),
  cadence: oneOf(['weekly', 'monthly'])
    .optional()
    .describe('At most one release a week or a month begins here.'),
  soak: Soak.prefault('1h').describe('Healthy time before the next wave.'),
  stableFor: duration('0s', '1d')
    .prefault('2m')
    .describe('How long all nodes must run the new image before the soak begins.'),
  expires: duration('5m', '90d').prefault('7d').describe('When an unanswered ask ends.'),
  remindAfter: duration('1m', '90d')
    .optional()
    .describe('When an open ask is told once more; default: at half of expires.'),
  validFor: duration('5m', '90d')
    .optional()
    .describe('How long an approval counts; left out: as long as what it names stands.'),
  window: Window.optional(),
  finishBefore: oneOf(['window', 'none'])
    .optional()
    .describe('window: merge only what the forecast ends inside; default in protected ones.'),
  onWindowEnd: oneOf(['continue', 'brake', 'ask'])
    .optional()
    .describe('What happens to nodes that still move when the window ends; default: continue.'),
  freeze: listOf(Freeze, 'a list of freezes').prefault([]).describe('Times without merges.'),
  expedite: Expedite.optional().describe('The fast lane; left out: there is none.'),
  finish: Finish.optional().describe(
    'When the wave goes on without nodes that cannot move yet; left out: never.',
  ),
  health: Health.prefault({}),
  stallAfter: duration('1m', '7d')
    .prefault('30m')
    .describe('A wave in which no node finished for this long is called stalled.'),
})
  .check(
    relation<{ approval?: unknown; mode?: unknown; pullRequest?: { merge?: unknown } | undefined }>(
      ({ approval, mode, pullRequest }) =>
        approval !== undefined ||
        (mode !== 'propose' && mode !== 'merge') ||
        pullRequest?.merge === 'in-github',
      ['approval'],
      'is missing: it must say who approves, unless mode is observe.',
    ),
    ...contradictions,
  )
  .transform(({ approval, recovery, soak, expedite, ...environment }) => {
    const approvers = approvalOf(approval, recovery);
    const { for: soakMs, atLeast = {} } = typeof soak === 'number' ? { for: soak } : soak;
    const { nodes, nodeHours } = atLeast;
    const { users, groups } = approvers;
    return {
      ...environment,
      approval: approvers,
      recovery: recovery ?? { users, groups, count: 1 },
      soak: soakMs,
      ...(nodes === undefined && nodeHours === undefined
        ? {}
        : {
            soakAtLeast: {
              ...(nodes === undefined ? {} : { nodes }),
              ...(nodeHours === undefined ? {} : { nodeHours }),
            },
          }),
      ...(expedite === undefined
        ? {}
        : {
            expedite: {
              ...ruleOf(expedite.from, 2),
              ...(expedite.minimumAge === undefined ? {} : { minimumAgeMs: expedite.minimumAge }),
              ...(expedite.soak === undefined ? {} : { soakMs: expedite.soak }),
              ...(expedite.cadence === 'skip' ? { skipsCadence: true as const } : {}),
            },
          }),
    };
  })
  .describe('An environment and its policy.');

/**
 * Where the policy approves everything, whoever may stop it decides what it must not approve by itself. Where GitHub's
 * rules are the authority, the same people say no, and let pass what was merged past them.
 */
function approvalOf(
  approval: ApprovalRule | 'automatic' | undefined,
  recovery: DecisionRule | undefined,
): ApprovalRule {
  if (approval !== undefined && approval !== 'automatic') return approval;
  const able = { ...(recovery ?? nobody), count: 1 };
  return approval === 'automatic' ? { ...able, automatic: 'always' } : able;
}
