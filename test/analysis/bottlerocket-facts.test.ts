import { describe, expect, test } from 'vitest';
import type { Advisory } from '../../src/analysis/advisory.ts';
import {
  type BottlerocketQuestion,
  bottlerocketFacts,
} from '../../src/analysis/bottlerocket-facts.ts';
import { parseBottlerocketChangelog } from '../../src/analysis/bottlerocket-notes.ts';
import { riskOf } from '../../src/analysis/risk.ts';
import { kitChangelogs } from './kit-changelogs.ts';

const notes = parseBottlerocketChangelog(`# v1.50.0 (2025-11-05)
## Known Incompatibilities
* Something no longer works.
## OS Changes
* Update \`bottlerocket-kernel-kit\` from 4.3.3 to 4.4.2
* Update \`bottlerocket-core-kit\` from 10.6.0 to 10.9.0
# v1.49.0 (2025-10-09)
## OS Changes
* Update \`bottlerocket-kernel-kit\` from 4.3.1 to 4.3.3
# v1.48.0 (2025-09-29)
## OS Changes
* Update \`bottlerocket-core-kit\` from 10.4.1 to 10.6.0
`);

const advisory = (id: string, kit: string, version: string, name: string): Advisory => ({
  id: `BRSA-${id}`,
  severity: 'high',
  cves: [`CVE-2026-${id}`],
  products: [{ package: name, fixedIn: '1.0' }],
  kit: { name: kit, version },
});
const question: BottlerocketQuestion = {
  release: 'bottlerocket@1.50.0',
  images: [
    {
      kubernetes: '1.34',
      amiType: 'aws-k8s-1.34',
      from: 'bottlerocket@1.49.0',
      clusters: 1,
      variant: { kubernetes: '1.34', variant: 'standard' },
    },
    {
      kubernetes: '1.31',
      amiType: 'aws-k8s-1.31',
      from: 'bottlerocket@1.48.0',
      clusters: 2,
      variant: { kubernetes: '1.31', variant: 'standard' },
    },
  ],
  notes,
  kitNotes: kitChangelogs(
    `# v10.9.0 (2025-11-05)
## OS Changes
* Update runc to v1.2.7 and include CVE patches ([#6813a59b])
* containerd-2.1: fix image pull error when range-get request is ignored ([#702])
# v10.6.0 (2025-09-23)
# v10.4.1 (2025-09-11)
`,
    `# v4.4.2 (2025-10-27)
* Update kernel from 6.1.155-176.282 to 6.1.156-177.286 ([#302])
* Update kernel from 6.12.46-66.121 to 6.12.53-69.119 ([#301])
# v4.3.3 (2025-10-03)
* Update kernel from 6.1.153-175.280 to 6.1.155-176.282 ([#290])
# v4.3.1 (2025-09-15)
`,
  ),
  url: 'https://github.com/bottlerocket-os/bottlerocket/releases/tag/v1.50.0',
  feed: {
    status: 'read',
    unreadable: 0,
    advisories: [
      advisory('1001', 'bottlerocket-kernel-kit', '4.3.3', 'kernel-6.1'), // 1.48.0 lacks it, 1.49.0 has it
      advisory('1002', 'bottlerocket-kernel-kit', '4.4.2', 'kernel-6.12'),
      advisory('1003', 'bottlerocket-core-kit', '10.9.0', 'runc'),
      advisory('1004', 'bottlerocket-core-kit', '10.9.1', 'runc'), // not in yet
    ],
  },
};

describe('the facts of a Bottlerocket release', () => {
  const facts = bottlerocketFacts(question);

  test('are the kits that move and the packages in them, from where each image stands', () => {
    expect(facts.packages.map(({ name, from, to, images }) => [name, from, to, images])).toEqual([
      ['kernel', '6.12.46-66.121', '6.12.53-69.119', [0]],
      ['kernel', '6.1.153-175.280', '6.1.156-177.286', [1]],
      ['containerd', null, null, [0]],
      ['runc', null, '1.2.7', [0, 1]],
      ['bottlerocket-core-kit', '10.6.0', '10.9.0', [0, 1]],
      ['bottlerocket-kernel-kit', '4.3.3', '4.4.2', [0]],
      ['bottlerocket-kernel-kit', '4.3.1', '4.4.2', [1]],
    ]);
    expect(facts.between.map(({ release }) => release)).toEqual(['bottlerocket@1.49.0']);
    expect(riskOf(facts).reasons.map(({ rule }) => rule)).toEqual([
      'unknown',
      'unknown',
      'callout',
    ]);
    expect(facts.unknowns).toEqual([
      'containerd: the notes say that it was patched, but no version.',
      'kubelet: the notes of its kit name no update of it, and no version.',
      'runc: the notes do not say what it was before.',
      'containerd: the notes of its kit name no update of it, and no version.', // 1.31 has another line of it
      'What the notes of the kits do not name was not compared.',
    ]);
  });

  test('are the fixes of the kit ranges for the packages of each variant', () => {
    expect(facts.security).toMatchObject({ status: 'checked', counts: { high: 3 } });
    const fixed = facts.security.status === 'checked' ? facts.security.fixed : [];
    expect(fixed.map(({ id, images }) => [id, images])).toEqual([
      ['CVE-2026-1003', [0, 1]],
      ['CVE-2026-1002', [0]],
      ['CVE-2026-1001', [1]],
    ]);
  });

  test('say "not checked" when a kit is not known or the advisories could not be read', () => {
    const dark = bottlerocketFacts({
      ...question,
      notes: notes.filter(({ version }) => version === '1.50.0'),
      images: question.images.slice(1),
    });
    expect(dark.packages.map(({ to, change }) => [to, change])).toEqual([
      ['10.9.0', 'unknown'],
      ['4.4.2', 'unknown'],
    ]);
    expect(dark.security.status).toBe('not-checked');
    const absent = bottlerocketFacts({ ...question, notes: [] });
    expect(absent).toMatchObject({
      notes: { status: 'missing' },
      security: { status: 'not-checked' },
    });
    expect(absent.packages.map(({ change }) => change)).toEqual(['unknown', 'unknown']);
    const feed = { status: 'unavailable' as const, reason: 'GitHub did not answer.' };
    expect(bottlerocketFacts({ ...question, feed }).security).toEqual({
      status: 'not-checked',
      reason: 'GitHub did not answer.',
    });
  });

  test('say that the packages were not checked when the notes of a kit could not be read', () => {
    const kernel = { status: 'unavailable', reason: 'example.com answered 503.' } as const;
    const { packages, unknowns } = bottlerocketFacts({
      ...question,
      kitNotes: { ...question.kitNotes, 'bottlerocket-kernel-kit': kernel },
    });
    expect(packages.map(({ name }) => name)).not.toContain('kernel');
    expect(packages.map(({ name }) => name)).toContain('runc');
    expect(unknowns).toContain(
      'Which packages moved inside bottlerocket-kernel-kit was not checked: example.com answered 503.',
    );
  });

  test('believe Twoliter.toml before the notes', () => {
    const kits = new Map([
      [
        '1.48.0',
        { 'bottlerocket-core-kit': '10.5.0', 'bottlerocket-kernel-kit': '4.3.0' } as const,
      ],
    ]);
    expect(
      bottlerocketFacts({ ...question, kits }).packages.find(
        ({ name, images }) => name === 'bottlerocket-core-kit' && images.includes(1),
      )?.from,
    ).toBe('10.5.0');
  });
});
