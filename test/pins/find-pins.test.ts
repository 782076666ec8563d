import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findPins } from '../../src/pins/find-pins.ts';
import type { Pin, PinFindings } from '../../src/pins/types.ts';

const fixtures = new URL('../fixtures/pins/', import.meta.url);
// A program among the fixtures is named so that the compiler does not take it for one of ours.
const files = readdirSync(fixtures)
  .filter((name) => !name.endsWith('.pins') && !name.startsWith('.'))
  .map((name) => ({ name, path: name.replace(/\.fixture$/, '') }));

/** One line a pin: read it as prose beside the fixture. */
function told({ line, column, kind, value, object, path, editable, reason, hint }: Pin): string {
  const where = `${object ?? ''}#${path ?? ''}`;
  const said = hint === undefined ? '' : ` (${Object.values(hint).join(' ')})`;
  return `${line}:${column} ${kind} ${value}${said}\n    ${where}\n    ${editable ? 'editable' : reason}\n`;
}

function pinsOf(findings: PinFindings): readonly Pin[] {
  if (findings.kind === 'refused') throw new Error(findings.reason);
  return findings.pins;
}

const find = (path: string, text: string) => pinsOf(findPins(path, new TextEncoder().encode(text)));

test.each(files)('the pins of $name are those written down beside it', async ({ name, path }) => {
  const pins = pinsOf(findPins(path, readFileSync(new URL(name, fixtures))));
  await expect(pins.map(told).join('')).toMatchFileSnapshot(`../fixtures/pins/${name}.pins`);
});

test.each(files)('the byte range of a pin in $name holds its value', ({ name, path }) => {
  const content = readFileSync(new URL(name, fixtures));
  for (const { range, value, editable } of pinsOf(findPins(path, content))) {
    if (editable) expect(content.subarray(range.start, range.end).toString('utf8')).toBe(value);
  }
});

test.each(files)('object, path and kind name each pin of $name once', ({ name, path }) => {
  const pins = pinsOf(findPins(path, readFileSync(new URL(name, fixtures))));
  const labels = pins.map((pin) => `${pin.object ?? ''}#${pin.path ?? ''}`);
  expect(new Set(labels).size).toBe(labels.length);
});

test('a pin says why it cannot be moved exactly when it cannot', () => {
  for (const { name, path } of files) {
    for (const pin of pinsOf(findPins(path, readFileSync(new URL(name, fixtures))))) {
      expect(pin.reason === undefined).toBe(pin.editable);
    }
  }
});

const nodeClass = (body: string) =>
  `apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata: { name: a }\nspec:\n${body}`;
const restOf = (text: string) => find('a.yaml', text)[0]?.rest;
const pinned = nodeClass('  amiSelectorTerms:\n    - alias: al2023@v20250505\n  role: x\n');

test.each([
  { what: 'the value of a pin', text: pinned.replace('v20250505', 'v20250606') },
  { what: 'a comment', text: pinned.replace('role: x', '# why\n  role: x # because') },
  { what: 'quotes around a string', text: pinned.replace('role: x', 'role: "x"') },
  { what: 'another document', text: `${pinned}---\nkind: ConfigMap\n` },
  {
    what: 'the order of keys',
    text: `${pinned.replace('kind: EC2NodeClass\n', '')}kind: EC2NodeClass\n`,
  },
])('$what does not change the rest', ({ text }) => {
  expect(restOf(text)).toBe(restOf(pinned));
});

test.each([
  { what: 'a field of the object', text: pinned.replace('role: x', 'role: y') },
  {
    what: 'a number that becomes a string',
    text: pinned.replace('role: x', 'role: "1"'),
    than: pinned.replace('role: x', 'role: 1'),
  },
  {
    what: 'a second term that cannot be moved',
    text: pinned.replace('  role', '    - name: a-*\n  role'),
  },
  { what: 'the name of the object', text: pinned.replace('name: a', 'name: b') },
])('$what changes the rest', ({ text, than = pinned }) => {
  expect(restOf(text)).not.toBe(restOf(than));
});

test('an anchor elsewhere in the document is part of the rest', () => {
  const text = (role: string) =>
    `x: &role ${role}\nclass:\n  amiSelectorTerms: [{ alias: al2023@v20250505 }]\n  role: *role\n`;
  expect(restOf(text('a'))).not.toBe(restOf(text('b')));
});

test('where the file does not parse the rest is all of it but the pins', () => {
  const text = (alias: string, role: string) =>
    `{{ if .x }}\nspec:\n  amiSelectorTerms:\n    - alias: ${alias}\n  role: ${role}\n{{ end }}\n`;
  expect(restOf(text('al2023@v20250505', 'a'))).toBe(restOf(text('al2023@v20250606', 'a')));
  expect(restOf(text('al2023@v20250505', 'a'))).not.toBe(restOf(text('al2023@v20250505', 'b')));
});

test('a file named .yml that is a shell script is read as one', () => {
  const text = '#!/bin/sh\ncat <<EOF\namiSelectorTerms:\n  - alias: al2023@v20250505\nEOF\n';
  expect(find('apply.yml', text)).toMatchObject([{ editable: false, line: 4 }]);
});

test('documentation holds no pins', () => {
  expect(find('README.md', pinned)).toEqual([]);
});

test('a file without a word of images is not parsed', () => {
  expect(find('a.yaml', '[[[[[['.repeat(1000))).toEqual([]);
});
