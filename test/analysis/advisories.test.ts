import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Advisory, indexAdvisories, severityOf } from '../../src/analysis/advisory.ts';
import {
  type KitName,
  parseBottlerocketAdvisory,
} from '../../src/analysis/bottlerocket-advisory.ts';
import {
  kitsAt,
  parseBottlerocketChangelog,
  parseBottlerocketNotes,
  parseTwoliter,
} from '../../src/analysis/bottlerocket-notes.ts';
import { variantHas } from '../../src/analysis/bottlerocket-variant.ts';
import {
  fixedByKits,
  fixedByMoves,
  type Joined,
  securityFacts,
} from '../../src/analysis/cves-fixed.ts';
import { changeOf } from '../../src/analysis/package-diff.ts';
import { parseSmallToml } from '../../src/analysis/small-toml.ts';
import { parseUpdateinfo } from '../../src/analysis/updateinfo.ts';

const update = (
  id: string,
  severity: string,
  cves: readonly string[],
  packages: readonly string[],
  type = 'security',
) =>
  `<update status="final" type="${type}" version="1.4"><id>${id}</id><title>t</title><issued date="2026-01-02 03:04" /><updated date="x" />
   <severity>${severity}</severity><description>a &lt;b&gt; CVE-1999-0001</description><references>
   ${cves.map((cve) => `<reference href="http://x" id="${cve}" type="cve" />`).join('')}</references>
   <pkglist><collection short="a"><name>A</name>${packages
     .map((spec) => {
       const [name, version, release, epoch = '0'] = spec.split(' ');
       return ['x86_64', 'aarch64']
         .map(
           (arch) =>
             `<package name="${name}" version="${version}" release="${release}" epoch="${epoch}" arch="${arch}"><filename>f</filename></package>`,
         )
         .join('');
     })
     .join('')}</collection></pkglist></update>`;

