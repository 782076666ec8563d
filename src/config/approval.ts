import { z } from 'zod';
import { shortOf } from '../rollout/approval-sets.ts';
import type { ApprovalRule, ApproverSet, DecisionRule } from '../rollout/policy.ts';
import { SlackGroupId, SlackUserId } from '../shared/ids.ts';
import { unknownValue } from './expand-variables.ts';
import { listOf, name, oneOf, relation, section, text, wholeNumber } from './fields.ts';

// Who decides, and how many of them it takes.

const somebody = 'a list of Slack user ids (U…, W…) and user group ids (S…), at least one';

export const from = listOf(
  text(/^[UWS][A-Z0-9]{2,20}$/, 'the id of a Slack user (U…, W…) or user group (S…)'),
  somebody,
).min(1, { error: () => somebody });

const fromText = 'Slack user ids (U…, W…) and user group ids (S…).';

const nobodyTwice = relation<{ from?: unknown }>(
  ({ from: ids }) => !Array.isArray(ids) || new Set(ids).size === ids.length,
  ['from'],
  'names somebody twice, who would still count once.',
);

const enoughPeople = relation<{ from?: unknown; count?: unknown }>(
  ({ from: ids, count }) =>
    !Array.isArray(ids) ||
    typeof count !== 'number' ||
    ids.some((id) => typeof id !== 'string' || id.startsWith('S')) ||
    count <= Math.max(1, new Set(ids).size),
  ['count'],
  'is more than the people in from, which names no user group: nobody could ever decide.',
);

/** Ids as a rule holds them, users and groups apart. */
export function ruleOf(ids: readonly string[], count: number): DecisionRule {
  return {
    users: ids.filter((id) => !id.startsWith('S')).map((id) => SlackUserId.parse(id)),
    groups: ids.filter((id) => id.startsWith('S')).map((id) => SlackGroupId.parse(id)),
    count,
  };
}

/** One of these people, as `recovery` has it. */
export const Rule = section({
  from: from.describe(fromText),
  count: wholeNumber(1, 20).prefault(1).describe('1: one person is enough.'),
})
  .check(
    nobodyTwice,
    relation<{ count?: unknown }>(
      ({ count }) => typeof count !== 'number' || count <= 1,
      ['count'],
      'is more than 1: whoever may stop, or take back, waits for nobody.',
    ),
  )
  .transform(({ from: ids, count }) => ruleOf(ids, count));

const NamedSet = section({
  name: name('a set').describe('What people call it: it stands in messages.'),
  from: from.describe(fromText),
  count: wholeNumber(1, 20).prefault(1).describe('How many of them it takes.'),
})
  .check(nobodyTwice, enoughPeople)
  .transform(
    ({ name: of, from: ids, count }): ApproverSet => ({ ...ruleOf(ids, count), name: of }),
  );

const setForms = 'a list of sets, at least two, each {name: …, from: […], count: 1}';

/** What `approval` says, with `automatic` spelled as the policy has it. */
const ByPeople = section({
  from: from.optional().describe(fromText),
  count: wholeNumber(1, 20).optional().describe('How many different people it takes; default 1.'),
  sets: listOf(NamedSet, setForms)
    .min(2, { error: () => setForms })
    .optional()
    .describe('Instead of from and count: each set has to be filled, everybody counting for one.'),
  automatic: section({
    when: section({
      risk: oneOf(['low']).describe('The highest risk that needs nobody.'),
    }).describe('When the policy approves by itself; else people do.'),
  })
    .optional()
    .describe('What needs no person, where the condition is known to hold.'),
})
  .check(
    relation<{ from?: unknown; sets?: unknown }>(
      ({ from: ids, sets }) => ids !== undefined || sets !== undefined,
      [],
      'says nobody: it needs from, or sets.',
    ),
    relation<{ from?: unknown; count?: unknown; sets?: unknown }>(
      ({ from: ids, count, sets }) =>
        sets === undefined || (ids === undefined && count === undefined),
      ['sets'],
      'stands beside from or count: each set says its own.',
    ),
    nobodyTwice,
    enoughPeople,
    relation<{ sets?: unknown }>(
      ({ sets }) => {
        const names = setsIn(sets).map((set) => set.name);
        return new Set(names).size === names.length;
      },
      ['sets'],
      'has two sets of the same name.',
    ),
    relation<{ sets?: unknown }>(
      ({ sets }) => canFill(setsIn(sets)),
      ['sets'],
      'cannot be filled by the people in them, as everybody counts for one: nobody could ever decide.',
    ),
  )
  .transform(
    ({ from: ids = [], count = 1, sets, automatic }): ApprovalRule => ({
      ...(sets === undefined ? ruleOf(ids, count) : wholeOf(sets)),
      ...(automatic === undefined ? {} : { automatic: 'low-risk' as const }),
    }),
  );

const forms = 'automatic, or a mapping with the keys from, count, sets, automatic';

export const Approval = z.union([z.literal('automatic', { error: () => forms }), ByPeople], {
  error: () => forms,
});

/** Sets as they are once read; whatever is wrong with them is told elsewhere. */
function setsIn(sets: unknown): readonly ApproverSet[] {
  if (!Array.isArray(sets) || sets.includes(unknownValue)) return [];
  return sets.filter(
    (set): set is ApproverSet =>
      typeof set === 'object' && set !== null && Array.isArray((set as { users?: unknown }).users),
  );
}

/** Whether the people could ever fill the sets; where a user group is named, nobody can say that they could not. */
function canFill(sets: readonly ApproverSet[]): boolean {
  if (sets.length === 0 || sets.some(({ groups }) => groups.length > 0)) return true;
  const rule = wholeOf(sets);
  const votes = rule.users.map((by) => ({
    by,
    sets: sets.flatMap(({ users }, index) => (users.includes(by) ? [index] : [])),
  }));
  return shortOf(rule, votes) === 0;
}

function wholeOf(sets: readonly ApproverSet[]): ApprovalRule {
  return {
    users: [...new Set(sets.flatMap(({ users }) => users))],
    groups: [...new Set(sets.flatMap(({ groups }) => groups))],
    count: sets.reduce((sum, { count }) => sum + count, 0),
    sets: [...sets],
  };
}
