import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { readPlainYaml } from '../../src/pins/plain-yaml.ts';

/** What pins are read from: kinds, keys, values, styles and places; where collections end is not compared. */
function told(node: unknown): unknown {
  if (isScalar(node)) {
    const { type, value, range, tag, anchor } = node;
    return [type, String(value ?? ''), value === '' ? 0 : range?.slice(0, 2), tag, anchor];
  }
  if (isSeq(node)) return ['seq', node.range?.[0], node.tag, node.anchor, node.items.map(told)];
  if (!isMap(node)) return ['other', String(node)];
  const items = node.items.map(({ key, value }) => [told(key), told(value)]);
  return ['map', node.range?.[0], node.tag, node.anchor, items];
}

function parsed(text: string) {
  return parseDocument(text, {
    schema: 'failsafe',
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
}

/** Whether it was read at all; what was read must be what the parser says. */
function agrees(text: string): boolean {
  const plain = readPlainYaml(text);
  if (plain === undefined) return false;
  const { contents, errors } = parsed(text);
  expect(errors, text).toEqual([]);
  expect(told(plain), text).toEqual(told(contents));
  return true;
}

/** A file cut at its document markers, as it is read. */
const documentsIn = (text: string) => text.split(/^(?=---(?:\s|$))/m);

const manifest = `# The class of the workers
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: default # as ever
  labels: # of ours
    app.kubernetes.io/part-of: karpenter

spec:
  amiSelectorTerms:
  - alias: "al2023@v20250505" # moved by pull request
  - id:   'ami-0123456789abcdef0'
    owner: amazon
  role: role/with-slash
  zones: ["a", b, c-1]
  empty: []
  nothing:
  userData: |
    MIME-Version: 1.0

      # no comment
    --//--

  script: |-
    echo: "x"
  tags:
    team: a:b
    cost-centre: "4711"
  list:
    - one
    - two: 2
      three:
        - four
# the end
`;

test('a manifest as people write it is read, and says what the parser says', () => {
  expect(agrees(manifest)).toBe(true);
  expect(agrees(`---\n${manifest}`)).toBe(true);
  expect(agrees(manifest.trimEnd())).toBe(true);
});

test.each([
  'a: &x b',
  'a: *x',
  'a: !!str b',
  'a: {b: c}',
  'a: [b, [c]]',
  'a: [b,\n  c]',
  'a: >-\n  b',
  'a: |2\n    b',
  'a: |+\n  b\n',
  'a: b\n  c',
  'a: "b\n  c"',
  'a: "b\\n"',
  "a: 'b''c'",
  '"a": b',
  '? a\n: b',
  '<<: *a',
  'a: b: c',
  'a: b:',
  'a:\n   b: c\n  d: e',
  '  a: b\nc: d',
  '- - a',
  '- # a\n- b',
  '-\n  a: b',
  'a: -1',
  'a: @b',
  'a: `b',
  'a: "b" c',
  'a: {{ b }}',
  'a: b\r\n',
  'a:\tb',
  'a: b\n---\nc: d',
  'a: b\n...\n',
  'path: /spec/amiSelectorTerms/0/tags\nvalue:\n  a: b\n  # more\n',
  'amiSelectorTerms:\n  - tags:\n      a: b\n      # more\n',
  'a',
  '',
  '# nothing',
])('%j is left to the parser', (text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});

const line = fc.constantFrom(
  ...manifest.split('\n'),
  ...[
    '- a',
    '- # c',
    '  - | # c',
    '  - b: c',
    '    - "d" # e',
    '- key: |',
    '  text',
    'a: |-',
    '',
    '   ',
    '    x: y',
    'x:y',
    "- 'q'",
    '# c',
    '  # c',
    'z: [1, "2" ] # f',
    'é: ü',
    'a: b # ü',
  ],
);

test('what is read of any heap of lines is what the parser says', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      agrees(lines.join('\n'));
    }),
    { numRuns: 2000 },
  );
});

test('what is read of a manifest that somebody damaged is what the parser says', () => {
  const damage = fc.record({
    at: fc.nat(manifest.length),
    take: fc.nat(6),
    put: fc.constantFrom(...' \n:#-"\'|[]{},&*!>?%@`~\t', ': ', ' #', '\n  ', '- ', '\n\n'),
  });
  let read = 0;
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (all) => {
      let text = manifest;
      for (const { at, take, put } of all) text = text.slice(0, at) + put + text.slice(at + take);
      if (agrees(text)) read += 1;
    }),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(200);
});

test('what is read of the fixtures is what the parser says', () => {
  const fixtures = new URL('../fixtures/pins/', import.meta.url);
  const texts = readdirSync(fixtures)
    .filter((name) => !name.endsWith('.pins'))
    .flatMap((name) => documentsIn(readFileSync(new URL(name, fixtures), 'utf8')));
  expect(texts.map(agrees).filter(Boolean).length).toBeGreaterThan(5);
});

const corpus = new URL('../../../shared/corpus/manifests/', import.meta.url);

test.skipIf(!existsSync(corpus))('what is read of the corpus is what the parser says', () => {
  const texts = readdirSync(corpus).flatMap((name) =>
    documentsIn(readFileSync(new URL(name, corpus), 'utf8')),
  );
  expect(texts.map(agrees).filter(Boolean).length).toBeGreaterThan(20);
});
