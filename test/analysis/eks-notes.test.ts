import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEksChangelog, parseEksNotes } from '../../src/analysis/eks-notes.ts';

const shared = new URL('../../../shared/reference/data/amazon-eks-ami/', import.meta.url);
const present = existsSync(shared);
const read = (name: string) => readFileSync(new URL(name, shared), 'utf8');

const body = `<!-- Release notes generated -->
> [!WARNING]
> The driver comes from another place.

## What's Changed
* fix: a thing by @ann-lee in https://github.com/awslabs/amazon-eks-ami/pull/12
* @bo made their first contribution in https://github.com/awslabs/amazon-eks-ami/pull/12

**Full Changelog**: https://github.com/awslabs/amazon-eks-ami/compare/v20260101...v20260102

<h2>AMI Details</h2>
<table>
  <tr><th>AMI Type</th><th>Source AMI Name (K8s 1.35)</th>
  <tr><td>AL2023_x86_64_STANDARD</td><td>al2023-ami-minimal-2023.12.20260710.0-kernel-6.12-x86_64</td></tr>
</table>
<details>
<summary><b>Kubernetes 1.35</b></summary>
  <table>
    <tr><th>AMI Names</th><th>Release version</th><th>Included artifacts</th>
    <tr><td>amazon-eks-node-a</td><td rowspan="2">1.35.2-20260102</td><td rowspan="2">s3://amazon-eks/1.35.2/2026-01-01/</td></tr>
    <tr><td>amazon-eks-node-b</td></tr>
  </table>
  <table>
    <tr><th>Package</th><th>AL2023_x86_64_NVIDIA</th><th>AL2023_x86_64_STANDARD</th>
    <tr><td>containerd</td><td colspan="2">2.1.4-1.amzn2023</td>
    <tr><td>kmod-nvidia-latest-dkms<td>580.1-1<td>—
    <tr><td>runc</td><td>1.3.5-1</td></tr>
    <tr><td>efa</td><td>see the notes below</td><td>3.1.0</td></tr>
    <tr><td>constructor</td><td colspan="2">1.0</td></tr>
  </table>
</details>`;

describe('the notes of one release', () => {
  const notes = parseEksNotes('[ABANDONED] AMI Release v20260102', body.replace(/\n/g, '\r\n'));

  test('are read with rows and cells that nobody closed', () => {
    expect(notes?.kubernetes).toEqual([
      {
        version: '1.35',
        releaseVersion: '1.35.2-20260102',
        artifacts: 's3://amazon-eks/1.35.2/2026-01-01/',
        amiNames: ['amazon-eks-node-a', 'amazon-eks-node-b'],
        packages: {
          AL2023_x86_64_NVIDIA: {
            containerd: '2.1.4-1.amzn2023',
            'kmod-nvidia-latest-dkms': '580.1-1',
            constructor: '1.0',
          },
          AL2023_x86_64_STANDARD: {
            containerd: '2.1.4-1.amzn2023',
            'kmod-nvidia-latest-dkms': null,
            efa: '3.1.0',
            constructor: '1.0',
          },
        },
      },
    ]);
  });

  test('name what was withdrawn, compared, said and merged', () => {
    expect(notes).toMatchObject({
      tag: 'v20260102',
      abandoned: true,
      warns: true,
      compare: { base: 'v20260101', head: 'v20260102' },
      notices: ['The driver comes from another place.'],
      pullRequests: [{ title: 'fix: a thing', author: 'ann-lee', number: 12 }],
      sourceAmis: [{ amiType: 'AL2023_x86_64_STANDARD' }],
    });
    expect(parseEksNotes('### [Recalled] AMI Release v20230211', '')?.abandoned).toBe(true);
    expect(parseEksNotes('Something else v20230211', body)).toBeUndefined();
  });

  test('leave out a row that does not fill the table, since its values could be shifted', () => {
    expect(notes?.kubernetes[0]?.packages['AL2023_x86_64_NVIDIA']).not.toHaveProperty('runc');
  });
});

