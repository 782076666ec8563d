import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexAdvisories } from '../../src/analysis/advisory.ts';
import { amiTypeOf } from '../../src/analysis/ami-type.ts';
import { analysisOf, maxAnalysisBytes } from '../../src/analysis/analysis.ts';
import { diffReport } from '../../src/analysis/diff-report.ts';
import { type EksQuestion, eksFacts } from '../../src/analysis/eks-facts.ts';
import { type EksNotes, parseEksNotes } from '../../src/analysis/eks-notes.ts';
import { combinedRisk, riskOf } from '../../src/analysis/risk.ts';
import type { AiSummary, ReleaseFacts } from '../../src/analysis/types.ts';
import { StoredAnalysis } from '../../src/rollout/opening-events.ts';
import { sampleFacts } from './sample-facts.ts';

const notesOf = (tag: string, runc: string, more = ''): EksNotes => {
  const notes = parseEksNotes(
    `AMI Release ${tag}`,
    `${more}
<details><summary><b>Kubernetes 1.35</b></summary>
<table><tr><th>AMI Names<th>Release version<tr><td>a<td>1.35.2-${tag.slice(1)}</table>
<table><tr><th>Package<th>AL2023_x86_64_STANDARD<th>AL2023_ARM_64_STANDARD<tr><td>kernel6.12<td colspan="2">6.12.94-1<tr><td>runc<td colspan="2">${runc}<tr><td>efa<td>1.0<td>—</table></details>`,
  );
  if (notes === undefined) throw new Error('no notes');
  return notes;
};
const notes = new Map(
  [
    notesOf('v20260101', '1.3.1-1'),
    notesOf('v20260201', '1.3.2-1', '> [!WARNING]\n> Careful.\n'),
    notesOf('v20260301', '1.3.5-1'),
  ].map((one) => [one.tag, one]),
);
const image = {
  kubernetes: '1.35',
  amiType: 'AL2023_x86_64_STANDARD',
  from: 'al2023@v20260101',
  clusters: 2,
};
const index = indexAdvisories([
  {
    id: 'ALAS2023-2026-1',
    severity: 'high',
    cves: ['CVE-2026-1000'],
    products: [{ package: 'runc', fixedIn: '1.3.3-1' }],
  },
]);
const question: EksQuestion = {
  release: 'al2023@v20260301',
  images: [image, { ...image, amiType: 'AL2023_ARM_64_STANDARD', clusters: 1 }],
  notes,
  url: 'https://github.com/awslabs/amazon-eks-ami/releases/tag/v20260301',
  feed: { status: 'read', index },
};

