import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { amiable } from './captured.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

removeFoldersAfterAll();

const nodeClass = `# keep me
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata:
  name: default
spec:
  amiSelectorTerms:
    - alias: "al2023@v20261021"   # moved by Amiable\r
    - alias: al2023@latest
  role: nodes`;

const rows = (file: string) => [
  {
    file,
    line: 8,
    column: 15,
    kind: 'alias',
    value: 'al2023@v20261021',
    nodeclass: 'default',
    editable: true,
    reason: null,
  },
  {
    file,
    line: 9,
    column: 14,
    kind: 'alias',
    value: 'al2023@latest',
    nodeclass: 'default',
    editable: false,
    reason: '@latest is floating',
  },
];

test('a list in JSON has one row a pin, with every field', async () => {
  const path = join(temporaryFolder({ 'a.yaml': nodeClass }), 'a.yaml');
  const { code, out, err } = await amiable(['pins', 'list', '--json', path]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(JSON.parse(out)).toEqual(rows(path));
});

test('a list for people has one line a pin and says what cannot be moved, and why', async () => {
  const path = join(temporaryFolder({ 'a.yaml': nodeClass }), 'a.yaml');
  const { out } = await amiable(['pins', 'list', path]);
  expect(out.split('\n')).toEqual([
    `${path}:8  alias al2023@v20261021 (default)  can be moved`,
    `${path}:9  alias al2023@latest (default)  @latest is floating`,
  ]);
});

test('a folder is looked through, without what Git and package managers keep', async () => {
  const folder = temporaryFolder({
    'b/two.yaml': nodeClass,
    'a/one.yaml': nodeClass,
    '.git/hidden.yaml': nodeClass,
    'deep/node_modules/x/hidden.yaml': nodeClass,
    'module/.terraform/hidden.yaml': nodeClass,
    'README.md': 'al2023@v20261021',
    'logo.png': new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0]),
  });
  const { code, out } = await amiable(['pins', 'list', '--json', folder]);
  expect(code).toBe(0);
  const files = (JSON.parse(out) as { file: string }[]).map(({ file }) => file);
  expect([...new Set(files)]).toEqual([join(folder, 'a/one.yaml'), join(folder, 'b/two.yaml')]);
});

test('what is built is passed by, which is said, and looked through when it is named', async () => {
  const folder = temporaryFolder({
    'a.yaml': nodeClass,
    'dist/copy.yaml': nodeClass,
    'x/build-main/copy.yaml': nodeClass,
    'builders/own.yaml': nodeClass,
  });
  const { code, out, err } = await amiable(['pins', 'list', folder]);
  expect(code).toBe(0);
  expect(out).not.toContain('copy.yaml');
  expect(out).toContain('own.yaml:8');
  expect(err).toBe(
    `Passed by: ${join(folder, 'dist')}, ${join(folder, 'x/build-main')}. Name one to have it looked through.`,
  );
  const named = await amiable(['pins', 'list', join(folder, 'dist')]);
  expect(named.out).toContain('copy.yaml:8');
});

test('a file named twice is listed once', async () => {
  const folder = temporaryFolder({ 'a.yaml': nodeClass });
  const again = relative('.', join(folder, 'a.yaml'));
  const { out } = await amiable(['pins', 'list', '--json', folder, join(folder, 'a.yaml'), again]);
  expect(JSON.parse(out)).toHaveLength(2);
});

test('nothing found is an empty array, not an error', async () => {
  const { code, out, err } = await amiable(['pins', 'list', '--json', temporaryFolder()]);
  expect({ code, out, err }).toEqual({
    code: 0,
    out: '[]',
    err: 'There are no files to look through.',
  });
});

test('a file that is refused is told as an error, the others are listed, and it exits 1', async () => {
  const folder = temporaryFolder({
    'a.yaml': nodeClass,
    'bad.yaml': new Uint8Array([0x61, 0xff, 0x62]),
  });
  const { code, out, err } = await amiable(['pins', 'list', '--json', folder]);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual(rows(join(folder, 'a.yaml')));
  expect(err).toBe(
    `${join(folder, 'bad.yaml')}: the file is not valid UTF-8\n1 file was not read.`,
  );
});

test('a binary file that is named is refused', async () => {
  const path = join(temporaryFolder({ 'a.png': new Uint8Array([0x89, 0]) }), 'a.png');
  const { code, err } = await amiable(['pins', 'list', path]);
  expect(code).toBe(1);
  expect(err).toContain('NUL');
});

test('a path that does not exist exits 2', async () => {
  const { code, err } = await amiable(['pins', 'list', '/nowhere']);
  expect({ code, err }).toEqual({ code: 2, err: '/nowhere does not exist.' });
});