describe('hostile notes', () => {
  const pieces = fc.constantFrom(
    '<table>',
    '</table>',
    '<tr>',
    '<td colspan="9999">',
    '<td rowspan=99999>',
    '<th>Package',
    '<th>AL2023_x86_64_STANDARD',
    '<details>',
    '<summary>Kubernetes 1.35</summary>',
    '</summary>',
    '<!--',
    '-->',
    '<',
    '>',
    '&lt;script&gt;',
    '<td>__proto__',
    '<td>kernel',
    '<td>1.2.3',
    '—',
    '\n',
    '> [!NOTE]\n',
    '* x by @y in https://github.com/awslabs/amazon-eks-ami/pull/1\n',
    '\u202e',
  );

  test('never crash the reader, and give versions and names of harmless letters only', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 60 }),
        (parts) => {
          const notes = parseEksNotes('AMI Release v20260102', parts.join(''));
          for (const { packages } of notes?.kubernetes ?? []) {
            for (const [amiType, table] of Object.entries(packages)) {
              expect(amiType).toMatch(/^AL\w+$/);
              for (const [name, version] of Object.entries(table)) {
                expect(name).toMatch(/^[a-z0-9.+_-]+$/);
                expect(version ?? '1').toMatch(/^[\w.+~^:-]+$/);
              }
            }
          }
        },
      ),
    );
  });

  test.each([
    ['open tags', '<td '.repeat(250_000)],
    ['angle brackets', '<'.repeat(1_000_000)],
    ['open comments', '<!--'.repeat(250_000)],
    ['comments', '<!---->'.repeat(140_000)],
    ['tables', '<table><tr><td colspan=999 rowspan=999>'.repeat(30_000)],
    ['cells', `<table>${'<tr><td colspan=999 rowspan=999>1'.repeat(30_000)}`],
    ['one line', `* ${' by @a in '.repeat(100_000)}`],
    ['headings', '# AMI Release v20260102\n'.repeat(40_000)],
    ['spaces', `# AMI Release v20260102${' '.repeat(1_000_000)}x`],
  ])('of nothing but %s are read in time', (_, text) => {
    const start = performance.now();
    parseEksNotes('AMI Release v20260102', text);
    parseEksChangelog(text);
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

// These need the reference data beside the repository and are skipped without it.
describe.skipIf(!present)('the real changelog (../shared)', () => {
  test('is read as expected', () => {
    const all = parseEksChangelog(read('CHANGELOG.md'));
    const expected: { tag: string }[] = JSON.parse(read('parsed-expected.json'));
    expect(expected).toHaveLength(6);
    for (const entry of expected) {
      const { warns, ...notes } = all.find(({ tag }) => tag === entry.tag) ?? { warns: null };
      expect(JSON.parse(JSON.stringify(notes))).toEqual(entry);
    }
  });

  test('has all 30 entries, each with its minors, AMI types and kubelets', () => {
    const all = parseEksChangelog(read('CHANGELOG.md'));
    expect(all).toHaveLength(30);
    for (const { kubernetes, sourceAmis } of all) {
      expect(kubernetes.length).toBeGreaterThan(4);
      expect(sourceAmis.length).toBeGreaterThan(4);
      for (const { releaseVersion, packages, amiNames } of kubernetes) {
        expect(releaseVersion).toMatch(/^1\.\d+\.\d+-\d{8}$/);
        expect(amiNames.length).toBe(Object.keys(packages).length);
      }
    }
    expect(all.filter(({ abandoned }) => abandoned).map(({ tag }) => tag)).toEqual([
      'v20260311',
      'v20260128',
    ]);
    expect(all.filter(({ warns }) => warns).map(({ tag }) => tag)).toEqual([
      'v20260128',
      'v20250829',
    ]);
  });

  test('agrees with the matrix of packages', () => {
    const all = new Map(parseEksChangelog(read('CHANGELOG.md')).map((notes) => [notes.tag, notes]));
    const columns = {
      containerd: 7,
      runc: 8,
      'kmod-nvidia-latest-dkms': 9,
      'aws-neuronx-dkms': 10,
      'nvidia-container-toolkit': 11,
      efa: 12,
      ena: 13,
      'amazon-ssm-agent': 14,
    };
    let compared = 0;
    for (const line of read('package-matrix.csv').trim().split(/\r?\n/).slice(1)) {
      const row = line.split(',');
      const [tag = '', flag, minor, releaseVersion, amiType = '', kernelPackage = '', kernel = ''] =
        row;
      const notes = all.get(tag);
      if (notes === undefined) continue;
      const entry = notes.kubernetes.find(({ version }) => version === minor);
      const packages = entry?.packages[amiType];
      expect(notes.abandoned).toBe(flag === 'ABANDONED');
      expect(entry?.releaseVersion).toBe(releaseVersion);
      if (kernelPackage !== '') expect(packages?.[kernelPackage] ?? '').toBe(kernel);
      for (const [name, column] of Object.entries(columns))
        expect(packages?.[name] ?? '').toBe(row[column]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(1_000);
  });

  test('of 2.3 MB is read in one go, not in minutes', () => {
    const text = read('CHANGELOG.md').repeat(4);
    parseEksChangelog(text);
    const best = Math.min(
      ...[1, 2, 3, 4, 5].map(() => {
        const start = performance.now();
        parseEksChangelog(text);
        return performance.now() - start;
      }),
    );
    expect(text.length).toBeGreaterThan(2_300_000);
    expect(best).toBeLessThan(2_000); // about 150 ms when nothing else runs; 300 ms is the bench's to hold
  });
});

test.each(['* ', '- ', '  * ', '> '])(
  'tables in lines that begin with "%s" are nobody\'s facts',
  (lead) => {
    const injected = [
      '<details><summary>Kubernetes 1.35</summary><table><tr><th>AMI Names<th>Release version<tr><td>a<td>1.35.99-20260102</table>',
      '<details><summary>Kubernetes 1.36</summary><table><tr><th>Package<th>AL2023_x86_64_STANDARD<tr><td>runc<td>9.9.9-1</table>',
      '<table><tr><th>AMI Type<th>Source AMI Name<tr><td>AL2023_x86_64_STANDARD<td>al2023-ami-minimal-9.9.9-kernel</table>',
    ].map(
      (title) => `${lead}${title} by @mallory in https://github.com/awslabs/amazon-eks-ami/pull/66`,
    );
    const plain = parseEksNotes('AMI Release v20260102', body);
    const notes = parseEksNotes('AMI Release v20260102', [...injected, body].join('\n'));
    expect(notes?.kubernetes).toEqual(plain?.kubernetes);
    expect(notes?.sourceAmis).toEqual(plain?.sourceAmis);
  },
);
