import { describe, expect, test } from 'vitest';
import { analysisMarkdown } from '../../blocks/analysis-markdown.ts';
import { analysisSections } from '../../blocks/analysis-sections.ts';
import { detailsModal } from '../../blocks/modals.ts';
import { analysisOf } from '../../src/analysis/analysis.ts';
import { bottlerocketFacts } from '../../src/analysis/bottlerocket-facts.ts';
import { parseBottlerocketChangelog } from '../../src/analysis/bottlerocket-notes.ts';
import { riskOf } from '../../src/analysis/risk.ts';
import type { Analysis, Fact } from '../../src/analysis/types.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { kitChangelogs } from '../analysis/kit-changelogs.ts';
import { sampleFacts } from '../analysis/sample-facts.ts';
import { after, noon, opened } from '../rollout/story.ts';
import { analysis } from './stories.ts';

const rolloutWith = (told: Analysis) => {
  const done: RolloutEvent = { type: 'AnalysisCompleted', analysis: { ...told }, at: noon };
  return after(opened, done);
};
const shown = (told: Analysis) => JSON.stringify(analysisSections(rolloutWith(told)));

describe('the analysis in the thread', () => {
  const fact = (id: string): Fact => ({ id, text: `source ${id}` });
  const many = (count: number, word: string) =>
    Array.from({ length: count }, (_, index) => `${word}${index + 1}`);

  test('says how many sources and unknowns it leaves out', () => {
    const long = {
      ...analysis,
      unknowns: many(11, 'unknown'),
      sources: many(16, 'P').map(fact),
      left: { ...analysis.left, unknowns: 4, sources: 1 },
    };
    expect(shown(long)).toMatch(/unknown8\\nand 7 more/);
    expect(shown(long)).toMatch(/source P14\\nand 3 more/);
    const pull = analysisMarkdown(rolloutWith(long)).join('\n');
    expect(pull).toMatch(/- unknown11\n- and 4 more/);
    expect(pull).toMatch(/source P16\n- and 1 more/);
  });

  test('says nothing of more where there is none', () => {
    const whole = { ...analysis, unknowns: many(8, 'unknown'), sources: many(14, 'P').map(fact) };
    expect(shown(whole)).not.toContain('more');
  });

  test('counts what was cut before it was stored', () => {
    const facts = { ...sampleFacts, unknowns: many(30, 'unknown ') };
    const stored = analysisOf(facts, riskOf(facts), 'off');
    expect(stored.unknowns.length + (stored.left.unknowns ?? 0)).toBe(30);
    expect(shown(stored)).toContain('and 22 more');
    expect(analysisOf(sampleFacts, riskOf(sampleFacts), 'off').left).not.toHaveProperty('unknowns');
  });
});

test('what moves inside the kits of Bottlerocket stands in thread, Details and pull request', () => {
  const facts = bottlerocketFacts({
    release: 'bottlerocket@1.50.0',
    images: [
      {
        kubernetes: '1.34',
        amiType: 'aws-k8s-1.34',
        from: 'bottlerocket@1.49.0',
        clusters: 1,
        variant: { kubernetes: '1.34', variant: 'standard' },
      },
    ],
    notes: parseBottlerocketChangelog(`# v1.50.0 (2025-11-05)
* Update \`bottlerocket-kernel-kit\` from 4.3.3 to 4.4.2
* Update \`bottlerocket-core-kit\` from 10.6.0 to 10.9.0
# v1.49.0 (2025-10-09)
`),
    kitNotes: kitChangelogs(
      '# v10.9.0 (2025-11-05)\n* Update runc to v1.2.7\n# v10.6.0 (2025-09-23)\n',
      '# v4.4.2 (2025-10-27)\n* Update kernel from 6.12.46-66.121 to 6.12.53-69.119\n# v4.3.3 (2025-10-03)\n',
    ),
    url: 'https://github.com/bottlerocket-os/bottlerocket/releases/tag/v1.50.0',
    feed: { status: 'unavailable', reason: 'nobody asked' },
  });
  const rollout = rolloutWith(analysisOf(facts, riskOf(facts), 'off'));
  const places = [
    JSON.stringify(detailsModal(rollout, new Map())),
    analysisMarkdown(rollout).join('\n'),
  ];
  for (const text of places) {
    expect(text).toContain('6.12.46-66.121');
    expect(text).toContain('6.12.53-69.119');
    expect(text).toContain('1.2.7');
  }
  const thread = JSON.stringify(analysisSections(rollout));
  expect(thread).toContain('the notes do not tell how runc moves');
  expect(thread).toContain('runc: the notes do not say what it was before.');
});
