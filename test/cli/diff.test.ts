import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DiffReport } from '../../src/analysis/diff-report.ts';
import { diff } from '../../src/cli/diff.ts';
import { notesFromGitHub } from '../../src/cli/diff-notes.ts';
import { demoNotes } from '../../src/sandbox/demo-notes.ts';
import { demo } from '../../src/sandbox/demo-world.ts';
import { updateinfoXml } from '../../src/sandbox/feeds/updateinfo-xml.ts';
import { amiable, captured } from './captured.ts';
import { startDemoDeployment } from './demo-deployment.ts';
import { removeFoldersAfterAll, temporaryFolder } from './temporary-folder.ts';

removeFoldersAfterAll();

const releases = demo.releases.map((release) => ({
  tag_name: release.tag,
  name: `AMI Release ${release.tag}`,
  body: demoNotes(release),
}));
const changelog = `# Changelog\n\n${releases
  .toReversed()
  .map(({ name, body }) => `# ${name}\n${body}`)
  .join('\n\n---\n\n')}`;

const updateinfo = `<?xml version="1.0" ?>
<updates>${[
  ['ALAS2023-2026-7001', 'Important', 'CVE-2026-70001', 'runc', '1.3.7', '1.amzn2023.0.1'],
  ['ALAS2023-2026-7002', 'Medium', 'CVE-2026-70002', 'kernel6.12', '6.12.114', '143.184.amzn2023'],
  ['ALAS2023-2026-7003', 'Low', 'CVE-2026-70003', 'containerd', '9.9.9', '1.amzn2023'],
]
  .map(
    ([id, severity, cve, name, version, release]) =>
      `<update status="final" version="1.4" type="security"><id>${id}</id><severity>${severity}</severity><references><reference id="${cve}" type="cve" /></references><pkglist><collection><package name="${name}" version="${version}" release="${release}" epoch="0" arch="x86_64"></package></collection></pkglist></update>`,
  )
  .join('')}</updates>`;

const bottlerocket = `# v1.50.0 (2025-11-05)

## OS Changes
* Update \`bottlerocket-kernel-kit\` from 4.3.3 to 4.4.2

# v1.49.0 (2025-10-14)

## OS Changes
* Update \`bottlerocket-kernel-kit\` from 4.3.0 to 4.3.3
* Update \`bottlerocket-core-kit\` from 10.5.0 to 10.6.0
`;

/** Told apart from Bottlerocket's own by its name; the kernel kit's by where its references lead. */
const coreKit = `# v10.7.0 (2025-10-10)
* Update runc to v1.2.7 and include CVE patches
# v10.6.0 (2025-09-23)
* Update \`runc\` to v1.2.6
`;
const kernelKit = `# v4.4.2 (2025-10-27)
* Update kernel from 6.12.46-66.121 to 6.12.53-69.119 ([#301])

[#301]: https://github.com/bottlerocket-os/bottlerocket-kernel-kit/pull/301
# v4.3.3 (2025-10-03)
`;
/** Says more of 1.50.0 than its notes. */
const twoliter = `schema-version = 2
release-version = "1.50.0"

[[kit]]
name = "bottlerocket-kernel-kit"
version = "4.4.2"
vendor = "bottlerocket"

[[kit]]
name = "bottlerocket-core-kit"
version = "10.7.0"
vendor = "bottlerocket"
`;

const advisory = (
  id: string,
  cve: string,
  name: string,
  version: string,
  kit: string,
) => `[advisory]
id = "${id}"
title = "${name} ${cve}"
cve = "${cve}"
severity = "high"
description = "words"

[[advisory.products]]
package-name = "${name}"
patched-version = "${version}"
patched-epoch = "0"

[updateinfo]
author = "somebody"
issue-date = 2025-10-20T00:00:00Z
arches = ["x86_64", "aarch64"]
version = "${kit}"
`;