describe('updateinfo.xml', () => {
  test('gives each package and version once, whatever architectures and prefixes it is listed under', () => {
    const [advisory] = parseUpdateinfo(
      `<updates>${update('ALAS2023-2026-7', 'Important', ['CVE-2026-1', 'CVE-2026-11112', 'CVE-2026-11112'], ['runc 1.3.5 1.amzn2023', 'bottlerocket-runc 1.3.5 1.amzn2023'])}</updates>`,
    );
    expect(advisory).toEqual({
      id: 'ALAS2023-2026-7',
      severity: 'high',
      cves: ['CVE-2026-11112'],
      products: [{ package: 'runc', fixedIn: '1.3.5-1.amzn2023' }],
      url: 'https://alas.aws.amazon.com/AL2023/ALAS2023-2026-7.html',
    });
  });

  test('keeps only the packages that are wanted, and security updates', () => {
    const xml = `${update('A-1', 'Low', [], ['vim 1 1'])}${update('A-2', 'Low', [], ['vim 1 1', 'runc 2 1 3'])}${update('A-3', 'Low', [], ['runc 2 1'], 'bugfix')}`;
    expect(
      parseUpdateinfo(xml, new Set(['runc'])).map(({ id, products }) => [id, products]),
    ).toEqual([['A-2', [{ package: 'runc', fixedIn: '3:2-1' }]]]);
  });

  test('of any text is read without a crash, and an update that never ends swallows no other', () => {
    expect(
      parseUpdateinfo(
        `<update type="security"><id>A-1</id>${update('A-2', 'Low', [], ['runc 2 1'])}`,
      ).map(({ id }) => id),
    ).toEqual(['A-2']);
    const piece = fc.constantFrom(
      '<update type="security">',
      '</update>',
      '<id>A-1</id>',
      '<pkglist>',
      '<package name="a" version="1" release="1" epoch="0">',
      '"',
      '<reference id="CVE-2026-1000"/>',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string())),
        (parts) => void parseUpdateinfo(parts.join('')),
      ),
    );
    const start = performance.now();
    parseUpdateinfo('<update '.repeat(200_000));
    parseUpdateinfo(
      `<update type="security"><id>A</id><pkglist>${'<package name="'.repeat(100_000)}</update>`,
    );
    parseUpdateinfo('</update>'.repeat(200_000));
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

const toml = `[advisory]
id = "BRSA-abcdefghijkl" # a comment
title = "runc CVE-2026-1234"
cve = "CVE-2026-1234"
severity = "moderate"
description = """
First \\
   line with "quotes"."""

[[advisory.products]]
package-name = "runc"
patched-version = "1.3.5"
patched-epoch = "1"
patched-release = "2"

[[advisory.products]]
package-name = 'containerd-2.1'
patched-version = "2.1.5"
patched-epoch = "0"

[updateinfo]
author = "somebody"
issue-date = 2026-06-18T22:17:00Z
arches = [
  "x86_64", # and
  "aarch64",
]
version = "10.9.0"
`;

describe('an advisory of Bottlerocket', () => {
  test('is read from its source', () => {
    expect(parseBottlerocketAdvisory(toml, 'bottlerocket-core-kit')).toEqual({
      id: 'BRSA-abcdefghijkl',
      severity: 'medium',
      cves: ['CVE-2026-1234'],
      products: [
        { package: 'runc', fixedIn: '1:1.3.5-2' },
        { package: 'containerd-2.1', fixedIn: '2.1.5' },
      ],
      kit: { name: 'bottlerocket-core-kit', version: '10.9.0' },
      url: 'https://github.com/bottlerocket-os/bottlerocket-core-kit/blob/develop/advisories/10.9.0/BRSA-abcdefghijkl.toml',
    });
    expect(parseSmallToml(toml)?.[1]?.values['description']).toBe('First line with "quotes".');
  });

  test.each([
    ['a broken string', toml.replace('"moderate"', '"moderate')],
    ['no version', toml.replace('version = "10.9.0"', '')],
    ['a version that is none', toml.replace('"1.3.5"', '"; rm -rf"')],
    ['a key twice', toml.replace('severity', 'title')],
    ['no products', toml.replaceAll('[[advisory.products]]', '[[other]]')],
    ['something else', '{"json": true}'],
    ['nothing', ''],
  ])('with %s is none', (_, text) =>
    expect(parseBottlerocketAdvisory(text, 'bottlerocket-core-kit')).toBeUndefined(),
  );

  test('of any text is read without a crash', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom('[', ']', '"""', "'''", '"', '\\', '\n', 'a = ', '[[a]]', '# x', ','),
            fc.string(),
          ),
        ),
        (parts) => void parseSmallToml(parts.join('')),
      ),
    );
  });
});

test.each([
  ['Critical', 'critical'],
  ['Important', 'high'],
  ['high', 'high'],
  ['Medium', 'medium'],
  ['moderate', 'medium'],
  ['low', 'low'],
  ['?', 'unknown'],
])('severity %s is %s', (word, severity) => expect(severityOf(word)).toBe(severity));

const advisory = (
  id: string,
  name: string,
  fixedIn: string,
  cves: readonly string[] = [`CVE-2026-${id}`],
  severity: Advisory['severity'] = 'high',
): Advisory => ({ id: `ALAS-${id}`, severity, cves, products: [{ package: name, fixedIn }] });
const move = (name: string, from: string | null, to: string | null, images = [0]) => {
  const change = changeOf(name, from ?? undefined, to ?? undefined);
  if (change === undefined) throw new Error('no move');
  return { ...change, images };
};

