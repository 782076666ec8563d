import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type EksNotes, parseEksChangelog } from '../../src/analysis/eks-notes.ts';
import { imagePackages } from '../../src/analysis/image-packages.ts';
import { changeOf, diffPackages, lineOf } from '../../src/analysis/package-diff.ts';

test.each([
  ['kernel', '6.1.147-172.266.amzn2023', '6.12.40-63.114.amzn2023', 'series'],
  ['kernel', '6.12.40-63.114.amzn2023', '6.12.94-123.180.amzn2023', 'patch'],
  ['kernel', '6.12.94-123.180.amzn2023', '6.12.94-122.180.amzn2023', 'downgrade'],
  ['containerd', '1.7.27-1.eks.amzn2023.0.4', '2.1.4-1.eks.amzn2023.0.1', 'series'],
  ['containerd', '2.1.5-1', '2.2.1-1', 'minor'],
  ['containerd', '2.2.1-1', '2.2.4-1', 'patch'],
  ['runc', '1.3.2-1.amzn2', '1.2.6-1.amzn2', 'downgrade'],
  ['runc', '1.1.14-1', '1.2.4-1', 'minor'],
  ['kmod-nvidia-latest-dkms', '570.172.08-1.amzn2023', '580.95.05-1.amzn2023', 'series'],
  ['kmod-nvidia-latest-dkms', '575.57.08-1', '570.172.08-1', 'downgrade'],
  ['kmod-nvidia-latest-dkms', '580.95.05-1', '580.159.03-1', 'patch'],
  ['nvidia-container-toolkit', '1.18.0-1', '1.19.1-1', 'minor'],
  ['ena', '2.14.1g', '2.17.2g', 'minor'],
  ['ena', '2.17.2g', '2.17.2g', 'unchanged'],
  ['efa', null, '3.1.0-1', 'added'],
  ['efa', '3.1.0-1', null, 'removed'],
  ['kernel', '6.12.94-1', undefined, 'unknown'],
  ['kernel', undefined, '6.18.36-1', 'unknown'],
  ['efa', undefined, null, 'unknown'],
])('%s from %s to %s is %s', (name, from, to, change) =>
  expect(changeOf(name, from, to)).toEqual({ name, from: from ?? null, to: to ?? null, change }),
);

test('what neither image has is no change', () => {
  expect(changeOf('efa', null, null)).toBeUndefined();
  expect(changeOf('efa', undefined, undefined)).toBeUndefined();
});

const slot = { kubernetes: '1.35', amiType: 'AL2023_x86_64_STANDARD' };
const notesOf = (
  tag: string,
  packages: Record<string, string | null>,
  more: Partial<EksNotes> = {},
): EksNotes => ({
  title: `AMI Release ${tag}`,
  tag,
  abandoned: false,
  compare: null,
  notices: [],
  warns: false,
  pullRequests: [],
  sourceAmis: [],
  kubernetes: [
    {
      version: '1.35',
      releaseVersion: '1.35.2-20260101',
      artifacts: '',
      amiNames: [],
      packages: { AL2023_x86_64_STANDARD: packages },
    },
  ],
  ...more,
});

describe('packages of an image', () => {
  test('have one kernel, whatever its row is called', () => {
    const notes = notesOf('v20260101', { kernel: null, 'kernel6.12': '6.12.94-1' });
    expect(imagePackages(notes, slot).get('kernel')).toBe('6.12.94-1');
    expect(imagePackages(notesOf('v20260101', { kernel: null }), slot).has('kernel')).toBe(false);
  });

  test('have the kubelet of the release version and the base of the column for their minor', () => {
    const notes = notesOf(
      'v20260101',
      {},
      {
        sourceAmis: [
          {
            amiType: 'AL2023_x86_64_STANDARD',
            'Source AMI Name (K8s 1.36)':
              'al2023-ami-minimal-2023.13.20260801.0-kernel-6.18-x86_64',
            'Source AMI Name (K8s 1.33 – 1.35)':
              'al2023-ami-minimal-2023.12.20260710.0-kernel-6.12-x86_64',
          },
        ],
      },
    );
    expect([...imagePackages(notes, slot)]).toEqual([
      ['kubelet', '1.35.2'],
      ['base-image', '2023.12.20260710.0'],
    ]);
  });

  test('are none where the notes do not know the image', () => {
    expect(
      imagePackages(notesOf('v20260101', { runc: '1' }), { ...slot, kubernetes: '1.36' }).size,
    ).toBe(0);
    expect(
      imagePackages(notesOf('v20260101', { runc: '1' }), { ...slot, amiType: 'constructor' }).size,
    ).toBe(0);
  });
});

