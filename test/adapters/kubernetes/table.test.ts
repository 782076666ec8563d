import { expect, test } from 'vitest';
import { nodeClaimRows } from '../../../src/adapters/kubernetes/node-claim-row.ts';
import { nodeRows } from '../../../src/adapters/kubernetes/node-record.ts';
import { rowIn, TableUnusableError, tableIn } from '../../../src/adapters/kubernetes/table.ts';

const names = 'Name Type Capacity Zone Node Ready Age ImageID ID NodePool NodeClass Drifted'.split(
  ' ',
);
const columns = new Map(names.map((name, index) => [name, index]));
const read = nodeClaimRows(columns);
const row = (changes: Readonly<Record<string, string | null>> = {}) => {
  const cells = {
    Name: 'a',
    Type: 'm7g.large',
    Capacity: 'spot',
    Node: 'ip-1',
    Ready: 'True',
    ImageID: 'ami-1',
    NodePool: 'p',
    NodeClass: 'c',
  };
  const all: Readonly<Record<string, string | null>> = { ...cells, ...changes };
  return names.map((name) => all[name] ?? null);
};

test('a row tells identity, image, readiness and drift', () => {
  expect(read(row({ Drifted: 'True' }), undefined)).toEqual({
    name: 'a',
    nodePool: 'p',
    nodeClass: 'c',
    imageId: 'ami-1',
    nodeName: 'ip-1',
    launched: true,
    registered: true,
    initialized: true,
    ready: true,
    drifted: true,
    deleting: false,
    disrupting: false,
    vcpu: 'Standard/Spot',
  });
});

test('a row of a claim that is not launched has no image, and is not Ready', () => {
  const claim = read(row({ Ready: 'Unknown', Node: null, ImageID: null }), undefined);
  expect(claim).toMatchObject({ launched: false, registered: false, ready: false });
  expect(claim).not.toHaveProperty('imageId');
});

test.each([
  ['45s', true],
  ['5m30s', true],
  ['23h', true],
  ['3h15m', true],
  ['24h', false],
  ['47h', false],
  ['3d4h', false],
  ['2y', false],
  ['<unknown>', false],
])('an age of %s is young: %s', (age, young) => {
  expect(read(row({ Age: age }), undefined).young === true).toBe(young);
});

test('metadata beside a row tell of the deletion', () => {
  const { cells, object } = rowIn({
    cells: row(),
    object: { metadata: { name: 'a', deletionTimestamp: '2026-07-27T12:00:00Z' } },
  });
  expect(read(cells, object?.metadata).deleting).toBe(true);
});

test('a table without a column we read is not guessed at', () => {
  expect(() => nodeClaimRows(new Map([['Name', 0]]))).toThrow(TableUnusableError);
  expect(() => nodeRows(new Map([['Name', 0]]))).toThrow(TableUnusableError);
});

test.each([
  ['Ready', true],
  ['Ready,SchedulingDisabled', true],
  ['NotReady', false],
  ['NotReady,SchedulingDisabled', false],
  ['Unknown', false],
])('a Node with status %s is Ready: %s', (status, isReady) => {
  expect(nodeRows(new Map([['Status', 0]]))([status], undefined)).toBe(isReady);
});

test.each([
  [{ kind: 'NodeClaimList', items: [] }],
  [null],
  ['<html>'],
  [{ kind: 'Table', rows: 3 }],
])('%j is no table', (answer) => {
  expect(tableIn(answer)).toBeUndefined();
});