describe('what package moves fix', () => {
  const join = (moves: Parameters<typeof fixedByMoves>[0], ...advisories: Advisory[]) =>
    fixedByMoves(moves, indexAdvisories(advisories));
  const ids = ({ fixed }: Joined) => fixed.map(({ id }) => id);

  test('is what the version passed, the last one included', () => {
    const moves = [move('runc', '1.3.2-1.amzn2023', '1.3.5-1.amzn2023')];
    const joined = join(
      moves,
      advisory('1000', 'runc', '1.3.2-1.amzn2023'), // had it already
      advisory('1001', 'runc', '1.3.3-1.amzn2023'),
      advisory('1002', 'runc', '1.3.5-1.amzn2023'),
      advisory('1003', 'runc', '1.3.5-2.amzn2023'), // not yet
      advisory('1004', 'containerd', '1.3.3-1.amzn2023'), // another package
    );
    expect(ids(joined)).toEqual(['CVE-2026-1001', 'CVE-2026-1002']);
    expect(joined.unchecked).toEqual([]);
  });

  test('is not what a later advisory names again', () => {
    const joined = join(
      [move('runc', '1.3.2-1', '1.3.5-1')],
      advisory('1001', 'runc', '1.3.3-1'),
      advisory('again', 'runc', '1.3.6-1', ['CVE-2026-1001']),
    );
    expect(ids(joined)).toEqual([]);
  });

  test('is told apart from what a backward move brings back', () => {
    const joined = join([move('runc', '1.3.5-1', '1.2.6-1')], advisory('1001', 'runc', '1.3.3-1'));
    expect(joined).toEqual({ fixed: [], reopened: ['CVE-2026-1001'], unchecked: [] });
  });

  test('is not claimed of packages that no feed speaks of, or whose versions are not known', () => {
    const joined = join([
      move('kmod-nvidia-latest-dkms', '570.1', '580.1'),
      move('kernel', null, '6.18.36-1'),
      move('kubelet', '1.35.1', '1.35.2'),
    ]);
    expect(joined).toEqual({
      fixed: [],
      reopened: [],
      unchecked: ['kmod-nvidia-latest-dkms', 'kernel'],
    });
  });

  test('is not known of a kernel series that no advisories are kept of', () => {
    const joined = join(
      [move('kernel', '6.24.1-1', '6.24.9-1')],
      advisory('1', 'kernel', '6.1.9-1'),
    );
    expect(joined).toEqual({ fixed: [], reopened: [], unchecked: ['kernel'] });
  });

  test('of another kernel series is only what its own advisories name', () => {
    const moves = [move('kernel', '6.1.147-1.amzn2023', '6.12.40-1.amzn2023')];
    const joined = join(
      moves,
      advisory('a', 'kernel', '6.1.150-1.amzn2023', ['CVE-2026-1111']), // open before, and fixed in the new series too
      advisory('b', 'kernel6.12', '6.12.30-1.amzn2023', ['CVE-2026-1111']),
      advisory('c', 'kernel', '6.1.155-1.amzn2023', ['CVE-2026-2222']), // open before, nothing known of the new series
      advisory('d', 'kernel6.12', '6.12.30-1.amzn2023', ['CVE-2026-3333']), // never ours
      advisory('e', 'kernel', '6.1.155-1.amzn2023', ['CVE-2026-4444']), // open before, and not fixed in this one yet
      advisory('f', 'kernel6.12', '6.12.99-1.amzn2023', ['CVE-2026-4444']),
    );
    expect(ids(joined)).toEqual(['CVE-2026-1111']);
    expect(joined.unchecked).toEqual(['kernel']);
  });

  test('of a kernel 6.12 is not what advisories of kernel 6.1 say', () => {
    const moves = [move('kernel', '6.12.40-1.amzn2023', '6.12.94-1.amzn2023')];
    expect(
      ids(
        join(
          moves,
          advisory('1', 'kernel', '6.12.50-1'),
          advisory('1002', 'kernel6.12', '6.12.50-1'),
        ),
      ),
    ).toEqual(['CVE-2026-1002']);
  });

  test('is found fast: 5,000 advisories, 30 moves', () => {
    const index = indexAdvisories(
      Array.from({ length: 5_000 }, (_, n) =>
        advisory(
          `${1000 + n}`,
          ['kernel', 'kernel6.12', 'runc', 'containerd'][n % 4] ?? '',
          `6.12.${n % 120}-1.amzn2023`,
        ),
      ),
    );
    const moves = Array.from({ length: 30 }, (_, n) =>
      move(
        ['kernel', 'runc', 'containerd'][n % 3] ?? '',
        `6.12.${n}-1.amzn2023`,
        `6.12.${n + 60}-1.amzn2023`,
        [n],
      ),
    );
    const times = [1, 2, 3, 4, 5].map(() => {
      const { user } = process.cpuUsage();
      securityFacts([fixedByMoves(moves, index)]);
      return (process.cpuUsage().user - user) / 1_000;
    });
    expect(Math.min(...times)).toBeLessThan(200); // 50 ms is the bench's; this machine may be busy
  });
});