describe('the facts of a release', () => {
  test('call vulnerabilities not checked where no image could be compared', () => {
    for (const images of [[], [{ ...image, kubernetes: 'unknown' }]]) {
      expect(eksFacts({ ...question, images }).security.status).toBe('not-checked');
    }
  });

  test('put equal moves of several images into one row, and name what lies in between', () => {
    expect(eksFacts(question)).toMatchObject({
      packages: [{ name: 'runc', from: '1.3.1-1', to: '1.3.5-1', change: 'patch', images: [0, 1] }],
      security: {
        status: 'checked',
        counts: { high: 1 },
        fixed: [{ id: 'CVE-2026-1000', images: [0, 1] }],
        unchecked: [],
      },
      between: [{ release: 'al2023@v20260201', recalled: false, callouts: ['Careful.'] }],
      unknowns: ['Packages of the base image that the notes do not list were not compared.'],
    });
  });

  test('say "not checked" when the advisories could not be read, or are not for this family', () => {
    const feed = { status: 'unavailable' as const, reason: 'ALAS did not answer.' };
    expect(eksFacts({ ...question, feed }).security).toEqual({
      status: 'not-checked',
      reason: 'ALAS did not answer.',
    });
    const al2 = new Map(
      [
        ['v20260101', '1.3.1-1'],
        ['v20260301', '1.3.5-1'],
      ].map(([tag = '', runc]) => {
        const one = notesOf(tag, runc ?? '');
        return [
          tag,
          {
            ...one,
            kubernetes: one.kubernetes.map((minor) => ({
              ...minor,
              packages: { AL2_x86_64: { runc: runc ?? '' } },
            })),
          },
        ];
      }),
    );
    expect(
      eksFacts({ ...question, notes: al2, images: [{ ...image, amiType: 'AL2_x86_64' }] }).security
        .status,
    ).toBe('not-checked');
  });

  test('without notes are unknown, and nothing is claimed to be fixed', () => {
    const facts = eksFacts({ ...question, notes: new Map() });
    expect(facts).toMatchObject({
      notes: { status: 'missing' },
      packages: [],
      security: { status: 'not-checked' },
    });
    expect(riskOf(facts).level).toBe('medium');
  });

  test('of an image that runs something unknown are unknown', () => {
    const facts = eksFacts({ ...question, images: [{ ...image, from: 'unknown' }] });
    expect(facts.packages.every(({ change }) => change === 'unknown')).toBe(true);
    expect(facts.unknowns).toContain(
      'No notes of unknown were found: what changes from it is not known.',
    );
  });

  test('know withdrawn predecessors', () => {
    const withdrawn = new Map(notes).set('v20260101', {
      ...notesOf('v20260101', '1.3.1-1'),
      abandoned: true,
    });
    expect(eksFacts({ ...question, notes: withdrawn }).recalledPredecessors).toEqual([
      'al2023@v20260101',
    ]);
  });
});

