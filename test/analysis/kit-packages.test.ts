import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { kitsAt, parseBottlerocketChangelog } from '../../src/analysis/bottlerocket-notes.ts';
import { packagesInKits } from '../../src/analysis/bottlerocket-packages.ts';
import type { BottlerocketVariant } from '../../src/analysis/variant-contents.ts';
import { newestVariantOf } from '../../src/analysis/variant-contents.ts';
import { kitChangelogs } from './kit-changelogs.ts';

const core = `# v12.0.0 (2026-03-01)
* Drop \`containerd-2.1\` package
# v11.2.0 (2026-02-01)
* Update containerd-2.1 from 2.1.7 to 2.1.8 and include CVE patches
# v11.1.0 (2026-01-20)
* Patch runc to set the correct mode for tmpfs mounts
* Update \`makedumpfile\`, \`amazon-ssm-agent\`, \`ecs-agent\`
* Update \`hwloc\` to 2.14
# v11.0.0 (2026-01-10)
* Update \`runc\` to v1.2.8
* Update \`containerd-2.1\`, \`containerd-1.7\`
* Update \`kubernetes\` packages
# v10.0.0 (2026-01-01)
`;
const kernel = `# v4.2.0 (2026-02-02)
* Update kernel from 6.12.3-1.1 to 6.12.4-1.1
# v4.1.0 (2026-01-02)
* Update kernel from 6.12.1-1.1 to 6.12.2-1.1
* Update r580 NVIDIA driver to 580.2.1
# v4.0.0 (2026-01-01)
* Update r570 NVIDIA driver to 570.9.9
* Update r580 NVIDIA driver to 580.1.1
`;
const found = (
  kits: readonly [core: readonly [string, string], kernel: readonly [string, string]],
  {
    kubernetes = '1.34',
    variant = 'standard',
    releases = ['1.54.0', '1.55.0'],
  }: Partial<BottlerocketVariant> & { readonly releases?: readonly [string, string] } = {},
) => {
  const at = (side: 0 | 1) => ({
    'bottlerocket-core-kit': kits[0][side],
    'bottlerocket-kernel-kit': kits[1][side],
  });
  const { packages, unknowns } = packagesInKits(kitChangelogs(core, kernel), {
    variant: { kubernetes, variant },
    releases,
    kits: [at(0), at(1)],
  });
  return {
    rows: packages
      .filter(({ name }) => !name.endsWith('-kit'))
      .map(({ name, from, to, change }) => `${name} ${from} ${to} ${change}`),
    unknowns,
  };
};
const still = ['4.0.0', '4.0.0'] as const;