test('names the release that brought a new line', () => {
  const notes = ['1.7.1', '2.1.1', '1.7.9', '2.1.1', '2.1.4'].map((containerd, index) =>
    notesOf(`v2026010${index}`, { containerd }),
  );
  const [first, ...rest] = notes;
  const change = diffPackages(first, rest.at(-1), slot, rest.slice(0, -1)).find(
    ({ name }) => name === 'containerd',
  );
  expect(change).toEqual({
    name: 'containerd',
    from: '1.7.1',
    to: '2.1.4',
    change: 'series',
    since: 'v20260103',
  });
});

test('without notes of what runs, everything is unknown, not new', () => {
  const changes = diffPackages(undefined, notesOf('v20260101', { runc: '1.3.5', efa: null }), slot);
  expect(changes.map(({ name, change }) => [name, change])).toEqual([
    ['efa', 'unknown'],
    ['kernel', 'unknown'], // in no notes, but in every image
    ['kubelet', 'unknown'],
    ['runc', 'unknown'],
  ]);
});

// These need the reference data beside the repository and are skipped without it.
const changelog = new URL(
  '../../../shared/reference/data/amazon-eks-ami/CHANGELOG.md',
  import.meta.url,
);
const matrix = new URL(
  '../../../shared/reference/data/amazon-eks-ami/package-matrix.csv',
  import.meta.url,
);

/** The releases of the matrix as notes, so that step changes of releases whose notes are not in the sample are found too. */
function notesOfMatrix(): readonly EksNotes[] {
  const [head = '', ...lines] = readFileSync(matrix, 'utf8').trim().split(/\r?\n/);
  const names = head.split(',');
  const byTag = new Map<
    string,
    Map<string, { releaseVersion: string; packages: Record<string, Record<string, string | null>> }>
  >();
  for (const line of lines) {
    const row = Object.fromEntries(
      line.split(',').map((cell, index) => [names[index] ?? '', cell]),
    );
    const minors = byTag.get(row['tag'] ?? '') ?? new Map();
    byTag.set(row['tag'] ?? '', minors);
    const minor = minors.get(row['k8s']) ?? {
      releaseVersion: row['release_version'] ?? '',
      packages: {},
    };
    minors.set(row['k8s'], minor);
    const { kernel_package: kernelRow = '', kernel = '' } = row;
    minor.packages[row['ami_type'] ?? ''] = {
      ...(kernelRow === '' ? {} : { [kernelRow]: kernel }),
      containerd: row['containerd'] || null,
      runc: row['runc'] || null,
      'kmod-nvidia-latest-dkms': row['nvidia_kmod'] || null,
    };
  }
  return [...byTag].map(([tag, minors]) =>
    notesOf(
      tag,
      {},
      {
        kubernetes: [...minors].map(([version, minor]) => ({
          version,
          artifacts: '',
          amiNames: [],
          ...minor,
        })),
      },
    ),
  );
}

/** The one release before the matrix begins. */
function notesOf20250123(): readonly EksNotes[] {
  return parseEksChangelog(readFileSync(changelog, 'utf8')).filter(
    ({ tag }) => tag === 'v20250123',
  );
}