describe('the stored analysis', () => {
  const risk = riskOf(sampleFacts);
  const summary: AiSummary = {
    sentence: { text: 'The kernel gets a patch.', facts: ['P1'] },
    bullets: [{ text: 'One fix.', facts: ['C1'] }],
    unknowns: [],
    dropped: 2,
    model: 'a-model',
    promptVersion: '1',
  };

  test('has all of a small release, with the facts that are cited', () => {
    const analysis = analysisOf(sampleFacts, risk, summary);
    expect(analysis).toMatchObject({
      v: 1,
      release: 'al2023@v20260714',
      summary: { kind: 'ai', dropped: 2 },
    });
    expect(analysis.sources.map(({ id }) => id)).toEqual(['P1', 'C1']);
    expect(new Set(Object.values(analysis.left))).toEqual(new Set([0]));
    expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
    expect(StoredAnalysis.parse(analysis)).toEqual(analysis);
  });

  test('an unknown that a model repeats in the words of the facts is not said twice', () => {
    const own = { text: 'What the reboot costs is not told.', facts: ['U1'] };
    const repeated = { text: sampleFacts.unknowns[0] ?? '', facts: ['U1'] };
    const said = { ...summary, unknowns: [repeated, own] };
    const analysis = analysisOf(sampleFacts, riskOf(sampleFacts), said);
    expect(analysis.unknowns).toContain(repeated.text);
    expect(analysis.summary).toMatchObject({ kind: 'ai', unknowns: [own] });
  });

  test('says why there is no summary', () => {
    expect(analysisOf(sampleFacts, risk, 'throttled').summary).toEqual({
      kind: 'none',
      reason: 'throttled',
    });
  });

  test('numbers the rules as the model saw them, also when it raised the risk', () => {
    const rules = riskOf({ ...sampleFacts, blastRadius: { clusters: 60, nodes: 900 } });
    const raised = combinedRisk(rules, { level: 'high', text: 'a large fleet', facts: ['K1'] });
    expect(
      analysisOf(sampleFacts, raised, 'off').sources.find(({ id }) => id === 'K1')?.text,
    ).toContain('900 nodes');
  });

  test('never grows over its size, whatever the lists hold, and counts what it leaves out', () => {
    const wide = (length: number) => '漢'.repeat(length);
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.nat(300), (many, cves, words) => {
        const facts: ReleaseFacts = {
          ...sampleFacts,
          images: Array.from({ length: many + 1 }, (_, n) => ({
            ...image,
            from: `al2023@v${20250000 + n}`,
          })),
          packages: Array.from({ length: many }, (_, n) => ({
            name: `package-${n}`,
            from: '1.0.0-1.amzn2023',
            to: null,
            change: 'removed' as const,
            images: Array.from({ length: many }, (__, i) => i),
          })),
          security:
            sampleFacts.security.status === 'checked'
              ? {
                  ...sampleFacts.security,
                  unchecked: Array(many).fill('p'),
                  fixed: Array(cves).fill(sampleFacts.security.fixed[0]),
                }
              : sampleFacts.security,
          notes:
            sampleFacts.notes.status === 'found'
              ? {
                  ...sampleFacts.notes,
                  title: wide(words),
                  callouts: Array(many).fill(wide(words)),
                  pullRequests: Array(many).fill({ number: 1, title: wide(words) }),
                }
              : sampleFacts.notes,
          unknowns: Array(many).fill(wide(words)),
        };
        const claim = { text: 'a'.repeat(240), facts: ['P1', 'P2', 'S1', 'C1', 'U1'] };
        const full = {
          ...summary,
          sentence: claim,
          bullets: [claim, claim, claim],
          guidance: claim,
          unknowns: [claim, claim, claim],
        };
        const analysis = analysisOf(facts, riskOf(facts), full);
        expect(Buffer.byteLength(JSON.stringify(analysis))).toBeLessThanOrEqual(maxAnalysisBytes);
        expect(analysis.images.length + analysis.left.images).toBe(many + 1);
        expect(analysis.packages.length + analysis.left.packages).toBe(many);
        for (const { images } of analysis.packages)
          expect(images.every((at) => at < analysis.images.length)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

test('the report of a difference has the documented names, and says first what was not checked', () => {
  const packages = [
    { name: 'runc', from: '1.3.1', to: '1.3.5', change: 'patch' as const, since: 'v20260301' },
  ];
  const asked = {
    from: 'v20260101',
    to: 'v20260301',
    kubernetes: '1.35',
    type: 'AL2023_x86_64_STANDARD',
    packages,
    missing: [],
    unknowns: ['x'],
  };
  expect(diffReport({ ...asked, security: sampleFacts.security })).toEqual({
    from: 'v20260101',
    to: 'v20260301',
    kubernetes: '1.35',
    type: 'AL2023_x86_64_STANDARD',
    packages: [{ name: 'runc', from: '1.3.1', to: '1.3.5', change: 'patch' }],
    cves: [
      {
        id: 'CVE-2026-1111',
        severity: 'high',
        package: 'kernel',
        fixedIn: '6.12.93-1.amzn2023',
        advisory: 'ALAS2023-2026-101',
      },
      {
        id: 'CVE-2026-2222',
        severity: 'medium',
        package: 'containerd',
        fixedIn: '2.2.4-1',
        advisory: 'ALAS2023-2026-102',
      },
    ],
    unknown: ['efa: vulnerabilities were not checked.', 'x'],
  });
  expect(
    diffReport({ ...asked, security: { status: 'not-checked', reason: 'no file given' } }),
  ).toMatchObject({
    cves: [],
    unknown: ['Vulnerabilities were not checked: no file given', 'x'],
  });
  expect(
    diffReport({ ...asked, missing: ['No notes of v1.'], security: sampleFacts.security }).unknown,
  ).toEqual(['No notes of v1.', 'efa: vulnerabilities were not checked.', 'x']);
});

test.each([
  ['al2023', 'x86_64', 'standard', 'AL2023_x86_64_STANDARD'],
  ['al2023', 'arm64', 'nvidia', 'AL2023_ARM_64_NVIDIA'],
  ['al2023', 'x86_64', 'fips', undefined],
  ['al2', 'arm64', 'standard', 'AL2_ARM_64'],
  ['al2', 'x86_64', 'nvidia', 'AL2_x86_64_GPU'],
  ['bottlerocket', 'x86_64', 'standard', undefined],
] as const)('the AMI type of %s %s %s is %s', (family, architecture, variant, type) =>
  expect(amiTypeOf(family, architecture, variant)).toBe(type),
);