test('counts a vulnerability once, however many packages, images and advisories name it', () => {
  const entry = (
    pkg: string,
    severity: Advisory['severity'],
    images: readonly number[],
    id = 'CVE-2026-1000',
  ) => ({ id, severity, package: pkg, fixedIn: '1', advisory: 'A', images });
  const facts = securityFacts(
    [
      {
        fixed: [entry('kernel', 'medium', [1]), entry('kernel', 'high', [0, 1])],
        reopened: ['x'],
        unchecked: ['b'],
      },
      {
        fixed: [entry('runc', 'low', [2]), entry('runc', 'low', [2], 'CVE-2026-1001')],
        reopened: [],
        unchecked: ['a', 'b'],
      },
    ],
    new Set(['CVE-2026-1001']),
  );
  expect(facts.counts).toEqual({ critical: 0, high: 1, medium: 0, low: 1, unknown: 0 });
  expect(
    facts.fixed.map(({ id, package: pkg, images, exploited }) => [id, pkg, images, exploited]),
  ).toEqual([
    ['CVE-2026-1001', 'runc', [2], true],
    ['CVE-2026-1000', 'kernel', [0, 1], undefined],
    ['CVE-2026-1000', 'runc', [2], undefined],
  ]);
  expect(facts).toMatchObject({ reopened: ['x'], unchecked: ['a', 'b'] });
});

describe('the notes of Bottlerocket', () => {
  const body = `## Security Fixes
* Patch \`runc\` to mitigate CVE-2026-1234 ([bottlerocket-core-kit#6e3d3e2e])

## OS Changes
* Update \`bottlerocket-core-kit\` from 10.6.0 to 10.8.0 [CHANGELOG](https://github.com/x) ([commits](https://github.com/y)) ([#4661], [#07b40823])
* Update bottlerocket-core-kit from 10.8.0 to 10.9.0 ([#4661])
* Update bottlerocket-kernel-kit to 1.0.6 ([#4374])

[#4661]: https://github.com/bottlerocket-os/bottlerocket/pull/4661
`;

  test('give kits in both wordings, twice bumped ones once, and bullets without link marks', () => {
    expect(parseBottlerocketNotes('v1.50.0', body)).toEqual({
      version: '1.50.0',
      kits: [
        { name: 'bottlerocket-core-kit', from: '10.6.0', to: '10.9.0' },
        { name: 'bottlerocket-kernel-kit', to: '1.0.6' },
      ],
      bullets: [
        { heading: 'Security Fixes', text: 'Patch `runc` to mitigate CVE-2026-1234' },
        { heading: 'OS Changes', text: 'Update `bottlerocket-core-kit` from 10.6.0 to 10.8.0' },
        { heading: 'OS Changes', text: 'Update bottlerocket-core-kit from 10.8.0 to 10.9.0' },
        { heading: 'OS Changes', text: 'Update bottlerocket-kernel-kit to 1.0.6' },
      ],
    });
  });

  test('tell the kits of a release from its own bump, or from where the next one starts', () => {
    const notes = (version: string, from: string | undefined, to: string) => ({
      version,
      bullets: [],
      kits: [
        { name: 'bottlerocket-core-kit' as const, to, ...(from === undefined ? {} : { from }) },
      ],
    });
    const all = [
      notes('1.2.0', '2.0.0', '3.0.0'),
      { version: '1.1.0', bullets: [], kits: [] },
      notes('1.0.0', undefined, '2.0.0'),
    ];
    expect(kitsAt('1.2.0', all)).toEqual({ 'bottlerocket-core-kit': '3.0.0' });
    expect(kitsAt('1.1.0', all)).toEqual({ 'bottlerocket-core-kit': '2.0.0' });
    expect(kitsAt('1.0.0', all)).toEqual({ 'bottlerocket-core-kit': '2.0.0' });
    expect(kitsAt('1.3.0', all)).toEqual({}); // its notes are not there: it may have moved
  });
});

