import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseKitChangelog } from '../../src/analysis/kit-notes.ts';
import { kitStatements } from '../../src/analysis/kit-statement.ts';

/** `updated kernel-6.12 6.12.1 → 6.12.2`, as far as it is told. */
const shown = (line: string) =>
  kitStatements(line).map(({ name, did, from, to }) =>
    [
      did,
      name,
      ...(from === undefined ? [] : [`from ${from}`]),
      ...(to === undefined ? [] : [`to ${to}`]),
    ].join(' '),
  );

describe('a line of a kit', () => {
  test.each([
    [
      'Update kernel from 6.12.46-66.121 to 6.12.53-69.119',
      ['updated kernel-6.12 from 6.12.46-66.121 to 6.12.53-69.119'],
    ],
    [
      'Update kernel from to 6.12.53-69.119 to 6.12.55-74.119', // as v4.5.0 really has it
      ['updated kernel-6.12 from 6.12.53-69.119 to 6.12.55-74.119'],
    ],
    [
      'Update kernels from 5.15.186 to 5.15.187-130.192',
      ['updated kernel-5.15 from 5.15.186 to 5.15.187-130.192'],
    ],
    ['Update kernel from 6.1.150-1.2 to 6.12.46-66.121', ['updated kernel-6.12 to 6.12.46-66.121']],
    ['Add kernel 6.18', ['added kernel-6.18']],
    ['Drop kernel 5.15 and R535 NVIDIA kmod packages', ['dropped kernel-5.15']],
    ['Update r580 NVIDIA driver to 580.95.05', ['updated kmod-nvidia-r580 to 580.95.05']],
    ['Remove EOL r570 NVIDIA driver', ['dropped kmod-nvidia-r570']],
    ['Update to neuron 2.21.37.0', ['updated neuron to 2.21.37.0']],
    ['Update Neuron driver to 2.24.13.0, and 2.26.10.0', ['updated neuron']],
    ['Update EFA driver to 3.0.0', ['updated efa to 3.0.0']],
    ['Update runc to v1.2.7 and include CVE patches', ['updated runc to 1.2.7']],
    [
      'Update containerd-2.1 from 2.1.7 to 2.1.8 and include CVE patches',
      ['updated containerd-2.1 from 2.1.7 to 2.1.8'],
    ],
    ['Update `systemd-252` to v252.39', ['updated systemd-252 to 252.39']],
    ['Update `binutils` to `v2.44.0`', ['updated binutils to 2.44.0']],
    ['Patch runc to set the correct mode for tmpfs mounts', ['patched runc']],
    ['Patch `containerd-2.1` to update GRPC', ['patched containerd-2.1']],
    ['Include CVE fixes for containerd-1.7', ['patched containerd-1.7']],
    [
      'containerd-2.1: fix image pull error when range-get request is ignored',
      ['patched containerd-2.1'],
    ],
    [
      'Update `systemd-257` to remove shutdown timeout patch and `cgroupsv1`',
      ['patched systemd-257'],
    ],
    [
      'Update `containerd-1.7`, `containerd-2.1`',
      ['updated containerd-1.7', 'updated containerd-2.1'],
    ],
    [
      'Update `libexpat`, `kubernetes-1.33-1.34`',
      ['updated libexpat', 'updated kubernetes-1.33', 'updated kubernetes-1.34'],
    ],
    [
      'Update to latest versions of `ecr-credential-provider` and `kubernetes` packages',
      ['updated ecr-credential-provider', 'updated kubernetes'],
    ],
    ['Update core libraries: `libpcre`, and `readline`', ['updated libpcre', 'updated readline']],
    ['Revert updates to `libnvidia-container`', ['updated libnvidia-container']],
    ['Drop `containerd-2.1` package', ['dropped containerd-2.1']],
    [
      'Add kubernetes-1.34 and ecr-credential-provider-1.34 packages with pre-release sources',
      ['added kubernetes-1.34'],
    ],
    // What only mentions a package says nothing of it.
    ['Add `containerd-2.1` setting for `concurrent-download-chunk-size`', []],
    ['Fix `containerd-2.0` settings for `max_concurrent_downloads`', []],
    ['Disable concurrent layer fetch by default in `containerd-2.1`', []],
    ['Update ECR parsing in `host-ctr` after `aws-sdk-go-v2` migration', []],
    ['Update Rust dependencies for first-party sources', []],
    ['Update `kubernetes-1.1-1.99`', []],
    ['Update `<!channel>` and `[x](https://evil.example)`', []],
  ])('%s', (line, told) => expect(shown(line)).toEqual(told));
});

