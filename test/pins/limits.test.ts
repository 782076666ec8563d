import { expect, test } from 'vitest';
import { findPins } from '../../src/pins/find-pins.ts';

const head =
  'apiVersion: karpenter.k8s.aws/v1\nkind: EC2NodeClass\nmetadata:\n  name: a\nspec:\n  amiSelectorTerms:\n  - alias: al2023@v20250505\n';
/** As much of it as a file that is not refused for its size alone may hold. */
const fill = (part: string, size = 1024 * 1024 - 1000) =>
  part.repeat(Math.floor(size / part.length));
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

const bomb = lines(30, (index) =>
  index === 0
    ? 'a0: &a0 [x, x, x, x]'
    : `a${index}: &a${index} [${Array(9)
        .fill(`*a${index - 1}`)
        .join(', ')}]`,
);

const hostile: readonly {
  readonly what: string;
  readonly text: () => string;
  readonly reason?: RegExp;
}[] = [
  {
    what: '50 MB of YAML',
    text: () => head + fill('# comment\n', 50 * 1024 * 1024),
    reason: /larger than 1 MB/,
  },
  {
    what: '10,000 documents',
    text: () => fill(`amiId: ami-1\n---\n`, 10_000 * 17),
    reason: /documents/,
  },
  {
    what: 'an alias bomb beside a pin',
    text: () => `${bomb}amiId: ami-0123456789abcdef0\n`,
    reason: /anchors/,
  },
  { what: 'an alias bomb without a pin', text: () => bomb, reason: /anchors/ },
  {
    what: 'an alias bomb in the document before a pin',
    text: () => `${bomb}---\n${head}`,
    reason: /anchors/,
  },
  {
    what: 'an alias of itself',
    text: () => 'amiId: ami-0123456789abcdef0\nx: &x [*x]\n',
    reason: /anchors/,
  },
  {
    what: 'brackets nested deeply',
    text: () => `${head}  x: ${fill('[')}`,
    reason: /nested|tokens/,
  },
  {
    what: 'a few brackets nested deeply',
    text: () => `${head}  x: ${'['.repeat(5000)}`,
    reason: /nested/,
  },
  {
    what: 'lists with items before the next',
    text: () => `${head}  x: ${'[a,'.repeat(3000)}${']'.repeat(3000)}`,
    reason: /nested|tokens/,
  },
  {
    what: 'dashes nested deeply',
    text: () => `${head}  x:\n    ${'- '.repeat(5000)}`,
    reason: /nested/,
  },
  {
    what: 'maps nested by indentation',
    text: () => head + lines(500, (index) => `${' '.repeat(index + 2)}a:`),
    reason: /nested/,
  },
  {
    what: '60,000 keys',
    text: () => head + lines(60_000, (index) => `  k${index}: v`),
    reason: /tokens/,
  },
  {
    what: 'a line of braces and commas',
    text: () => `${head}  x: {${fill('a: b, ')}}\n`,
    reason: /tokens/,
  },
  { what: 'thousands of errors', text: () => head + fill('@ `\n'), reason: /tokens/ },
  { what: 'a megabyte of line breaks', text: () => head + fill('\n'), reason: /tokens/ },
  { what: 'a million tags', text: () => head + fill('  k: !a b\n'), reason: /tokens/ },
  {
    what: 'more pins than anybody has',
    text: () => lines(2500, () => '- amiId: ami-0123456789abcdef0'),
    reason: /pins/,
  },
  { what: 'a quote that is never closed', text: () => `${head}  x: "${fill('word ')}` },
  {
    what: 'a long line of words that look like keys',
    text: () => `${head}  x: ${fill('ami_id=')}`,
  },
  {
    what: 'a template of unclosed expressions',
    text: () => `{{ if }}\n${fill('amiId: "{{ "\n')}`,
    reason: /pins/,
  },
  {
    what: 'a template of openings',
    text: () => `{{ if }}\nkind: X\n${fill('amiSelectorTerms:\n')}`,
  },
  { what: 'a template of brackets', text: () => `{{ if }}\n${fill('amiSelectorTerms: [\n')}` },
  { what: 'comments of ours without end', text: () => `${head}  # ${fill('amiable: family=x ')}` },
  {
    what: 'YAML in YAML in YAML',
    text: () =>
      lines(8, (index) => `${'  '.repeat(index)}x.yaml: |`) +
      `${'  '.repeat(8)}amiSelectorTerms: []\n`,
  },
];

const atStart = process.memoryUsage().rss;

/** Milliseconds of processor time: other work on the machine does not count. */
function spent(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test.each(hostile)('$what: an answer within a second', ({ text, reason }) => {
  const content = Buffer.from(text());
  let found: ReturnType<typeof findPins> | undefined;
  expect(spent(() => (found = findPins('a.yaml', content)))).toBeLessThan(1000);
  if (reason !== undefined) {
    expect(found).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) });
  }
});

test('all of them together leave no more than 300 MB behind', () => {
  // The first of them is 50 MB by itself, and is the test's, not ours.
  expect((process.memoryUsage().rss - atStart) / 1024 / 1024).toBeLessThan(350);
});

test.each([
  { what: 'NUL bytes', content: Buffer.from(`${head}\0`), reason: /NUL/ },
  {
    what: 'invalid UTF-8',
    content: Buffer.concat([Buffer.from(head), Buffer.from([0xc3, 0x28])]),
    reason: /UTF-8/,
  },
  { what: 'UTF-16', content: Buffer.from(`\uFEFF${head}`, 'utf16le'), reason: /NUL/ },
])('$what are refused with the reason', ({ content, reason }) => {
  expect(findPins('a.yaml', content)).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(reason),
  });
});

test('one hostile document refuses the file rather than hide a pin in it', () => {
  const content = Buffer.from(`${head}---\namiId: ami-1\nx: ${'['.repeat(5000)}`);
  expect(findPins('a.yaml', content).kind).toBe('refused');
});
