import { expect, test } from 'vitest';
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
