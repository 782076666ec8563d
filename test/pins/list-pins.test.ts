import { expect, test } from 'vitest';
import { findPins } from '../../src/pins/find-pins.ts';
import { listPins } from '../../src/pins/list-pins.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a row has every field, null where there is nothing to say', () => {
  const findings = findPins(
    'a.yaml',
    bytes('amiId: ami-0123456789abcdef0\namiAlias: al2023@latest\n'),
  );
  expect(listPins('dir/a.yaml', findings)).toEqual([
    {
      file: 'dir/a.yaml',
      line: 1,
      column: 8,
      kind: 'id',
      value: 'ami-0123456789abcdef0',
      nodeclass: null,
      editable: true,
      reason: null,
    },
    {
      file: 'dir/a.yaml',
      line: 2,
      column: 11,
      kind: 'alias',
      value: 'al2023@latest',
      nodeclass: null,
      editable: false,
      reason: '@latest is floating',
    },
  ]);
});

test('a refused file has no rows', () => {
  expect(listPins('a.yaml', findPins('a.yaml', new Uint8Array([0])))).toEqual([]);
});
