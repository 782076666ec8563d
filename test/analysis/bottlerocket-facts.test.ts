import { describe, expect, test } from 'vitest';
import type { Advisory } from '../../src/analysis/advisory.ts';
import {
  type BottlerocketQuestion,
  bottlerocketFacts,
} from '../../src/analysis/bottlerocket-facts.ts';
import { parseBottlerocketChangelog } from '../../src/analysis/bottlerocket-notes.ts';
import { riskOf } from '../../src/analysis/risk.ts';

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

  test('are the kits that move, from where each image stands', () => {
    expect(facts.packages.map(({ name, from, to, images }) => [name, from, to, images])).toEqual([
      ['bottlerocket-core-kit', '10.6.0', '10.9.0', [0, 1]],
      ['bottlerocket-kernel-kit', '4.3.3', '4.4.2', [0]],
      ['bottlerocket-kernel-kit', '4.3.1', '4.4.2', [1]],
    ]);
    expect(facts.between.map(({ release }) => release)).toEqual(['bottlerocket@1.49.0']);
    expect(riskOf(facts).reasons.map(({ rule }) => rule)).toEqual(['callout']);
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

  test('believe Twoliter.toml before the notes', () => {
    const kits = new Map([
      [
        '1.48.0',
        { 'bottlerocket-core-kit': '10.5.0', 'bottlerocket-kernel-kit': '4.3.0' } as const,
      ],
    ]);
    expect(
      bottlerocketFacts({ ...question, kits }).packages.find(({ images }) => images.includes(1))
        ?.from,
    ).toBe('10.5.0');
  });
});
