import { expect, test } from 'vitest';
import { securityText } from '../../blocks/analysis-text.ts';
import { analysisOf } from '../../src/analysis/analysis.ts';
import { riskOf } from '../../src/analysis/risk.ts';
import type { ReleaseFacts } from '../../src/analysis/types.ts';
import { sampleFacts } from '../analysis/sample-facts.ts';
import { after, noon, opened } from '../rollout/story.ts';

type Fixed = Extract<ReleaseFacts['security'], { status: 'checked' }>['fixed'][number];

/** What the card says of these fixes, by the numbers of their CVEs; negative ones are known to be exploited. */
function told(...cves: readonly number[]): string {
  const { security } = sampleFacts;
  if (security.status !== 'checked' || security.fixed[0] === undefined)
    throw new Error('no sample');
  const [sample] = security.fixed;
  const fixed = cves.map((cve): Fixed => {
    const one = { ...sample, id: `CVE-2026-${Math.abs(cve)}` };
    return cve < 0 ? { ...one, exploited: true } : one;
  });
  const facts = { ...sampleFacts, security: { ...security, fixed } };
  const analysis = analysisOf(facts, riskOf(facts), 'off');
  return securityText(after(opened, { type: 'AnalysisCompleted', analysis, at: noon }));
}

test('the security line names the CVEs known to be exploited, else the first', () => {
  expect(told(1001, -1002, 1003)).toMatch(/ fixed, known to be exploited: CVE-2026-1002$/);
  expect(told(-1001, -1002, -1003)).toMatch(/: CVE-2026-1001, CVE-2026-1002 and others$/);
  expect(told(1001, 1002, 1003)).toMatch(/ fixed \(CVE-2026-1001, CVE-2026-1002\)$/);
});