/** [release, package, line before, line after, change, minors, a part of the AMI type] as release-notes.md 1.4 lists them. */
const steps: readonly (readonly [
  string,
  string,
  string,
  string,
  string,
  readonly string[],
  RegExp,
])[] = [
  ['v20250203', 'runc', '1.1', '1.2', 'minor', ['1.25', '1.32'], /AL2023/],
  [
    'v20250403',
    'kmod-nvidia-latest-dkms',
    '560',
    '570',
    'series',
    ['1.32'],
    /AL2023_x86_64_NVIDIA/,
  ],
  [
    'v20250410',
    'kmod-nvidia-latest-dkms',
    '560',
    '570',
    'series',
    ['1.25', '1.31'],
    /AL2023_x86_64_NVIDIA/,
  ],
  ['v20250501', 'kernel', '6.1', '6.12', 'series', ['1.26', '1.32'], /ARM_64_NVIDIA/],
  ['v20250715', 'kmod-nvidia-latest-dkms', '570', '575', 'series', ['1.33'], /AL2023.*NVIDIA/],
  ['v20250807', 'kmod-nvidia-latest-dkms', '575', '570', 'downgrade', ['1.33'], /AL2023.*NVIDIA/],
  [
    'v20250807',
    'kernel',
    '6.1',
    '6.12',
    'series',
    ['1.33'],
    /AL2023_x86_64_(STANDARD|NVIDIA|NEURON)/,
  ],
  ['v20251016', 'containerd', '1.7', '2.1', 'series', ['1.33'], /AL2023/],
  ['v20251016', 'runc', '1.2', '1.3', 'minor', ['1.30', '1.33'], /AL2023/],
  ['v20251023', 'containerd', '1.7', '2.1', 'series', ['1.32'], /AL2023/],
  ['v20251023', 'kmod-nvidia-latest-dkms', '570', '580', 'series', ['1.34'], /AL2023.*NVIDIA/],
  ['v20251029', 'kmod-nvidia-latest-dkms', '570', '580', 'series', ['1.33'], /AL2023.*NVIDIA/],
  ['v20251108', 'containerd', '1.7', '2.1', 'series', ['1.31'], /AL2023/],
  [
    'v20251108',
    'kmod-nvidia-latest-dkms',
    '570',
    '580',
    'series',
    ['1.31', '1.32'],
    /AL2023.*NVIDIA/,
  ],
  ['v20251112', 'runc', '1.3', '1.2', 'downgrade', ['1.28', '1.32'], /AL2_/],
  [
    'v20251120',
    'kmod-nvidia-latest-dkms',
    '570',
    '580',
    'series',
    ['1.29', '1.30'],
    /AL2023.*NVIDIA/,
  ],
  ['v20251209', 'containerd', '1.7', '2.1', 'series', ['1.30'], /AL2023/],
  ['v20260318', 'containerd', '2.1', '2.2', 'minor', ['1.30', '1.35'], /AL2023/],
];

describe.skipIf(!existsSync(matrix))('the step changes of real releases (../shared)', () => {
  const all = existsSync(matrix)
    ? [...notesOfMatrix(), ...notesOf20250123()].toSorted((a, b) => (a.tag < b.tag ? -1 : 1))
    : [];

  test.each(steps)('%s: %s %s to %s is %s', (tag, name, before, after, change, minors, types) => {
    const to = all.find((notes) => notes.tag === tag);
    for (const kubernetes of minors) {
      const amiTypes = Object.keys(
        to?.kubernetes.find(({ version }) => version === kubernetes)?.packages ?? {},
      );
      const found = amiTypes
        .filter((type) => types.test(type))
        .map((amiType) => {
          const slot = { kubernetes, amiType };
          // The release before may lack the row (the ARM kernel in v20250419); a cluster may run an older one.
          const from = all.findLast((one) => one.tag < tag && imagePackages(one, slot).has(name));
          const move = diffPackages(from, to, slot).find((one) => one.name === name);
          return [lineOf(name, move?.from ?? ''), lineOf(name, move?.to ?? ''), move?.change];
        });
      expect(found.length).toBeGreaterThan(0);
      for (const one of found) expect(one).toEqual([before, after, change]);
    }
  });

  test('a kernel whose row is missing is unknown, and known again when it is back', () => {
    const notes = new Map(
      parseEksChangelog(readFileSync(changelog, 'utf8')).map((one) => [one.tag, one]),
    );
    const kernelOf = (from: string, to: string) =>
      diffPackages(notes.get(from), notes.get(to), {
        kubernetes: '1.36',
        amiType: 'AL2023_x86_64_STANDARD',
      }).find(({ name }) => name === 'kernel');
    expect(kernelOf('v20260610', 'v20260625')).toMatchObject({ to: null, change: 'unknown' });
    expect(kernelOf('v20260625', 'v20260714')).toMatchObject({ from: null, change: 'unknown' });
  });

  test('a cluster that skipped releases gets the whole way, and learns which of them brought it', () => {
    const notes = parseEksChangelog(readFileSync(changelog, 'utf8'));
    const [to, from] = ['v20260714', 'v20251108'].map((tag) =>
      notes.find((one) => one.tag === tag),
    );
    const between = notes.filter(({ tag }) => tag > 'v20251108' && tag < 'v20260714');
    const changes = diffPackages(
      from,
      to,
      { kubernetes: '1.34', amiType: 'AL2023_x86_64_STANDARD' },
      between,
    );
    expect(changes.find(({ name }) => name === 'containerd')).toMatchObject({
      change: 'minor',
      since: 'v20260318',
    });
    expect(changes.find(({ name }) => name === 'kernel')?.change).toBe('patch');
    expect(changes.map(({ name }) => name)).toContain('base-image');
    expect(changes.every(({ change }) => change !== 'unknown')).toBe(true);
  });
});
