import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findPins } from '../../src/pins/find-pins.ts';
import { movePin, movePins, pinNow } from '../../src/pins/move-pin.ts';
import type { Pin, PinMove } from '../../src/pins/types.ts';

const fixtures = new URL('../fixtures/pins/', import.meta.url);
const files = readdirSync(fixtures)
  .filter((name) => !name.endsWith('.pins') && !name.startsWith('.'))
  .map((name) => ({ name, path: name.replace(/\.fixture$/, '') }));

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => Buffer.from(content).toString('utf8');

function pinsIn(path: string, content: Uint8Array): readonly Pin[] {
  const found = findPins(path, content);
  return found.kind === 'pins' ? found.pins : [];
}

function only(path: string, content: Uint8Array): Pin {
  const [pin, ...more] = pinsIn(path, content);
  if (pin === undefined || more.length > 0) throw new Error('not exactly one pin');
  return pin;
}

function contentOf(move: PinMove): Uint8Array {
  if (move.kind === 'refused') throw new Error(move.reason);
  return move.content;
}

/** Another value its kind allows. */
function otherValue({ kind, value }: Pin): string {
  if (kind === 'id') return 'ami-00000000000000abc';
  if (kind === 'name') return 'another-image-2026';
  if (kind === 'releaseVersion') return '1.35.6-20260714';
  if (kind === 'ssmParameter')
    return value
      .replace(/v[0-9]{8}(?=\/)/, 'v20260714')
      .replace(/1\.[0-9]+\.[0-9]+(?=\/)/, '1.62.1');
  return value.replace(/(?:v[0-9]{8}|[0-9]+\.[0-9]+\.[0-9]+)$/, (version) =>
    version.startsWith('v2') ? 'v20260714' : '1.62.1',
  );
}

test.each(files)(
  'every movable pin of $name moves, there and back, and no other byte does',
  ({ name, path }) => {
    const content = readFileSync(new URL(name, fixtures));
    for (const pin of pinsIn(path, content).filter(({ editable }) => editable)) {
      const to = otherValue(pin);
      const moved = contentOf(movePin(path, content, pin, to));
      const { start, end } = pin.range;
      const expected = [content.subarray(0, start), Buffer.from(to), content.subarray(end)];
      expect(Buffer.from(moved).equals(Buffer.concat(expected))).toBe(true);
      const there = pinsIn(path, moved).find(({ range }) => range.start === start);
      if (there === undefined) throw new Error('the pin is gone');
      expect(Buffer.from(contentOf(movePin(path, moved, there, pin.value))).equals(content)).toBe(
        true,
      );
    }
  },
);

test.each(files)('all movable pins of $name move at once', ({ name, path }) => {
  const content = readFileSync(new URL(name, fixtures));
  const pins = pinsIn(path, content).filter(({ editable }) => editable);
  const moved = contentOf(
    movePins(
      path,
      content,
      pins.map((pin) => ({ pin, value: otherValue(pin) })),
    ),
  );
  const after = pinsIn(path, moved).filter(({ editable }) => editable);
  expect(after.map(({ value }) => value)).toEqual(pins.map(otherValue));
  expect(after.map(({ rest }) => rest)).toEqual(pins.map(({ rest }) => rest));
});

const plain = bytes(
  'kind: EC2NodeClass\nspec:\n  amiSelectorTerms:\n    - alias: al2023@v20250505 # here\n',
);

test('the same value is no change at all', () => {
  const pin = only('a.yaml', plain);
  expect(text(contentOf(movePin('a.yaml', plain, pin, pin.value)))).toBe(text(plain));
});

test.each([
  { value: 'al2023@latest', because: 'floating' },
  { value: 'al2023@v2025', because: 'malformed' },
  { value: 'bottlerocket@v1.43.0', because: 'another family' },
  { value: 'al2023@v20250505 # x', because: 'not an alias' },
  { value: 'al2023@v20250505\n    - alias: al2023@v20250606', because: 'not an alias' },
  { value: 'ami-0123456789abcdef0', because: 'not an alias' },
  { value: '{{ .Values.alias }}', because: 'templated' },
  { value: '', because: 'not an alias' },
])('$value cannot be the value of an alias: $because', ({ value, because }) => {
  const move = movePin('a.yaml', plain, only('a.yaml', plain), value);
  expect(move).toMatchObject({ kind: 'refused', reason: expect.stringContaining(because) });
});

test.each(['ami-123', 'ami-0123456789ABCDEF0', 'al2023@v20250505', 'ami-0123456789abcdef00'])(
  '%s cannot be the value of an id',
  (value) => {
    const content = bytes('amiId: ami-0123456789abcdef0\n');
    expect(movePin('a.yaml', content, only('a.yaml', content), value).kind).toBe('refused');
  },
);

test.each(['true', 'off', '2025-11-20', '1.50', '0x1f', '1e3', '.inf'])(
  '%s cannot be the value of a name: YAML reads it as no text',
  (value) => {
    const content = bytes('amiSelectorTerms:\n  - name: image-1\n');
    const move = movePin('a.yaml', content, only('a.yaml', content), value);
    expect(move).toMatchObject({ kind: 'refused', reason: expect.stringContaining('no text') });
  },
);