/** Two advisories of the kernel kit, of which 1.49.0 has the second already. */
const kitUpdateinfo = updateinfoXml(
  (
    [
      ['BRSA-aaaaaaaaaaaa', 'CVE-2025-70001', '4.4.2'],
      ['BRSA-bbbbbbbbbbbb', 'CVE-2025-70002', '4.3.3'],
    ] as const
  ).map(([id, cve, version]) => ({
    id,
    severity: 'high',
    cves: [cve],
    packages: [{ name: 'kernel-6.12', version: '6.12.53', release: '1.1761600000.0123abcd.br1' }],
    kit: { name: 'bottlerocket-kernel-kit', version },
  })),
);

const folder = () =>
  temporaryFolder({
    'CHANGELOG.md': changelog,
    'releases.json': JSON.stringify(releases),
    'one.json': JSON.stringify(releases[0]),
    'updateinfo.xml': updateinfo,
    'updateinfo.xml.gz': gzipSync(updateinfo),
    'bottlerocket.xml': kitUpdateinfo,
    'bottlerocket.xml.gz': gzipSync(kitUpdateinfo),
    'bottlerocket.md': bottlerocket,
    'notes/CHANGELOG.md': bottlerocket,
    'notes/CHANGELOG-core-kit.md': coreKit,
    'notes/kernel.md': kernelKit,
    'notes/README.md': 'About these files.',
    'notes/Twoliter.toml': twoliter,
    'kits/kernel-kit/4.4.2/BRSA-aaaaaaaaaaaa.toml': advisory(
      ...(['BRSA-aaaaaaaaaaaa', 'CVE-2025-70001', 'kernel-6.12', '6.12.53', '4.4.2'] as const),
    ),
    'kits/kernel-kit/4.4.2/BRSA-bbbbbbbbbbbb.toml': advisory(
      ...(['BRSA-bbbbbbbbbbbb', 'CVE-2025-70002', 'kernel-6.1', '6.1.155', '4.4.2'] as const),
    ),
    'kits/kernel-kit/4.3.3/BRSA-cccccccccccc.toml': advisory(
      ...(['BRSA-cccccccccccc', 'CVE-2025-70003', 'kernel-6.12', '6.12.40', '4.3.3'] as const),
    ),
    'empty.md': 'Nothing here.',
    'empty.xml': '<updates></updates>',
    'cut.xml': updateinfo.slice(0, -30),
    'cut.gz': gzipSync(updateinfo).subarray(0, 120),
  });