test('setting a pin changes that value and no other byte', async () => {
  const path = join(temporaryFolder({ 'a.yaml': nodeClass }), 'a.yaml');
  const { code, out } = await amiable(['pins', 'set', `${path}:8`, 'al2023@v20261118']);
  expect({ code, out }).toEqual({
    code: 0,
    out: `${path}:8  al2023@v20261021 → al2023@v20261118`,
  });
  expect(readFileSync(path, 'utf8')).toBe(
    nodeClass.replace('al2023@v20261021', 'al2023@v20261118'),
  );
});

test.for([
  [
    'a pin that floats',
    9,
    'al2023@v20261118',
    /@latest is floating\. To pin it, .* pins now .*:9 al2023@/,
  ],
  ['a line without a pin', 2, 'al2023@v20261118', /:2 holds no pin/],
  ['a day that no calendar has', 8, 'al2023@v20251399', /there is no day 20251399/],
  ['the 29th of February of a common year', 8, 'al2023@v20250229', /there is no day 20250229/],
  ['a value of another kind', 8, 'ami-0123456789abcdef0', /a\.yaml: line 8: (?!line)/],
  ['a value that would break out of its quotes', 8, 'al2023@v1"\n    - id: x', /./],
] as const)(
  '%s is not set: it exits 1 with a reason, and the file stays',
  async ([, line, value, reason]) => {
    const path = join(temporaryFolder({ 'a.yaml': nodeClass }), 'a.yaml');
    const { code, out, err } = await amiable(['pins', 'set', `${path}:${line}`, value]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(reason);
    expect(readFileSync(path, 'utf8')).toBe(nodeClass);
  },
);

test('a floating alias is pinned by its own command, and by no other', async () => {
  const path = join(temporaryFolder({ 'a.yaml': nodeClass }), 'a.yaml');
  for (const [line, value, words] of [
    [8, 'al2023@v20261118', 'holds no floating alias'],
    [9, 'bottlerocket@v1.50.0', 'another family'],
    [9, 'al2023@v20251399', 'no day'],
  ] as const) {
    const { code, err } = await amiable(['pins', 'now', `${path}:${line}`, value]);
    expect(code).toBe(1);
    expect(err).toContain(words);
  }
  expect(readFileSync(path, 'utf8')).toBe(nodeClass);
  const { code, out } = await amiable(['pins', 'now', `${path}:9`, 'al2023@v20261118']);
  expect({ code, out }).toEqual({
    code: 0,
    out: `${path}:9  al2023@latest → al2023@v20261118`,
  });
  expect(readFileSync(path, 'utf8')).toBe(nodeClass.replace('al2023@latest', 'al2023@v20261118'));
});

test('a line with two pins is left to people', async () => {
  const path = join(
    temporaryFolder({
      'a.yaml': nodeClass.replace(
        /spec:[\s\S]*/,
        'spec: { amiSelectorTerms: [{ id: ami-0123456789abcdef0 }, { id: ami-0123456789abcdef1 }] }\n',
      ),
    }),
    'a.yaml',
  );
  const before = readFileSync(path);
  const { code, err } = await amiable(['pins', 'set', `${path}:6`, 'ami-0123456789abcdef2']);
  expect(code).toBe(1);
  expect(err).toContain('holds 2 pins');
  expect(readFileSync(path)).toEqual(before);
});

test('a file that is not there cannot be set, and is not made', async () => {
  const path = join(temporaryFolder(), 'a.yaml');
  expect((await amiable(['pins', 'set', `${path}:1`, 'al2023@v20261118'])).code).toBe(1);
  expect(() => readFileSync(path)).toThrow('ENOENT');
});

test('setting a pin to what it is leaves the file as it is', async () => {
  const path = join(temporaryFolder({ 'a.yaml': nodeClass }), 'a.yaml');
  writeFileSync(path, nodeClass);
  expect((await amiable(['pins', 'set', `${path}:8`, 'al2023@v20261021'])).code).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe(nodeClass);
});

test('a file of a folder that holds NUL bytes is named if it looks like a manifest', async () => {
  const nul = new Uint8Array([0x61, 0, 0x62]);
  const folder = temporaryFolder({
    'a.yaml': nodeClass,
    'main.tf': nul,
    'values.YML': nul,
    'x.json': nul,
    'logo.png': nul,
    binary: nul,
  });
  const { code, out, err } = await amiable(['pins', 'list', folder]);
  expect(code).toBe(1);
  expect(out.split('\n')).toHaveLength(2);
  for (const name of ['main.tf', 'values.YML', 'x.json'])
    expect(err).toContain(`${join(folder, name)}: the file holds NUL bytes: it is not text`);
  expect(err).toContain('3 files were not read.');
  expect(err).not.toMatch(/logo|binary/);
});

test('many uses of small anchors are no bomb', async () => {
  const uses = Array.from({ length: 40 }, () => '  - *one').join('\n');
  const folder = temporaryFolder({ 'a.yaml': `one: &one {a: b}\nall:\n${uses}\n` });
  const { code, err } = await amiable(['pins', 'list', folder]);
  expect({ code, err }).toEqual({ code: 0, err: 'No pins were found.' });
});
