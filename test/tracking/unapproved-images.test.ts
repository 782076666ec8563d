import { describe, expect, test } from 'vitest';
import type { NodeClaimView, NodeClassView } from '../../src/tracking/types.ts';
import type {
  ClassReading,
  IntendedClass,
  RunningImage,
} from '../../src/tracking/unapproved-images.ts';
import { agrees, runningImages, unapprovedImages } from '../../src/tracking/unapproved-images.ts';

const old = 'al2023@v20261021';
const fresh = 'al2023@v20261118';

function live(alias: string, manager?: string): NodeClassView {
  return {
    name: 'default',
    generation: 1,
    terms: [{ alias, other: false }],
    amis: [],
    conditions: [],
    ...(manager !== undefined && { editedBy: { manager } }),
  };
}

function pinned(release: string): IntendedClass {
  const place = 'nodeclass.yaml, line 9, in acme/gitops';
  return { kind: 'fixed', says: [release], other: false, whats: [release], byAlias: true, place };
}

const floating: IntendedClass = { kind: 'floating', value: 'al2023@latest', place: 'there' };
const three = (what: string, kubernetes = '1.35'): RunningImage => ({ what, kubernetes, nodes: 3 });

function found(
  reading: Omit<ClassReading, 'approved'> & { readonly approved: readonly string[] },
  isProtected = false,
) {
  return unapprovedImages(
    { ...reading, approved: new Set(reading.approved) },
    { kubernetes: '1.35', isProtected },
  );
}

test.each([
  { case: 'the approved release runs', running: [three(old)], approved: [old] },
  {
    case: 'nodes of the release approved before are left to be replaced',
    git: fresh,
    says: fresh,
    running: [three(old), three(fresh)],
    approved: [old, fresh],
  },
  {
    case: 'the way back has begun and the newer release still runs',
    running: [three(old), three(fresh)],
    approved: [fresh, old],
  },
  {
    case: 'Git is ahead and nobody has synced yet',
    git: fresh,
    says: old,
    running: [three(old)],
    approved: [old, fresh],
  },
  {
    case: 'a pipeline applied an older value',
    git: fresh,
    says: old,
    by: 'kubectl-client-side-apply',
    running: [three(old)],
    approved: [old, fresh],
  },
  { case: 'no node runs', running: [], approved: [] },
])('nothing is found when $case', ({ git = old, says = old, by, running, approved }) => {
  const nodeClass = live(says, by);
  expect(found({ nodeClass, intended: pinned(git), running, approved })).toEqual([]);
});

describe('an image nobody approved', () => {
  test('by `@latest` names the release that all nodes run, as what it may be pinned to', () => {
    const nodeClass = live('al2023@latest');
    const of = { nodeClass, intended: floating, approved: [fresh] };
    expect(found({ ...of, running: [three(fresh)] })).toMatchObject([
      { cause: 'latest', nodes: 3, runs: fresh, value: 'al2023@latest' },
    ]);
    const [two] = found({ ...of, running: [three(fresh), three(old)] });
    expect(two).toMatchObject({ cause: 'latest', nodes: 6, whats: [old, fresh] });
    expect(two).not.toHaveProperty('runs');
    const [unknown] = found({ ...of, running: [{ what: 'ami-0abc', nodes: 1 }] });
    expect(unknown).not.toHaveProperty('runs');
  });

  test('by `@latest` is told before any node runs only where the environment is protected', () => {
    const of = { nodeClass: live('al2023@latest'), intended: floating, running: [], approved: [] };
    expect(found(of)).toEqual([]);
    expect(found(of, true)).toMatchObject([{ cause: 'latest', nodes: 0 }]);
  });

  test('by an edit of the live object names what it says, what Git says, and the manager', () => {
    const nodeClass = live(fresh, 'kubectl-edit');
    const running = [three(fresh), three(old)];
    expect(found({ nodeClass, intended: pinned(old), running, approved: [old] })).toMatchObject([
      { cause: 'live-edit', nodes: 3, says: fresh, git: old, by: { manager: 'kubectl-edit' } },
    ]);
  });

  test('by an edit by hand back to what was approved once is found too', () => {
    const nodeClass = live(old, 'kubectl-edit');
    const of = { nodeClass, intended: pinned(fresh), running: [three(old)] };
    expect(found({ ...of, approved: [old, fresh] })).toMatchObject([{ cause: 'live-edit' }]);
  });

  test('by a pin moved in Git without an approval', () => {
    const of = { nodeClass: live(fresh), intended: pinned(fresh), running: [three(fresh)] };
    expect(found({ ...of, approved: [old] })).toMatchObject([{ cause: 'git-edit', nodes: 3 }]);
  });

  test('by an edit that is undone, as long as its nodes run', () => {
    const of = { nodeClass: live(old), intended: pinned(old) };
    const running = [three(old), { what: 'ami-0abc', nodes: 1 }];
    expect(found({ ...of, running, approved: [old] })).toMatchObject([
      { cause: 'earlier-edit', nodes: 1, whats: ['ami-0abc'] },
    ]);
  });
});

test('an upgrade of the control plane is one finding of its own, with how far it is', () => {
  const running = [{ ...three(old, '1.34'), nodes: 4 }, three(old, '1.35')];
  const of = { nodeClass: live(old), intended: pinned(old), running };
  expect(found({ ...of, approved: [old] })).toEqual([
    {
      cause: 'control-plane',
      nodeClass: 'default',
      release: old,
      from: '1.34',
      to: '1.35',
      nodes: 7,
      done: 3,
    },
  ]);
});

test('a pin by id does not follow the control plane', () => {
  const intended = { ...pinned('ami-0abc'), whats: [old], byAlias: false } as IntendedClass;
  const nodeClass = { ...live(''), terms: [{ id: 'ami-0abc', other: false }] };
  expect(found({ nodeClass, intended, running: [three(old, '1.34')], approved: [old] })).toEqual(
    [],
  );
});

test('NodeClaims that leave, or have no image yet, are not counted', () => {
  const claim = (name: string, changes: Partial<NodeClaimView>): NodeClaimView => ({
    name,
    nodePool: 'general',
    nodeClass: 'default',
    imageId: 'ami-1',
    launched: true,
    registered: true,
    initialized: true,
    ready: true,
    drifted: false,
    deleting: false,
    disrupting: false,
    ...changes,
  });
  const { imageId: _, ...launching } = claim('new', {});
  const claims = [
    claim('a', {}),
    claim('b', { deleting: true }),
    claim('c', { disrupting: true }),
    claim('d', { terminating: true }),
    claim('e', { nodeClass: 'gpu' }),
    launching,
  ];
  const images = new Map([['ami-1', { what: old, kubernetes: '1.35' }]]);
  expect(runningImages(claims, 'default', images)).toEqual([{ ...three(old), nodes: 1 }]);
});

test('spellings of one Bottlerocket release agree, and a selector that cannot be compared agrees with a name', () => {
  const intended = pinned('bottlerocket@v1.50.0');
  expect(agrees(live('bottlerocket@1.50.0'), intended)).toBe(true);
  expect(agrees(live('bottlerocket@1.51.0'), intended)).toBe(false);
  const byName = { ...intended, other: true } as IntendedClass;
  expect(agrees({ terms: [{ other: true }] }, byName)).toBe(true);
  expect(agrees({ terms: [{ other: true }] }, intended)).toBe(false);
});