async function report(...argv: string[]): Promise<DiffReport> {
  const { code, out, err } = await amiable(['diff', ...argv, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as DiffReport;
}

describe('EKS images, from given files', () => {
  test('packages and vulnerabilities are told in the documented form', async () => {
    const at = folder();
    const found = await report(
      ...['v20261021', 'v20261118', '--kubernetes', '1.35', '--type', 'AL2023_x86_64_STANDARD'],
      ...['--notes', join(at, 'CHANGELOG.md'), '--advisories', join(at, 'updateinfo.xml')],
    );
    expect(Object.keys(found)).toEqual([
      ...['from', 'to', 'kubernetes', 'type', 'packages', 'cves', 'unknown'],
    ]);
    expect(found).toMatchObject({
      from: 'v20261021',
      to: 'v20261118',
      kubernetes: '1.35',
      type: 'AL2023_x86_64_STANDARD',
    });
    expect(found.packages).toContainEqual({
      name: 'kernel',
      from: '6.12.110-140.180.amzn2023',
      to: '6.12.118-147.190.amzn2023',
      change: 'patch',
    });
    expect(found.packages).toContainEqual({
      name: 'kubelet',
      from: '1.35.8',
      to: '1.35.9',
      change: 'patch',
    });
    expect(found.cves).toEqual([
      {
        id: 'CVE-2026-70001',
        severity: 'high',
        package: 'runc',
        fixedIn: '1.3.7-1.amzn2023.0.1',
        advisory: 'ALAS2023-2026-7001',
      },
      {
        id: 'CVE-2026-70002',
        severity: 'medium',
        package: 'kernel',
        fixedIn: '6.12.114-143.184.amzn2023',
        advisory: 'ALAS2023-2026-7002',
      },
    ]);
  });

  test('a changelog, a list of releases and a gzipped feed say the same', async () => {
    const at = folder();
    const ask = (notes: string, advisories: string) =>
      report(
        ...['al2023@v20261021', 'v20261118', '--notes', join(at, notes)],
        ...['--advisories', join(at, advisories)],
      );
    const plain = await ask('CHANGELOG.md', 'updateinfo.xml');
    expect(await ask('releases.json', 'updateinfo.xml.gz')).toEqual(plain);
    // the newest minor that both know
    expect(plain.kubernetes).toBe('1.35');
  });

  test('a package that did not move is unchanged, and not left out', async () => {
    const found = await report('v20261021', 'v20261103', '--notes', join(folder(), 'CHANGELOG.md'));
    expect(found.packages.find(({ name }) => name === 'runc')?.change).toBe('unchanged');
  });

  test('without advisories nothing is called fixed, and the first unknown says why', async () => {
    const found = await report('v20261021', 'v20261118', '--notes', join(folder(), 'CHANGELOG.md'));
    expect(found.cves).toEqual([]);
    expect(found.unknown[0]).toMatch(/^Vulnerabilities were not checked: /);
  });

  test('for people, each move has a line, and a way back says what it reopens', async () => {
    const at = folder();
    const { code, out } = await amiable([
      ...['diff', 'v20261118', 'v20261021', '--notes', join(at, 'releases.json')],
      ...['--advisories', join(at, 'updateinfo.xml')],
    ]);
    expect(code).toBe(0);
    expect(out).toContain('v20261118 → v20261021, Kubernetes 1.35, AL2023_x86_64_STANDARD');
    expect(out).toMatch(/^downgrade {2}runc {2}1\.3\.7-\S+ → 1\.3\.6-\S+$/m);
    expect(out).toMatch(/^reopened {3}CVE-2026-70001$/m);
  });

  test('a release without notes is named first, and exits 1', async () => {
    const at = folder();
    const notes = ['--notes', join(at, 'CHANGELOG.md')];
    const missing = await amiable(['diff', 'v20261021', 'v20991231', ...notes, '--json']);
    expect({ code: missing.code, err: missing.err }).toEqual({
      code: 1,
      err: 'Nothing could be compared. No notes of v20991231 were found.',
    });
    const { packages, unknown } = JSON.parse(missing.out) as DiffReport;
    expect(packages.every(({ change }) => change === 'unknown')).toBe(true);
    expect(unknown[0]).toBe('No notes of v20991231 were found.');
    expect(unknown).toContain('What changes in the packages is not known: the notes are missing.');
    const forPeople = await amiable(['diff', 'v20200101', 'v20200202', ...notes]);
    expect(forPeople.code).toBe(1);
    expect(forPeople.out.split('\n').slice(1, 3)).toEqual([
      'unknown    No notes of v20200101 were found.',
      'unknown    No notes of v20200202 were found.',
    ]);
  });

  test('that nothing is fixed is said where advisories were read, and never where they were not', async () => {
    const at = folder();
    const ask = async (to: string, ...more: readonly string[]) =>
      (await amiable(['diff', 'v20261021', to, '--notes', join(at, 'CHANGELOG.md'), ...more])).out;
    const later = updateinfo.replaceAll(/version="\d[^"]*" release/g, 'version="99.9" release');
    writeFileSync(join(at, 'later.xml'), later);
    const advisories = ['--advisories', join(at, 'later.xml')];
    const none = /^fixed {6}none of the vulnerabilities named by the given advisories is fixed/m;
    expect(await ask('v20261118', ...advisories)).toMatch(none);
    expect(await ask('v20261118', '--advisories', join(at, 'updateinfo.xml'))).not.toMatch(none);
    expect(await ask('v20261103')).not.toMatch(none);
    expect(await ask('v20991231', ...advisories)).not.toMatch(none);
  });

  test('a file that holds no notes or no advisories exits 1 instead of reading as no change', async () => {
    const at = folder();
    const two = ['diff', 'v20261021', 'v20261118'];
    for (const [argv, words] of [
      [['--notes', join(at, 'empty.md')], 'no release notes'],
      [['--notes', join(at, 'missing.md')], 'cannot be read'],
      [['--notes', join(at, 'CHANGELOG.md'), '--advisories', join(at, 'cut.xml')], 'cut short'],
      [['--notes', join(at, 'CHANGELOG.md'), '--advisories', join(at, 'cut.gz')], 'unpacked'],
      [['--notes', join(at, 'CHANGELOG.md'), '--advisories', join(at, 'empty.xml')], 'no security'],
      [
        ['--notes', join(at, 'CHANGELOG.md'), '--advisories', join(at, 'none.xml')],
        'cannot be read',
      ],
    ] as const) {
      const { code, out, err } = await amiable([...two, ...argv]);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain(words);
    }
  });
});

test.for([
  ['bottlerocket.xml', 'AL2023_x86_64_STANDARD', 'Bottlerocket: not for Amazon Linux 2023'],
  ['al2.xml', 'AL2023_x86_64_STANDARD', 'Amazon Linux 2: not for Amazon Linux 2023'],
  ['updateinfo.xml', 'AL2_x86_64', 'Amazon Linux 2023: not for Amazon Linux 2'],
  ['kits', 'AL2023_x86_64_STANDARD', 'is a folder'],
] as const)('advisories of another system, %s for %s, exit 1', async ([file, type, words]) => {
  const at = folder();
  writeFileSync(join(at, 'al2.xml'), updateinfo.replaceAll('ALAS2023-', 'ALAS2-'));
  const { code, out, err } = await amiable([
    ...['diff', 'v20261021', 'v20261118', '--notes', join(at, 'CHANGELOG.md')],
    ...['--type', type, '--advisories', join(at, file)],
  ]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(words);
});

test("Amazon Linux 2's own advisories are not checked, which is said", async () => {
  const at = folder();
  writeFileSync(join(at, 'al2.xml'), updateinfo.replaceAll('ALAS2023-', 'ALAS2-'));
  const { out } = await amiable([
    ...['diff', 'v20261021', 'v20261118', '--notes', join(at, 'CHANGELOG.md')],
    ...['--type', 'AL2_x86_64', '--advisories', join(at, 'al2.xml')],
  ]);
  expect(out).toContain('Vulnerabilities were not checked: ');
  expect(out).not.toContain('none of the vulnerabilities');
});

describe('Bottlerocket, from given files', () => {
  test('kits move, and only what the variant holds and the range passed is fixed', async () => {
    const at = folder();
    const found = await report(
      ...['bottlerocket@1.49.0', 'bottlerocket@v1.50.0', '--notes', join(at, 'bottlerocket.md')],
      ...['--kubernetes', '1.34', '--advisories', join(at, 'kits')],
    );
    expect(found).toMatchObject({
      from: 'bottlerocket@1.49.0',
      to: 'bottlerocket@1.50.0',
      kubernetes: '1.34',
      type: 'aws-k8s-1.34',
      packages: [
        { name: 'bottlerocket-core-kit', from: '10.6.0', to: '10.6.0', change: 'unchanged' },
        { name: 'bottlerocket-kernel-kit', from: '4.3.3', to: '4.4.2', change: 'minor' },
      ],
    });
    expect(found.cves.map(({ id }) => id)).toEqual(['CVE-2025-70001']);
  });

  test('the packages in the kits move where their changelogs are given, and Twoliter.toml is believed', async () => {
    const at = folder();
    const both = ['bottlerocket@1.49.0', 'bottlerocket@1.50.0'] as const;
    const found = await report(...both, '--notes', join(at, 'notes'));
    expect(found.packages).toEqual([
      { name: 'bottlerocket-core-kit', from: '10.6.0', to: '10.7.0', change: 'minor' },
      { name: 'bottlerocket-kernel-kit', from: '4.3.3', to: '4.4.2', change: 'minor' },
      { name: 'kernel', from: '6.12.46-66.121', to: '6.12.53-69.119', change: 'patch' },
      { name: 'runc', from: '1.2.6', to: '1.2.7', change: 'patch' },
    ]);
    const files = ['CHANGELOG.md', 'kernel.md'].flatMap((name) => [
      '--notes',
      join(at, 'notes', name),
    ]);
    const part = await report(...both, ...files);
    expect(part.packages.map(({ name }) => name)).toContain('kernel');
    expect(part.unknown).toContain(
      'Which packages moved inside bottlerocket-core-kit was not checked: no notes of it were given (--notes).',
    );
  });

  test('a kit alone is no comparison', async () => {
    const at = join(folder(), 'notes', 'kernel.md');
    const { code, err } = await amiable(['diff', 'v1.49.0', 'v1.50.0', '--notes', at]);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Nothing could be compared. No notes of bottlerocket@1.49.0 were found. No notes of bottlerocket@1.50.0 were found.',
    });
  });

  test('its own updateinfo.xml names the kits too, gzipped or not', async () => {
    const at = folder();
    for (const file of ['bottlerocket.xml', 'bottlerocket.xml.gz']) {
      const found = await report(
        ...['bottlerocket@1.49.0', 'bottlerocket@1.50.0', '--notes', join(at, 'bottlerocket.md')],
        ...['--advisories', join(at, file)],
      );
      expect(found.cves.map(({ id }) => id)).toEqual(['CVE-2025-70001']);
    }
  });

  test('an updateinfo.xml of another system exits 1', async () => {
    const at = folder();
    const { code, out, err } = await amiable([
      ...['diff', 'bottlerocket@1.49.0', 'bottlerocket@1.50.0'],
      ...['--notes', join(at, 'bottlerocket.md'), '--advisories', join(at, 'updateinfo.xml')],
    ]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('are for another system, Amazon Linux 2023: not for Bottlerocket.');
  });

  test('where its advisories fix nothing, that is said', async () => {
    const at = folder();
    const both = ['bottlerocket@1.49.0', 'bottlerocket@1.50.0', '--notes'] as const;
    writeFileSync(join(at, 'older.xml'), kitUpdateinfo.replaceAll('/4.4.2/', '/4.0.0/'));
    const advisories = ['--advisories', join(at, 'older.xml')];
    const { code, out } = await amiable([
      ...['diff', ...both, join(at, 'bottlerocket.md'), ...advisories],
    ]);
    expect(code).toBe(0);
    expect(out).toContain('none of the vulnerabilities named by the given advisories is fixed');
  });

  test('a release that its notes do not know exits 1', async () => {
    const { code, err } = await amiable([
      ...['diff', 'bottlerocket@1.50.0', 'bottlerocket@9.9.9'],
      ...['--notes', join(folder(), 'bottlerocket.md')],
    ]);
    expect({ code, err }).toEqual({
      code: 1,
      err: 'Nothing could be compared. No notes of bottlerocket@9.9.9 were found.',
    });
  });

  test.for([
    ['aws-k8s-1.35-nvidia', 'aws-k8s-1.35-nvidia', '1.35'],
    ['BOTTLEROCKET_ARM_64_NVIDIA_FIPS', 'aws-k8s-1.34-nvidia-fips', '1.34'],
    ['BOTTLEROCKET_x86_64', 'aws-k8s-1.34', '1.34'],
  ] as const)('--type %s is the variant %s', async ([type, variant, kubernetes]) => {
    const found = await report(
      ...['v1.49.0', 'v1.50.0', '--notes', join(folder(), 'bottlerocket.md'), '--type', type],
    );
    expect(found).toMatchObject({ type: variant, kubernetes });
  });
});

test.for([
  [[]],
  [['v20261021']],
  [['v20261021', 'v20261103', 'v20261118']],
  [['v20261021', 'yesterday']],
  [['v20261021', 'bottlerocket@1.50.0']],
  [['v20261021', 'v20261103', '--kubernetes', '35']],
  [['v20261021', 'v20261103', '--type', 'AL2023']],
  [['v1.49.0', 'v1.50.0', '--type', 'aws-k8s-1.34', '--kubernetes', '1.33']],
])('%j exits 2', async ([argv]) => {
  expect((await amiable(['diff', ...(argv ?? [])])).code).toBe(2);
});

describe('from GitHub', () => {
  let world: Awaited<ReturnType<typeof startDemoDeployment>>;
  beforeAll(async () => {
    world = await startDemoDeployment({ table: false });
  });
  afterAll(() => world.close());

  test('notes are read without a token', async () => {
    const output = captured();
    await diff(['v20261021', 'v20261118'], { json: true }, output, {
      baseUrl: world.standIns.github.url,
    });
    const found = JSON.parse(output.lines.join('')) as DiffReport;
    expect(found.packages.find(({ name }) => name === 'containerd')).toMatchObject({
      from: '2.2.5-1.amzn2023.0.1',
      to: '2.2.6-1.amzn2023.0.1',
    });
  });

  test.for([
    ['hang', 'no answer within 300 ms'],
    ['error-500', 'not read'],
  ] as const)(
    'a GitHub that answers with %s leaves its release unread, and says so',
    async ([kind, words]) => {
      world.standIns.order({ service: 'github', kind, match: 'releases/tags/v20261021', times: 1 });
      const output = captured();
      const asked = diff(['v20261021', 'v20261118'], { json: true }, output, {
        baseUrl: world.standIns.github.url,
        timeoutMs: 300,
      });
      await expect(asked).rejects.toThrow('Not checked: The notes of v20261021 were not read: ');
      const { unknown, packages } = JSON.parse(output.lines.join('')) as DiffReport;
      expect(packages.every(({ change }) => change === 'unknown')).toBe(true);
      expect(unknown.join('\n')).toContain('The notes of v20261021 were not read: ');
      expect(unknown.join('\n')).toContain(words);
    },
  );

  test('the changelogs of the kits are read beside it, and one that is away is not checked', async () => {
    const { feeds } = world.standIns;
    feeds.publish({ coreKit, kernelKit });
    const output = captured();
    const file = join(folder(), 'notes');
    await diff(['v1.49.0', 'v1.50.0'], { json: true, notes: [file] }, output);
    const offline = JSON.parse(output.lines.join('')) as DiffReport;
    const online = await notesFromGitHub(
      { family: 'bottlerocket', from: '1.49.0', to: '1.50.0', type: 'standard' },
      { baseUrl: 'http://127.0.0.1:1', core: feeds.coreKit, kernel: 'http://127.0.0.1:1/x.md' },
    );
    expect(offline.packages.map(({ name }) => name)).toContain('runc');
    expect(online.kitNotes['bottlerocket-core-kit']).toMatchObject({
      releases: [{ version: '10.6.0' }, { version: '10.7.0' }],
    });
    expect(online.kitNotes['bottlerocket-kernel-kit']).toMatchObject({ status: 'unavailable' });
  });

  test('nobody at the other end: nothing is compared, and it fails', async () => {
    const output = captured();
    const asked = diff(['v1.49.0', 'v1.50.0'], { json: true }, output, {
      baseUrl: 'http://127.0.0.1:1',
      core: 'http://127.0.0.1:1/CHANGELOG.md',
      kernel: 'http://127.0.0.1:1/CHANGELOG.md',
    });
    await expect(asked).rejects.toThrow(
      "Not checked: Bottlerocket's release notes were not read: ",
    );
    expect(output.lines.join('')).toContain("Bottlerocket's release notes were not read: ");
  });
});

const data = '../shared/reference/data';

// Needs the published changelogs, which are beside the project only where it is built.
describe.skipIf(!existsSync(data))('the published changelogs', () => {
  const eks = join(data, 'amazon-eks-ami/CHANGELOG.md');
  const x86 = 'AL2023_x86_64_STANDARD';
  const gpu = 'AL2023_x86_64_NVIDIA';

  // Source: release-notes, section 1.4, of the steps whose two sides are in the file.
  test.for([
    ['v20250123', 'v20250501', '1.32', x86, 'runc', 'minor', '1.1', '1.2'],
    ['v20250123', 'v20250501', '1.32', gpu, 'kmod-nvidia-latest-dkms', 'series', '560', '570'],
    ['v20250519', 'v20250829', '1.33', x86, 'kernel', 'series', '6.1', '6.12'],
    ['v20250519', 'v20250829', '1.33', gpu, 'kernel', 'series', '6.1', '6.12'],
    ['v20250829', 'v20251108', '1.33', x86, 'containerd', 'series', '1.7', '2.1'],
    ['v20250829', 'v20251108', '1.33', x86, 'runc', 'minor', '1.2', '1.3'],
    ['v20250829', 'v20251108', '1.31', x86, 'containerd', 'series', '1.7', '2.1'],
    ['v20250829', 'v20251108', '1.32', x86, 'containerd', 'series', '1.7', '2.1'],
    ['v20250829', 'v20251108', '1.33', gpu, 'kmod-nvidia-latest-dkms', 'series', '570', '580'],
    ['v20250829', 'v20251108', '1.31', gpu, 'kmod-nvidia-latest-dkms', 'series', '570', '580'],
    ['v20250829', 'v20251108', '1.32', gpu, 'kmod-nvidia-latest-dkms', 'series', '570', '580'],
    ['v20251108', 'v20251112', '1.28', 'AL2_x86_64', 'runc', 'downgrade', '1.3', '1.2'],
    ['v20251108', 'v20251112', '1.32', 'AL2_x86_64', 'runc', 'downgrade', '1.3', '1.2'],
    ['v20251112', 'v20251120', '1.29', gpu, 'kmod-nvidia-latest-dkms', 'series', '570', '580'],
    ['v20251112', 'v20251120', '1.30', gpu, 'kmod-nvidia-latest-dkms', 'series', '570', '580'],
    ['v20251120', 'v20251209', '1.30', x86, 'containerd', 'series', '1.7', '2.1'],
    ['v20260304', 'v20260318', '1.30', x86, 'containerd', 'minor', '2.1', '2.2'],
    ['v20260304', 'v20260318', '1.35', x86, 'containerd', 'minor', '2.1', '2.2'],
  ] as const)(
    '%s to %s on %s, %s: %s is a %s step',
    async ([from, to, kubernetes, type, name, change, before, after]) => {
      const found = await report(
        ...[from, to, '--kubernetes', kubernetes, '--type', type, '--notes', eks],
      );
      const moved = found.packages.find((one) => one.name === name);
      expect(moved?.change).toBe(change);
      expect(moved?.from).toMatch(new RegExp(`^${before}\\.`));
      expect(moved?.to).toMatch(new RegExp(`^${after}\\.`));
    },
  );

  test('a kernel whose row is missing in the first release with 1.36 is unknown', async () => {
    const found = await report(
      ...['v20260610', 'v20260714', '--kubernetes', '1.36', '--notes', eks],
    );
    expect(found.packages.find(({ name }) => name === 'kernel')).toEqual({
      name: 'kernel',
      from: null,
      to: expect.stringMatching(/^6\.18\./) as string,
      change: 'unknown',
    });
    expect(found.unknown).toContain('kernel: the notes do not say what it was before.');
  });

  test('1.49.0 to 1.50.0 of Bottlerocket fixes what the kits fixed, each once', async () => {
    const found = await report(
      ...['bottlerocket@1.49.0', 'bottlerocket@1.50.0'],
      ...['--notes', join(data, 'bottlerocket')],
      ...['--advisories', join(data, 'bottlerocket/advisories')],
    );
    expect(found.packages).toEqual([
      { name: 'bottlerocket-core-kit', from: '10.6.0', to: '10.9.0', change: 'minor' },
      { name: 'bottlerocket-kernel-kit', from: '4.3.3', to: '4.4.2', change: 'minor' },
      { name: 'containerd', from: null, to: null, change: 'unknown' },
      { name: 'kernel', from: '6.12.46-66.121', to: '6.12.53-69.119', change: 'patch' },
      { name: 'runc', from: null, to: '1.2.7', change: 'unknown' },
    ]);
    // Which packages may appear at all: of the folders in the kits' ranges, those that the variant has.
    expect([...new Set(found.cves.map(({ package: name }) => name))].sort()).toEqual([
      'kernel-6.12',
      'runc',
    ]);
    const ids = found.cves.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ['CVE-2025-31133', 'CVE-2025-52565', 'CVE-2025-52881'])
      expect(ids).toContain(id);
    expect(found.cves.some(({ package: name }) => name === 'kernel-6.1')).toBe(false);
  });

  test('what GitHub says of releases is read as well', async () => {
    const file = join(data, 'amazon-eks-ami/github-releases-sample.json');
    const [first, second] = JSON.parse(readFileSync(file, 'utf8')) as { tag_name: string }[];
    const found = await report(...[second?.tag_name ?? '', first?.tag_name ?? '', '--notes', file]);
    expect(found.packages.length).toBeGreaterThan(3);
  });
});
