import { expect, test } from 'vitest';
import type { Blocker } from '../../src/tracking/blocker.ts';
import { tailSentences } from '../../src/tracking/tail-text.ts';
import { claim } from './node-claims.ts';

const at = Date.parse;
const old = (name: string, nodePool = 'batch') =>
  claim({ name, nodeName: `ip-${name}`, nodePool, imageId: 'ami-old' });
const job: Blocker = {
  cause: 'do-not-disrupt-pod',
  node: 'ip-a',
  object: 'Pod/batch/train-0',
  owner: 'Job batch/train',
  since: at('2026-07-27T08:00:00Z'),
  opensAt: at('2026-07-27T20:00:00Z'),
  nodes: 1,
};

test('a tail tells node, pool, owner, cause, since when and until when', () => {
  expect(tailSentences([old('a')], [job])).toEqual([
    'ip-a (NodePool batch): keeps pod batch/train-0 of Job batch/train, which has karpenter.sh/do-not-disrupt, until 2026-07-27T20:00:00Z; since 2026-07-27T08:00:00Z',
  ]);
});

test('what has no known owner or end says so', () => {
  const { owner: _, opensAt: __, since: ___, ...bare } = job;
  expect(tailSentences([old('a')], [bare])).toEqual([
    'ip-a (NodePool batch): keeps pod batch/train-0, which has karpenter.sh/do-not-disrupt; its owner is not known; nobody can say when it lets go',
  ]);
});

test('nodes that the same owner holds are told together', () => {
  const blockers = ['a', 'b', 'c', 'd'].map((name) => ({ ...job, node: `ip-${name}` }));
  const [first, ...others] = tailSentences(
    ['a', 'b', 'c', 'd'].map((name) => old(name)),
    blockers,
  );
  expect(first).toMatch(/^ip-a, ip-b, ip-c and 1 more \(NodePool batch\): ip-a keeps/);
  expect(others).toEqual([]);
});

test('where nobody says since when, nodes wait since they drifted', () => {
  const drifted = (name: string, since: string) => ({
    ...old(name),
    detail: {
      conditions: [
        { type: 'Drifted', status: 'True' as const, reason: '', message: '', since: at(since) },
      ],
      doNotDisrupt: false,
    },
  });
  const { since: _, ...job2 } = job;
  const tail = [drifted('a', '2026-07-27T10:00:00Z'), drifted('b', '2026-07-27T09:00:00Z')];
  expect(tailSentences(tail, [job2, { ...job2, node: 'ip-b' }])).toEqual([
    'ip-a, ip-b (NodePool batch): ip-a keeps pod batch/train-0 of Job batch/train, which has karpenter.sh/do-not-disrupt, until 2026-07-27T20:00:00Z; since 2026-07-27T09:00:00Z',
  ]);
  expect(tailSentences(tail.slice(1), [])).toEqual([
    'ip-b (NodePool batch): nothing known holds them; since 2026-07-27T09:00:00Z',
  ]);
});

test('a budget holds every node of its pool, and no other', () => {
  const budget: Blocker = {
    cause: 'budget',
    object: 'NodePool/batch',
    opensAt: at('2026-07-28T02:00:00Z'),
    nodes: 1,
  };
  const told = tailSentences([old('a'), old('g', 'gpu')], [budget]);
  expect(told[0]).toMatch(/^ip-a \(NodePool batch\): The disruption budget of NodePool batch/);
  expect(told[0]).not.toContain('nobody can say');
  expect(told[1]).toBe('ip-g (NodePool gpu): nothing known holds them');
});
