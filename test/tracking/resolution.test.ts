import { expect, test } from 'vitest';
import { resolutionOf } from '../../src/tracking/resolution.ts';
import type { ConditionView, NodeClassView } from '../../src/tracking/types.ts';
import { wanted } from './node-claims.ts';

function condition(type: string, changes: Partial<ConditionView> = {}): ConditionView {
  return { type, status: 'True', reason: type, message: '', observedGeneration: 8, ...changes };
}

function nodeClass(
  changes: Partial<NodeClassView> = {},
  conditions: readonly ConditionView[] = [],
): NodeClassView {
  const types = ['AMIsReady', 'SubnetsReady', 'Ready'];
  return {
    name: 'default',
    generation: 8,
    terms: [{ alias: 'al2023@v20260724', other: false }],
    amis: ['ami-new', 'ami-new-arm'],
    conditions: types.map(
      (type) => conditions.find((given) => given.type === type) ?? condition(type),
    ),
    ...changes,
  };
}

const alias = { kind: 'alias', value: 'al2023@v20260724' } as const;

test('is resolved when the class shows the selector, current and Ready, with wanted images only', () => {
  expect(resolutionOf(nodeClass(), wanted, alias)).toEqual({ kind: 'resolved' });
});

test.each([
  {
    why: 'still shows the old selector',
    given: nodeClass({ terms: [{ alias: 'al2023@v20260714', other: false }] }),
  },
  {
    why: 'says AMIsReady for the generation before',
    given: nodeClass({}, [
      condition('AMIsReady', { observedGeneration: 7 }),
      condition('SubnetsReady', { observedGeneration: 7 }),
      condition('Ready', { observedGeneration: 7 }),
    ]),
  },
  { why: 'still lists an old image', given: nodeClass({ amis: ['ami-new', 'ami-old'] }) },
  { why: 'lists no image at all', given: nodeClass({ amis: [] }) },
  {
    why: 'is not Ready for another reason',
    given: nodeClass({}, [condition('Ready', { status: 'False', reason: 'UnhealthyDependents' })]),
  },
  {
    why: 'is Ready for the generation before',
    given: nodeClass({}, [condition('Ready', { observedGeneration: 7 })]),
  },
  { why: 'has no conditions yet', given: nodeClass({ conditions: [] }) },
])('is pending while the class $why', ({ given }) => {
  expect(resolutionOf(given, wanted, alias).kind).toBe('pending');
});

test('an alias that resolves to nothing is named though Karpenter sets no condition for it', () => {
  const stalled = nodeClass({ amis: ['ami-old'] }, [
    condition('AMIsReady', { observedGeneration: 7 }),
    condition('Ready', { status: 'Unknown', reason: 'ReconcilingDependents' }),
  ]);
  expect(resolutionOf(stalled, wanted, alias)).toEqual({
    kind: 'unresolvable',
    because: 'no image found for al2023@v20260724',
  });
});

test('a selector that matches no image is unresolvable, in the words of Karpenter', () => {
  const lost = nodeClass({ amis: [] }, [
    condition('AMIsReady', {
      status: 'False',
      reason: 'AMINotFound',
      message: 'AMISelector did not match any AMIs',
    }),
  ]);
  expect(resolutionOf(lost, wanted)).toEqual({
    kind: 'unresolvable',
    because: 'AMINotFound: AMISelector did not match any AMIs',
  });
});

test('ids show when every term is one of them', () => {
  const ids = { kind: 'id', values: new Set(['ami-new', 'ami-new-arm']) } as const;
  const term = (id: string) => ({ id, other: false });
  const kindOf = (terms: NodeClassView['terms']) =>
    resolutionOf(nodeClass({ terms }), wanted, ids).kind;
  expect(kindOf([term('ami-new'), term('ami-new-arm')])).toBe('resolved');
  expect(kindOf([term('ami-new'), term('ami-old')])).toBe('pending');
  expect(kindOf([])).toBe('pending');
});
