import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { findPins } from '../../src/pins/find-pins.ts';
import { movePin, movePins } from '../../src/pins/move-pin.ts';
import type { Pin } from '../../src/pins/types.ts';

/** A day as releases name it; one that no calendar has is refused. */
const day = fc
  .date({ min: new Date('2019-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10).replaceAll('-', ''));
const hex = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 17, maxLength: 17 })
  .map((all) => all.map((digit) => digit.toString(16)).join(''));
const alias = fc.oneof(
  day.map((date) => `al2023@v${date}`),
  fc
    .tuple(fc.nat(99), fc.nat(99), fc.boolean())
    .map(([a, b, v]) => `bottlerocket@${v ? 'v' : ''}1.${a}.${b}`),
);
const id = hex.map((all) => `ami-${all}`);

/** A value as people quote it. */
const style = fc.constantFrom(
  (value: string) => value,
  (value: string) => `"${value}"`,
  (value: string) => `'${value}'`,
);
const noise = fc.constantFrom(
  '',
  ' # über 🌱',
  '\t# al2023@v20200101',
  ' # ami-0123456789abcdef0',
  '   ',
);
const word = fc.constantFrom('a', 'b-1', 'grün', '日本', 'x.y');

type Term = { readonly field: 'alias' | 'id'; readonly value: string; readonly written: string };
const term: fc.Arbitrary<Term> = fc
  .tuple(
    fc.oneof(
      alias.map((value) => ({ field: 'alias', value }) as const),
      id.map((value) => ({ field: 'id', value }) as const),
    ),
    style,
    noise,
  )
  .map(([{ field, value }, quote, after]) => ({
    field,
    value,
    written: `${field}: ${quote(value)}${after}`,
  }));

/** One EC2NodeClass, with values beside the terms that look like pins. */
const nodeClass = fc.record({
  name: word,
  terms: fc.array(term, { minLength: 1, maxLength: 3 }),
  indent: fc.constantFrom('', '  ', '    '),
  decoy: fc.oneof(alias, id),
  blanks: fc.constantFrom('', '\n', '  # comment\n\n'),
});

function written({
  name,
  terms,
  indent,
  decoy,
  blanks,
}: typeof nodeClass extends fc.Arbitrary<infer T> ? T : never): string {
  return [
    'apiVersion: karpenter.k8s.aws/v1',
    'kind: EC2NodeClass',
    `metadata: { name: "${name}", labels: { ami: "${decoy}" } }`,
    'spec:',
    `  userData: |\n    echo ${decoy}\n${blanks}  amiSelectorTerms:`,
    ...terms.map(({ written: text }) => `  ${indent}- ${text}`),
    `  tags: { image: "${decoy}" }`,
  ].join('\n');
}

const file = fc
  .record({
    classes: fc.array(nodeClass, { minLength: 1, maxLength: 4 }),
    windows: fc.boolean(),
    mark: fc.boolean(),
    end: fc.boolean(),
    embedded: fc.boolean(),
  })
  .map(({ classes, windows, mark, end, embedded }) => {
    const documents = classes
      .map(written)
      .map((text) =>
        embedded
          ? `apiVersion: v1\nkind: ConfigMap\ndata:\n  class.yaml: |\n${text.replace(/^(?=.)/gm, '    ')}`
          : text,
      );
    const text = documents.join('\n---\n') + (end ? '\n' : '');
    const content = Buffer.from(
      (mark ? '\uFEFF' : '') + (windows ? text.replaceAll('\n', '\r\n') : text),
    );
    return { content, terms: classes.flatMap(({ terms }) => terms) };
  });

function pinsIn(content: Uint8Array): readonly Pin[] {
  const found = findPins('a.yaml', content);
  if (found.kind === 'refused') throw new Error(found.reason);
  return found.pins;
}

function moved(content: Uint8Array, pin: Pin, value: string): Buffer {
  const move = movePin('a.yaml', content, pin, value);
  if (move.kind === 'refused') throw new Error(move.reason);
  return Buffer.from(move.content);
}

/** A pin of a generated file, and another value of its kind and family. */
const choice = fc
  .tuple(file, fc.nat(), day, hex, fc.nat(99))
  .map(([{ content, terms }, at, date, other, minor]) => {
    const pins = pinsIn(content);
    const pin = pins[at % pins.length];
    if (pin === undefined) throw new Error('no pin');
    const to =
      pin.kind === 'id'
        ? `ami-${other}`
        : pin.value.startsWith('al2023')
          ? `al2023@v${date}`
          : `bottlerocket@1.${minor}.7`;
    return { content, terms, pins, pin, to };
  });

test('every term of a generated manifest is found, in order, and nothing else', () => {
  fc.assert(
    fc.property(file, ({ content, terms }) => {
      const found = pinsIn(content).map(({ kind, value, editable }) => ({ kind, value, editable }));
      expect(found).toEqual(
        terms.map(({ field, value }) => ({ kind: field, value, editable: true })),
      );
    }),
  );
});

test('an edit changes the range of its pin and no other byte', () => {
  fc.assert(
    fc.property(choice, ({ content, pin, to }) => {
      const { start, end } = pin.range;
      const expected = Buffer.concat([
        content.subarray(0, start),
        Buffer.from(to),
        content.subarray(end),
      ]);
      expect(moved(content, pin, to).equals(expected)).toBe(true);
    }),
  );
});

test('an edit to the value that stands there changes nothing, the second time too', () => {
  fc.assert(
    fc.property(choice, ({ content, pins, pin, to }) => {
      const once = moved(content, pin, to);
      const again = pinsIn(once)[pins.indexOf(pin)];
      if (again === undefined) throw new Error('no pin');
      expect(moved(once, again, to).equals(once)).toBe(true);
      expect(moved(content, pin, pin.value).equals(content)).toBe(true);
    }),
  );
});

test('there and back is the file as it was', () => {
  fc.assert(
    fc.property(choice, ({ content, pins, pin, to }) => {
      const there = moved(content, pin, to);
      const back = pinsIn(there)[pins.indexOf(pin)];
      if (back === undefined) throw new Error('no pin');
      expect(moved(there, back, pin.value).equals(content)).toBe(true);
    }),
  );
});

test('moving pins together is moving them one by one', () => {
  fc.assert(
    fc.property(file, ({ content }) => {
      const value = ({ kind, value: was }: Pin) =>
        kind === 'id'
          ? 'ami-00000000000000000'
          : was.replace(/(?<=@).*/, was.startsWith('al') ? 'v20260714' : 'v1.62.1');
      const together = movePins(
        'a.yaml',
        content,
        pinsIn(content).map((pin) => ({ pin, value: value(pin) })),
      );
      let one: Buffer = content;
      for (const index of pinsIn(content).keys()) {
        const pin = pinsIn(one)[index];
        if (pin !== undefined) one = moved(one, pin, value(pin));
      }
      expect(together.kind === 'moved' && Buffer.from(together.content).equals(one)).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('whatever values a file holds, reading it neither fails nor calls anything but one literal movable', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), (values, odd) => {
      const content = Buffer.from(
        stringify({ amiSelectorTerms: [{ alias: odd, id: values }], amiId: odd, values }),
      );
      for (const pin of pinsIn(content).filter(({ editable }) => editable)) {
        expect(content.subarray(pin.range.start, pin.range.end).toString()).toBe(pin.value);
      }
    }),
  );
});

test('whatever bytes a file holds, it is read or refused', () => {
  const scrap = fc.constantFrom(
    'amiSelectorTerms:',
    '- alias: al2023@v20250505',
    '{{ if }}',
    '&a ',
    '*a',
    '|\n',
    '\t',
    '"',
    "'",
    '[',
    '{',
    '\n',
    '\r\n',
    '  ',
    'amiable: ignore',
    '---\n',
    '# ',
    '\uFEFF',
    '\ud800',
    '? ',
    '<<: ',
  );
  fc.assert(
    fc.property(
      fc.array(scrap, { maxLength: 40 }),
      fc.constantFrom('a.yaml', 'a.tf', 'a.tfvars', 'a.ts', 'a.json'),
      (parts, path) => {
        expect(['pins', 'refused']).toContain(findPins(path, Buffer.from(parts.join(''))).kind);
      },
    ),
    { numRuns: 300 },
  );
});