test.each([
  ['kernel-6.12', { kubernetes: '1.34', variant: 'standard' }, true],
  ['kernel-6.1', { kubernetes: '1.34', variant: 'standard' }, false],
  ['kernel-6.1', { kubernetes: '1.33', variant: 'fips' }, true],
  ['kernel-6.18', { kubernetes: '1.38', variant: 'standard' }, undefined],
  ['kernel-6.18', { kubernetes: '1.38', variant: 'standard', kernel: '6.18' }, true],
  ['containerd-2.1', { kubernetes: '1.34', variant: 'standard' }, true],
  ['containerd-1.7', { kubernetes: '1.34', variant: 'standard' }, false],
  ['containerd-1.7', { kubernetes: '1.31', variant: 'standard' }, true],
  ['containerd-2.0', { kubernetes: '1.33', variant: 'standard' }, true],
  ['kmod-6.12-nvidia-r580', { kubernetes: '1.34', variant: 'nvidia' }, true],
  ['kmod-6.12-nvidia-r570', { kubernetes: '1.34', variant: 'nvidia' }, false],
  ['kmod-6.12-nvidia-r580', { kubernetes: '1.34', variant: 'standard' }, false],
  ['kmod-6.1-nvidia-r570', { kubernetes: '1.31', variant: 'nvidia' }, true],
  ['kmod-6.12-nvidia-r570', { kubernetes: '1.33', variant: 'nvidia' }, undefined],
  ['nvidia-container-toolkit', { kubernetes: '1.34', variant: 'standard' }, false],
  ['kubernetes-1.34', { kubernetes: '1.33', variant: 'standard' }, false],
  ['open-vm-tools', { kubernetes: '1.34', variant: 'standard' }, false],
  ['amazon-ssm-agent', { kubernetes: '1.34', variant: 'standard' }, undefined],
  ['glibc', { kubernetes: '1.34', variant: 'standard' }, true],
  ['docker-engine-29', { kubernetes: '1.34', variant: 'standard' }, false],
  ['soci-snapshotter', { kubernetes: '1.34', variant: 'standard' }, true],
  ['neuron', { kubernetes: '1.34', variant: 'nvidia' }, false],
] as const)('%s in %j at v1.50.0: %s', (name, variant, has) =>
  expect(variantHas(name, variant, ['1.49.0', '1.50.0'])).toBe(has),
);

test.each([
  ['kernel-6.12', '1.35', 'standard', ['1.53.0', '1.54.0'], true],
  ['containerd-2.1', '1.35', 'standard', ['1.53.0', '1.63.0'], true],
  ['containerd-2.1', '1.35', 'standard', ['1.63.0', '1.64.0'], undefined],
  ['containerd-2.2', '1.35', 'standard', ['1.63.0', '1.64.0'], undefined],
  ['containerd-2.2', '1.34', 'nvidia', ['1.64.0', '1.66.0'], true],
  ['kernel-6.18', '1.36', 'nvidia', ['1.61.0', '1.66.0'], true],
  ['kernel-6.12', '1.36', 'fips', ['1.61.0', '1.66.0'], true],
  ['kernel-6.18', '1.37', 'fips', ['1.66.0', '1.67.0'], true],
  ['containerd-2.3', '1.37', 'standard', ['1.66.0', '1.67.0'], true],
  ['kmod-6.18-nvidia-r580', '1.36', 'nvidia', ['1.61.0', '1.66.0'], true],
  ['kmod-6.1-nvidia-r580', '1.31', 'nvidia', ['1.52.0', '1.53.0'], undefined],
  ['kmod-6.1-nvidia-r580', '1.31', 'nvidia', ['1.53.0', '1.54.0'], true],
  ['kmod-6.18-nvidia-r580', '1.37', 'nvidia', ['1.66.0', '1.67.0'], undefined], // chosen at boot
  ['systemd-257', '1.34', 'standard', ['1.47.0', '1.48.0'], true],
] as const)('%s in aws-k8s-%s, %s, from %j: %s', (name, kubernetes, variant, releases, has) =>
  expect(variantHas(name, { kubernetes, variant }, releases)).toBe(has),
);

