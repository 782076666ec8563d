import { expect, test } from 'vitest';
import { absentPackages } from '../../src/analysis/absent-packages.ts';
import { analysisOf } from '../../src/analysis/analysis.ts';
import { factsOfAnalysis } from '../../src/analysis/analysis-facts.ts';
import { matchingFacts } from '../../src/analysis/question.ts';
import type { Fact } from '../../src/analysis/types.ts';
import { sampleFacts } from './sample-facts.ts';

test.for(['why is the risk low?', 'is it safe?'])(
  '"%s" has an answer where no rule raises the risk',
  (question) => {
    const calm = factsOfAnalysis(analysisOf(sampleFacts, { level: 'low', reasons: [] }, 'off'));
    expect(matchingFacts(question, calm).map(({ text }) => text)).toContain(
      'By rule, low: no rule raises the risk.',
    );
  },
);

test('where a rule raises the risk, none is said to raise none', () => {
  const reasons = [{ rule: 'kernel', level: 'medium', text: 'a new kernel', facts: [] }] as const;
  const raised = factsOfAnalysis(analysisOf(sampleFacts, { level: 'medium', reasons }, 'off'));
  expect(raised.map(({ text }) => text).join()).not.toContain('no rule raises');
});

test('a title that begins with "fix" is no answer to what is fixed, and is one to what it names', () => {
  const facts: readonly Fact[] = [
    { id: 'C1', text: 'CVE-2026-1111 (high) is fixed: runc 1.3.5, advisory ALAS2023-2026-1.' },
    { id: 'M1', text: 'fix: raise the number of inotify watches', untrusted: true },
  ];
  const ids = (question: string) => matchingFacts(question, facts).map(({ id }) => id);
  expect(ids('which CVEs does this fix?')).toEqual(['C1']);
  expect(ids('what of inotify?')).toEqual(['M1']);
});

test.for([
  ['what changed in nginx?', ['nginx is not among the packages compared.']],
  ['What changed in the frobnicator package?', ['frobnicator is not among the packages compared.']],
  ['is openssl or nginx fixed', ['nginx', 'openssl']],
  ['what changed in containerd?', []],
  ['what changed in kernel6.12?', []],
  ['what changed in nvidia?', []],
  ['what changed in efa?', []],
  ['what changed in production?', []],
  ['why does it wait?', []],
] as const)('of "%s" what was not compared is named', ([question, expected]) => {
  const calm = analysisOf(sampleFacts, { level: 'low', reasons: [] }, 'off');
  const packages = [
    ...calm.packages,
    ...['kernel', 'kmod-nvidia-latest-dkms'].map((name) => ({
      ...{ name, from: '1', to: '2', change: 'patch' as const, images: [0] },
    })),
  ];
  const known: readonly Fact[] = [
    ...factsOfAnalysis({ ...calm, packages }),
    { id: 'M99', text: 'Update nginx docs', untrusted: true },
  ];
  const absent = absentPackages(question, { ...calm, packages }, known);
  expect(absent).toHaveLength(expected.length);
  for (const words of expected) expect(JSON.stringify(absent)).toContain(words);
  if (absent.length > 0) expect(matchingFacts(question, [...absent, ...known])[0]?.id).toBe('A1');
});

test('where packages were cut from the record, none is called absent from the comparison', () => {
  const calm = analysisOf(sampleFacts, { level: 'low', reasons: [] }, 'off');
  const left = { ...calm.left, packages: 3 };
  expect(absentPackages('what changed in nginx?', { ...calm, left }, [])).toMatchObject([
    { text: 'nginx is not among the packages on record, and 3 more were compared.' },
  ]);
  expect(absentPackages('what changed in nginx?', { ...calm, packages: [] }, [])).toMatchObject([
    { text: 'nginx was not compared: no packages were.' },
  ]);
});
