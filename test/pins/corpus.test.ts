import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findPins } from '../../src/pins/find-pins.ts';
import { movePin } from '../../src/pins/move-pin.ts';
import type { Pin, PinFindings } from '../../src/pins/types.ts';

/** Real public manifests with the pins a careful reader finds; not part of the project, so skipped where absent. */
const corpus = new URL('../../../shared/corpus/', import.meta.url);
const present = existsSync(new URL('INDEX.tsv', corpus));

type Expected = {
  readonly kind: string;
  readonly value: string;
  readonly line: number;
  readonly nodeclass: string | null;
  readonly editable: boolean;
};
type Edit = {
  readonly line: number;
  readonly old: string;
  readonly new: string;
  readonly from: string;
  readonly to: string;
};
type Case = {
  readonly file: string;
  readonly path: string;
  readonly pins: readonly Expected[];
  readonly decoys: readonly { readonly value: string; readonly line: number }[];
  readonly edit: Edit | undefined;
};

const cases: readonly Case[] = present ? readIndex() : [];

function readIndex(): readonly Case[] {
  const [header = '', ...rows] = readFileSync(new URL('INDEX.tsv', corpus), 'utf8')
    .trimEnd()
    .split('\n');
  const names = header.split('\t');
  return rows.map((row) => {
    const cells = new Map(row.split('\t').map((cell, index) => [names[index] ?? '', cell]));
    const cell = (name: string) => cells.get(name) ?? '';
    const edit = cell('sample_edit');
    return {
      file: cell('file'),
      path: cell('path'),
      pins: JSON.parse(cell('pins')) as readonly Expected[],
      decoys: JSON.parse(cell('decoys')) as Case['decoys'],
      edit: edit === '-' ? undefined : (JSON.parse(edit) as Edit),
    };
  });
}

function contentOf({ file }: Case): Uint8Array {
  return readFileSync(new URL(file, corpus));
}

/** A file's findings under its name in the corpus and under the one it has in its repository. */
function findingsOf(one: Case): readonly PinFindings[] {
  return [findPins(one.file, contentOf(one)), findPins(one.path, contentOf(one))];
}

function pinsOf(findings: PinFindings): readonly Pin[] {
  return findings.kind === 'pins' ? findings.pins : [];
}

const told = ({ kind, value, line, editable }: Pin | Expected) =>
  `${line} ${kind} ${value} ${editable ? 'editable' : 'reported'}`;

test.skipIf(present)(
  'the corpus is not here: its tests are skipped, the fixtures cover its forms',
  () => {
    expect(cases).toEqual([]);
  },
);

test.skipIf(!present)('the corpus is read whole', () => {
  expect(cases.length).toBeGreaterThan(50);
});

test.each(cases)('$file: exactly the pins of the index', (one) => {
  for (const findings of findingsOf(one)) {
    expect(pinsOf(findings).map(told).sort()).toEqual(one.pins.map(told).sort());
  }
});

test.each(cases.filter(({ pins }) => pins.length > 0))(
  '$file: the node classes of the index',
  (one) => {
    const found = pinsOf(findPins(one.path, contentOf(one)));
    for (const { line, kind, nodeclass } of one.pins) {
      const pin = found.find((other) => other.line === line && other.kind === kind);
      expect(pin?.nodeClass ?? null).toBe(nodeclass);
    }
  },
);

test.each(cases.filter(({ decoys }) => decoys.length > 0))('$file: no decoy is a pin', (one) => {
  const found = pinsOf(findPins(one.path, contentOf(one)));
  for (const { line } of one.decoys) expect(found.filter((pin) => pin.line === line)).toEqual([]);
});

test.each(cases.filter(({ edit }) => edit !== undefined))(
  '$file: the sample edit and no other byte',
  (one) => {
    const { edit } = one;
    const content = contentOf(one);
    const pin = pinsOf(findPins(one.path, content)).find(
      ({ line, value }) => line === edit?.line && value === edit.from,
    );
    if (pin === undefined || edit === undefined) throw new Error('the pin was not found');
    const moved = movePin(one.path, content, pin, edit.to);
    if (moved.kind === 'refused') throw new Error(moved.reason);
    const lines = Buffer.from(content).toString('utf8').split('\n');
    expect(lines[edit.line - 1]).toBe(edit.old);
    lines[edit.line - 1] = edit.new;
    expect(Buffer.from(moved.content).toString('utf8')).toBe(lines.join('\n'));
  },
);