test('releases are sorted, references are left out, and what a kit is built with is passed over', () => {
  const changelog = `# Unreleased
* Update kernel from 6.12.53-69.119 to 6.12.99-1.1
# v10.0.0 (2026-01-02)
## Build Changes
* Update \`bottlerocket-sdk\` to v0.72.0 ([#391])
### Third Party Package Updates
- Update runc to v1.2.8([#708]) - Thanks @somebody
# v9.9.0 (2026-01-1)\r
## OS Chnages\r
 * Update kernel from 6.1.1-1.1 to 6.1.2-1.1([#310])\r

[#391]: https://github.com/bottlerocket-os/bottlerocket-kernel-kit/pull/391
`;
  expect(parseKitChangelog(changelog)).toEqual([
    {
      version: '9.9.0',
      statements: [{ name: 'kernel-6.1', did: 'updated', from: '6.1.1-1.1', to: '6.1.2-1.1' }],
    },
    { version: '10.0.0', statements: [{ name: 'runc', did: 'updated', to: '1.2.8' }] },
  ]);
});

describe('a hostile changelog', () => {
  const took = (text: string) => {
    const before = performance.now();
    const releases = parseKitChangelog(text);
    return { releases, ms: performance.now() - before };
  };

  test.each([
    ['one endless line', 'a'.repeat(20_000_000)],
    ['one endless bullet', `# v1.0.0\n* Update \`${'a'.repeat(5_000_000)}`],
    ['code marks without end', `# v1.0.0\n${`* Update ${'`'.repeat(900)}\n`.repeat(4_000)}`],
    [
      'nothing but versions',
      `# v1.0.0\n${`* Update kernel from ${'1.'.repeat(400)}\n`.repeat(4_000)}`,
    ],
    ['words before a colon', `# v1.0.0\n${`* Update ${'aa '.repeat(300)}\n`.repeat(4_000)}`],
    ['brackets', `# v1.0.0\n${`* Update ${'([#'.repeat(300)}\n`.repeat(4_000)}`],
    [
      'releases without end',
      '# v1.0.0\n'.repeat(2) +
        Array.from({ length: 100_000 }, (_, n) => `# v1.${n % 99_999}.0\n`).join(''),
    ],
    ['packages without end', `# v1.0.0\n${`* Update ${'`a`, '.repeat(150)}\n`.repeat(4_000)}`],
  ])('of %s is read in time and to a measure', (_, text) => {
    const { releases, ms } = took(text);
    expect(ms).toBeLessThan(3_000); // takes some 200 ms; machines that are busy take longer
    expect(releases.length).toBeLessThanOrEqual(2_000);
    for (const { statements } of releases) expect(statements.length).toBeLessThanOrEqual(300);
  });

  test('gives names and versions of harmless letters only, whatever it says', () => {
    const line = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            'Update ',
            'Patch ',
            '`',
            'kernel ',
            'from ',
            'to ',
            'runc',
            '6.12.1-2.3',
            ', ',
            '<@U1>',
            '*',
            '|',
          ),
          fc.string({ maxLength: 12 }),
        ),
        { maxLength: 14 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const found = parseKitChangelog(`# v1.0.0\n${lines.map((one) => `* ${one}`).join('\n')}`);
        for (const { name, from = '1', to = '1' } of found.flatMap(
          ({ statements }) => statements,
        )) {
          expect(name).toMatch(/^[a-z0-9][a-z0-9._+-]{0,70}$/);
          for (const version of [from, to]) expect(version).toMatch(/^\d[0-9.a-z-]{0,120}$/);
        }
      }),
    );
  });
});

// These need the reference data beside the repository and are skipped without it.
const shared = new URL('../../../shared/reference/data/bottlerocket/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, shared), 'utf8');

describe.skipIf(!existsSync(shared))('the real changelogs (../shared)', () => {
  test('read: 26 releases of the core kit, 25 of the kernel kit', () => {
    expect(parseKitChangelog(read('CHANGELOG-core-kit.md'))).toHaveLength(26);
    expect(parseKitChangelog(read('CHANGELOG-kernel-kit.md'))).toHaveLength(25);
  });

  test('tell of each kernel where it came from, without a gap', () => {
    const releases = parseKitChangelog(read('CHANGELOG-kernel-kit.md'));
    for (const series of ['kernel-6.1', 'kernel-6.12']) {
      const moves = releases.flatMap(({ statements }) =>
        statements.filter(({ name }) => name === series),
      );
      expect(moves.length).toBeGreaterThan(10);
      for (const [index, { from }] of moves.entries()) {
        if (index > 0) expect(from).toBe(moves[index - 1]?.to);
      }
    }
  });
});