// These need the reference data beside the repository and are skipped without it.
const shared = new URL('../../../shared/reference/data/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, shared), 'utf8');

describe.skipIf(!existsSync(shared))('real advisories (../shared)', () => {
  const kits: readonly KitName[] = ['bottlerocket-core-kit', 'bottlerocket-kernel-kit'];
  const all = () =>
    kits.flatMap((kit) => {
      const home = `bottlerocket/advisories/${kit.replace('bottlerocket-', '')}/`;
      return readdirSync(new URL(home, shared), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.toml'))
        .map((name) => parseBottlerocketAdvisory(read(home + name), kit));
    });

  test('of both kits all read', () => {
    expect(all()).toHaveLength(69);
    expect(all().filter((one) => one === undefined)).toEqual([]);
    expect(all().filter((one) => one?.endOfLife)).toHaveLength(1);
  });

  test('from v1.49.0 to v1.50.0 are those of the kit ranges, each once, for packages of the variant', () => {
    const notes = parseBottlerocketChangelog(read('bottlerocket/CHANGELOG-bottlerocket.md'));
    expect(notes).toHaveLength(22);
    const [from, to] = [kitsAt('1.49.0', notes), kitsAt('1.50.0', notes)];
    expect(from).toEqual({ 'bottlerocket-core-kit': '10.6.0', 'bottlerocket-kernel-kit': '4.3.3' });
    expect(to).toEqual({ 'bottlerocket-core-kit': '10.9.0', 'bottlerocket-kernel-kit': '4.4.2' });
    expect(parseTwoliter(read('bottlerocket/Twoliter-v1.50.0.toml'))).toEqual(to);

    const advisories = all().filter((one) => one !== undefined);
    const ranges = kits.map((kit) => ({ kit, from: from[kit] ?? '', to: to[kit] ?? '' }));
    const fixedIn = (variant: Parameters<typeof variantHas>[1]) =>
      securityFacts([
        fixedByKits(ranges, advisories, { variant, releases: ['1.49.0', '1.50.0'], image: 0 }),
      ]);
    const expected = (series: string) =>
      advisories
        .filter(
          ({ kit, products }) =>
            ['10.9.0', '4.3.4', '4.4.2'].includes(kit?.version ?? '') &&
            products.some(({ package: name }) => name === 'runc' || name === `kernel-${series}`),
        )
        .map(({ id }) => id)
        .sort();
    for (const [kubernetes, series] of [
      ['1.34', '6.12'],
      ['1.31', '6.1'],
    ] as const) {
      const { fixed, unchecked } = fixedIn({ kubernetes, variant: 'standard' });
      expect(fixed.map((one) => one.advisory).sort()).toEqual(expected(series));
      expect(new Set(fixed.map((one) => one.id)).size).toBe(fixed.length);
      expect(unchecked).toEqual([]);
    }
    expect(expected('6.12').length).toBeGreaterThan(10);
  });

  test('of ALAS and of the published Bottlerocket form read', () => {
    const [alas] = parseUpdateinfo(read('alas/updateinfo-al2023-sample.xml'));
    expect(alas).toMatchObject({
      id: 'ALAS2023-2023-001',
      severity: 'high',
      cves: ['CVE-2014-3634', 'CVE-2022-24903'],
    });
    expect(alas?.products).toContainEqual({
      package: 'rsyslog',
      fixedIn: '8.2204.0-3.amzn2023.0.2',
    });
    const published = parseUpdateinfo(read('bottlerocket/updateinfo-sample.xml'));
    expect(published.map(({ id, products, url }) => [id, products, url])).toEqual([
      [
        'BRSA-1bwujdrkn6nc',
        [{ package: 'kernel-6.1', fixedIn: '6.1.140-1.1749663821.e27d1b03.br1' }],
        'https://github.com/bottlerocket-os/bottlerocket-kernel-kit/blob/develop/advisories/3.1.0/BRSA-1bwujdrkn6nc.toml',
      ],
      [
        'BRSA-kdg8bd1th2gb',
        [{ package: 'glibc', fixedIn: '1:2.43-1.1773716061.e2e9d7a9.br1' }],
        'https://github.com/bottlerocket-os/bottlerocket-core-kit/blob/develop/advisories/13.2.0/BRSA-kdg8bd1th2gb.toml',
      ],
    ]);
  });
});