test('a name that begins with digits is a name', () => {
  const content = bytes('amiSelectorTerms:\n  - name: image-1\n');
  expect(movePin('a.yaml', content, only('a.yaml', content), '2025-node').kind).toBe('moved');
});

test('a pin of another version of the file is refused', () => {
  const pin = only('a.yaml', plain);
  const shifted = bytes(`# one line more\n${text(plain)}`);
  const moved = movePin('a.yaml', shifted, pin, 'al2023@v20250606');
  expect(moved).toMatchObject({ kind: 'refused', reason: expect.stringContaining('no longer') });
});

test('one pin is not moved to two values', () => {
  const pin = only('a.yaml', plain);
  const moves = ['al2023@v20250606', 'al2023@v20250707'].map((value) => ({ pin, value }));
  expect(movePins('a.yaml', plain, moves).kind).toBe('refused');
});

test('a pin that cannot be moved is refused with its reason', () => {
  const content = bytes('amiSelectorTerms:\n  - name: image-*\n');
  const move = movePin('a.yaml', content, only('a.yaml', content), 'image-2');
  expect(move).toMatchObject({ kind: 'refused', reason: 'line 2: wildcard name' });
});

const parameter = '/aws/service/bottlerocket/aws-k8s-1.34-nvidia/arm64/1.50.0/image_id';

test.each([
  { value: parameter.replace('1.50.0', 'latest'), because: 'floating' },
  { value: parameter.replace('-nvidia', ''), because: 'of another image' },
  { value: parameter.replace('arm64', 'x86_64'), because: 'of another image' },
  { value: `arn:aws:ssm:eu-west-1::parameter${parameter}`, because: 'of another image' },
  { value: 'bottlerocket@v1.51.0', because: 'of your own' },
])('$value cannot be the value of a parameter: $because', ({ value, because }) => {
  const content = bytes(`amiSelectorTerms:\n  - ssmParameter: ${parameter}\n`);
  const move = movePin('a.yaml', content, only('a.yaml', content), value);
  expect(move).toMatchObject({ kind: 'refused', reason: expect.stringContaining(because) });
});

test('a parameter moves to another release, and with the control plane to another minor', () => {
  const content = bytes(`amiSelectorTerms:\n  - ssmParameter: ${parameter} # why\n`);
  const next = parameter.replace('1.50.0', '1.51.0').replace('1.34', '1.35');
  const moved = contentOf(movePin('a.yaml', content, only('a.yaml', content), next));
  expect(text(moved)).toBe(`amiSelectorTerms:\n  - ssmParameter: ${next} # why\n`);
});

test('a name that YAML would read as something else is refused', () => {
  const content = bytes('amiSelectorTerms:\n  - name: image-1\n');
  const move = movePin('a.yaml', content, only('a.yaml', content), '[1]');
  expect(move.kind).toBe('refused');
});

test('a name that would end in a quote of its own is refused', () => {
  const content = bytes("amiSelectorTerms:\n  - name: 'image-1'\n");
  expect(movePin('a.yaml', content, only('a.yaml', content), "image'2").kind).toBe('refused');
});

test('a floating alias is pinned when asked for by that name, and only then', () => {
  const content = bytes('amiSelectorTerms:\n  - alias: "al2023@latest" # follow\n');
  const pin = only('a.yaml', content);
  expect(movePin('a.yaml', content, pin, 'al2023@v20250505').kind).toBe('refused');
  const pinned = contentOf(pinNow('a.yaml', content, pin, 'al2023@v20250505'));
  expect(text(pinned)).toBe('amiSelectorTerms:\n  - alias: "al2023@v20250505" # follow\n');
  expect(pinNow('a.yaml', content, pin, 'bottlerocket@v1.43.0').kind).toBe('refused');
});

test('only a floating alias is pinned that way', () => {
  expect(pinNow('a.yaml', plain, only('a.yaml', plain), 'al2023@v20250606').kind).toBe('refused');
});

test('a version alone moves within the family that its comment names', () => {
  const content = bytes('version: v20250505 # amiable: family=al2023\n# ami\n');
  const pin = only('a.yaml', content);
  expect(text(contentOf(movePin('a.yaml', content, pin, 'v20250606')))).toContain(
    'version: v20250606 #',
  );
  expect(movePin('a.yaml', content, pin, '1.43.0').kind).toBe('refused');
});

test('an anchor with a comment moves, and its aliases follow', () => {
  const content = bytes(
    'x: &a al2023@v20250505 # amiable: family=al2023\none: { amiSelectorTerms: [{ alias: *a }] }\n',
  );
  const [pin] = pinsIn('a.yaml', content);
  if (pin === undefined) throw new Error('no pin');
  const moved = contentOf(movePin('a.yaml', content, pin, 'al2023@v20250606'));
  expect(pinsIn('a.yaml', moved).map(({ value }) => value)).toEqual([
    'al2023@v20250606',
    'al2023@v20250606',
  ]);
});