describe('packages in kits', () => {
  test('move over all releases of the kit in between', () => {
    const { rows } = found([
      ['10.0.0', '11.1.0'],
      ['4.0.0', '4.1.0'],
    ]);
    expect(rows).toContain('kernel 6.12.1-1.1 null unknown'); // the notes contradict each other after it
    expect(rows).toContain('runc null 1.2.8 unknown');
    expect(rows).toContain('containerd null 2.1.7 unknown'); // told by where the next update started from
    expect(rows).toContain('hwloc null 2.14 unknown');
  });

  test('that were patched in the same version are patched', () => {
    const { rows } = found([['11.0.0', '11.1.0'], still]);
    expect(rows).toContain('runc 1.2.8 1.2.8 patch');
    expect(rows).toContain('containerd 2.1.7 2.1.7 unchanged');
    expect(found([['11.1.0', '11.2.0'], still]).rows).toContain('containerd 2.1.7 2.1.8 patch');
  });

  test('go back when the kit does', () => {
    expect(found([['11.2.0', '11.1.0'], still]).rows).toContain('containerd 2.1.8 2.1.7 downgrade');
  });

  test('that a variant does not have are left out, and what may be in it is said', () => {
    const { rows, unknowns } = found([['11.0.0', '11.1.0'], still]);
    expect(rows.join()).not.toContain('ecs');
    expect(unknowns).toContain('Updated to versions that no notes tell: makedumpfile.');
    expect(unknowns).toContain(
      'Updated in the kits, if the image has them at all: amazon-ssm-agent.',
    );
  });

  test('step to another line where the variant does, also when no version is told', () => {
    const releases = ['1.52.0', '1.53.0'] as const;
    const { rows } = found(
      [
        ['11.1.0', '11.2.0'],
        ['4.0.0', '4.1.0'],
      ],
      { kubernetes: '1.32', variant: 'nvidia', releases },
    );
    expect(rows).toContain('kmod-nvidia 570.9.9 580.2.1 series');
    const next = found([['11.2.0', '12.0.0'], still], { releases: ['1.63.0', '1.64.0'] });
    expect(next.rows).toContain('containerd 2.1.8 2.2 minor');
  });

  test('whose line is not known are unknown, and a table that the kit contradicts is not believed', () => {
    const { rows, unknowns } = found([['10.0.0', '11.0.0'], still], { kubernetes: '1.38' });
    expect(rows).toContain('kernel null null unknown');
    expect(rows).toContain('containerd null null unknown');
    expect(unknowns).toContain('kernel: which line of it the image has is not known.');
    const stale = found([['11.2.0', '12.0.0'], still], { releases: ['1.54.0', '1.55.0'] });
    expect(stale.rows).toContain('containerd 2.1.8 null unknown');
  });

  test('are not compared when the changelog does not reach from one kit to the other', () => {
    const { rows, unknowns } = found([
      ['9.0.0', '11.0.0'],
      ['4.0.0', '4.9.0'],
    ]);
    expect(rows).toEqual([]);
    expect(unknowns).toEqual([
      'bottlerocket-core-kit: its notes of 9.0.0 to 11.0.0 are not all there, so its packages were not compared.',
      'bottlerocket-kernel-kit: its notes of 4.0.0 to 4.9.0 are not all there, so its packages were not compared.',
    ]);
  });

  test('that are silent are neither changed nor unchanged unless their version is known', () => {
    const { rows, unknowns } = found([
      ['11.1.0', '11.1.0'],
      ['4.0.0', '4.0.0'],
    ]);
    expect(rows).toEqual([
      'containerd 2.1.7 2.1.7 unchanged',
      'kernel 6.12.1-1.1 6.12.1-1.1 unchanged',
      'runc 1.2.8 1.2.8 unchanged',
    ]);
    expect(unknowns).toEqual([
      'kubelet: the notes of its kit name no update of it, and no version.',
    ]);
  });
});

test.each([
  [['1.49.0', '1.50.0'], '1.34'],
  [['1.46.0', '1.50.0'], '1.33'],
  [['1.53.0', '1.54.0'], '1.35'],
  [['1.66.0', '1.67.0'], '1.37'],
  [['1.20.0', '1.67.0'], '1.31'],
] as const)('the newest variant of %j is %s', (releases, minor) =>
  expect(newestVariantOf(releases)).toBe(minor),
);

// These need the reference data beside the repository and are skipped without it.
const shared = new URL('../../../shared/reference/data/bottlerocket/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, shared), 'utf8');

describe.skipIf(!existsSync(shared))('the real kits (../shared)', () => {
  test.each([
    [
      '1.49.0',
      '1.50.0',
      '1.34',
      'standard',
      [
        'kernel 6.12.46-66.121 6.12.53-69.119 patch',
        'runc null 1.2.7 unknown',
        'containerd null null unknown',
      ],
    ],
    [
      '1.49.0',
      '1.50.0',
      '1.31',
      'standard',
      ['kernel 6.1.153-175.280 6.1.156-177.286 patch', 'runc null 1.2.7 unknown'],
    ],
    ['1.49.0', '1.50.0', '1.34', 'nvidia', ['kmod-nvidia 580.95.05 580.95.05 unchanged']],
    [
      '1.46.0',
      '1.49.0',
      '1.31',
      'nvidia',
      ['kernel 6.1.147-172.266 6.1.153-175.280 patch', 'kmod-nvidia null 570.195.03 unknown'],
    ],
  ] as const)('%s to %s on %s, %s', (from, to, kubernetes, variant, rows) => {
    const notes = parseBottlerocketChangelog(read('CHANGELOG-bottlerocket.md'));
    const { packages } = packagesInKits(
      kitChangelogs(read('CHANGELOG-core-kit.md'), read('CHANGELOG-kernel-kit.md')),
      {
        variant: { kubernetes, variant },
        releases: [from, to],
        kits: [kitsAt(from, notes), kitsAt(to, notes)],
      },
    );
    const shown = packages.map((one) => `${one.name} ${one.from} ${one.to} ${one.change}`);
    for (const row of rows) expect(shown).toContain(row);
  });
});
