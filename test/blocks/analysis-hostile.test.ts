import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analysisMarkdown } from '../../blocks/analysis-markdown.ts';
import { analysisReply } from '../../blocks/analysis-reply.ts';
import { answerMessage } from '../../blocks/answer.ts';
import { detailsModal } from '../../blocks/modals.ts';
import { recordFacts } from '../../blocks/record-facts.ts';
import { rolloutCard } from '../../blocks/rollout-card.ts';
import { analysisOf } from '../../src/analysis/analysis.ts';
import { factsOfAnalysis } from '../../src/analysis/analysis-facts.ts';
import { checkAnswer } from '../../src/analysis/check-answer.ts';
import { factsOf } from '../../src/analysis/fact-list.ts';
import { checkReply, matchingFacts } from '../../src/analysis/question.ts';
import { combinedRisk, riskOf } from '../../src/analysis/risk.ts';
import type { Claim, Fact, ReleaseFacts } from '../../src/analysis/types.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { sampleFacts } from '../analysis/sample-facts.ts';
import { unescapedIn } from '../eval/injected.ts';
import { after, ann, asked, noon, opened } from '../rollout/story.ts';

const piece = fc.oneof(
  fc.constantFrom(
    '<!channel>',
    '<@U0ANN>',
    '<#C0NODES>',
    '<https://evil.example|notes>',
    'https://evil.example/a',
    'www.evil.example',
    '@octocat',
    '@acme/team',
    'Closes #1',
    'fixes acme/gitops#2',
    'GH-9',
    '<b>',
    '</td>',
    '<script>',
    '[x](https://evil.example)',
    '![x](https://evil.example/x.png)',
    '`x`',
    '```',
    '|',
    '\n# a heading\n',
    '\n> [!NOTE]\n',
    '\u202e',
    '\u200b',
    '&lt;!channel&gt;',
    '&#60;!here&#62;',
    '*',
    '_',
    '\\',
    'kernel',
    '6.12.94',
  ),
  fc.string({ maxLength: 8 }),
);
const hostile = fc.array(piece, { maxLength: 5 }).map((parts) => parts.join(' '));

const hostileFacts = fc
  .record({
    title: hostile,
    callouts: fc.array(hostile, { maxLength: 3 }),
    titles: fc.array(hostile, { maxLength: 3 }),
    unknowns: fc.array(hostile, { maxLength: 3 }),
    names: fc.array(hostile, { maxLength: 3 }),
    version: hostile,
    reason: hostile,
    checked: fc.boolean(),
  })
  .map(({ title, callouts, titles, unknowns, names, version, reason, checked }): ReleaseFacts => {
    const [image] = sampleFacts.images;
    const [move] = sampleFacts.packages;
    if (image === undefined || move === undefined) throw new Error('no sample');
    return {
      ...sampleFacts,
      notes: {
        status: 'found',
        title,
        url: 'https://github.com/awslabs/amazon-eks-ami/releases/tag/v20260714',
        callouts,
        pullRequests: titles.map((one, number) => ({ number, title: one })),
        recalled: false,
      },
      images: [{ ...image, amiType: `AL2023 ${version}`, names }, ...sampleFacts.images.slice(1)],
      packages: [{ ...move, name: `kernel${version}`, to: version }, ...sampleFacts.packages],
      security: checked ? sampleFacts.security : { status: 'not-checked', reason },
      unknowns,
    };
  });

const claim = fc.record({
  text: fc.oneof(
    { weight: 2, arbitrary: hostile },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'The kernel moves to 6.12.94.',
        'The kernel is patched.',
        'containerd is patched.',
        'CVE-2026-1111 is fixed.',
      ),
    },
  ),
  facts: fc.array(fc.constantFrom('P1', 'P2', 'P3', 'C1', 'S1', 'M1', 'N1', 'N2', 'K1', 'X9'), {
    maxLength: 3,
  }),
});
const reply = fc
  .record({
    sentence: claim,
    bullets: fc.array(claim, { maxLength: 5 }),
    guidance: claim,
    unknowns: fc.array(claim, { maxLength: 3 }),
    risk: fc.record({
      level: fc.constantFrom('low', 'high'),
      text: hostile,
      facts: fc.constant(['P2']),
    }),
    statements: fc.array(claim, { maxLength: 5 }),
  })
  .map((answer) => JSON.stringify(answer));

test('nothing of notes, models, people or clusters reaches Slack or GitHub unescaped, and every claim is in the facts', () => {
  let [summaries, statements] = [0, 0];
  fc.assert(
    fc.property(hostileFacts, reply, hostile, hostile, (facts, said, words, model) => {
      const rules = riskOf(facts);
      const list = factsOf(facts, rules);
      const checked = checkAnswer(said, list, { model, promptVersion: words });
      const accepted = checked.kind === 'accepted';
      const risk = combinedRisk(rules, accepted ? checked.risk : undefined);
      const analysis = analysisOf(facts, risk, accepted ? checked.summary : 'nonsense', {
        inputTokens: 1,
        outputTokens: 1,
        ms: 1,
      });
      const done: RolloutEvent = { type: 'AnalysisCompleted', analysis: { ...analysis }, at: noon };
      const paused: RolloutEvent = { type: 'RolloutPaused', by: ann, reason: words, at: noon };
      const history = [opened, asked('staging'), done, paused];
      const rollout = after(...history);
      const names = new Map([[ann, model]]);
      const ground = [...factsOfAnalysis(analysis), ...recordFacts(rollout, history, names)];
      const answer = checkReply(said, ground);
      const answered =
        answer === undefined
          ? ({
              kind: 'facts',
              facts: matchingFacts(`kernel ${words}`, ground),
              because: 'off',
            } as const)
          : ({
              kind: 'said',
              ...answer,
              sources: ground.slice(0, 9),
              model,
              usage: { inputTokens: 1, outputTokens: 1, ms: 1 },
            } as const);
      const slack = [
        rolloutCard({ rollout, names, troubles: [words], waits: [words] }),
        detailsModal(rollout, names),
        analysisReply(done, rollout),
        answerMessage(words, answered),
      ];
      expect(unescapedIn({ slack, markdown: analysisMarkdown(rollout).join('\n') })).toEqual([]);
      if (accepted) summaries += 1;
      for (const one of accepted ? [checked.summary.sentence, ...checked.summary.bullets] : [])
        expectGrounded(one, list);
      for (const one of answer?.statements ?? []) {
        statements += 1;
        expectGrounded(one, ground);
      }
      expect(['low', 'medium', 'high'].indexOf(risk.level)).toBeGreaterThanOrEqual(
        ['low', 'medium', 'high'].indexOf(rules.level),
      );
    }),
    { numRuns: 600 },
  );
  // Else it says nothing.
  expect(summaries).toBeGreaterThan(5);
  expect(statements).toBeGreaterThan(25);
});

function expectGrounded({ text, facts: cited }: Claim, facts: readonly Fact[]): void {
  expect(cited.length).toBeGreaterThan(0);
  for (const id of cited) expect(facts.map((fact) => fact.id)).toContain(id);
  const ground = facts
    .filter(({ untrusted }) => untrusted !== true)
    .map((fact) => fact.text)
    .join('\n');
  for (const [name] of text.matchAll(/CVE-[\d-]+|\d+\.\d+(?:\.\d+)*/g))
    expect(ground).toContain(name);
}

test('a kind of image whose moves nobody could check never reads as one without CVEs', () => {
  const [image] = sampleFacts.images;
  const [move] = sampleFacts.packages;
  if (image === undefined || move === undefined || sampleFacts.security.status !== 'checked') {
    throw new Error('no sample');
  }
  const told = (facts: ReleaseFacts) => {
    const analysis = { ...analysisOf(facts, riskOf(facts), 'off') };
    const done: RolloutEvent = { type: 'AnalysisCompleted', analysis, at: noon };
    return JSON.stringify(detailsModal(after(opened, asked('staging'), done), new Map()));
  };
  const none = 'No fixed CVE was found in what was checked.';
  const security = { ...sampleFacts.security, fixed: [], unchecked: ['efa'] };
  const facts: ReleaseFacts = { ...sampleFacts, images: [image], security };
  const moves = (one: Partial<typeof move>) => [{ ...move, images: [0], ...one }];
  expect(told({ ...facts, packages: moves({}) })).toContain(none);
  const dark = [{ from: null, change: 'unknown' as const }, { name: 'efa' }];
  for (const one of dark) {
    expect(told({ ...facts, packages: moves(one) })).not.toContain(none);
    expect(told({ ...facts, packages: moves(one) })).toContain('CVEs were not checked.');
  }
  const many = Array.from({ length: 30 }, (_, i) => ({
    ...(sampleFacts.security.status === 'checked' ? sampleFacts.security.fixed[0] : undefined),
    id: `CVE-2026-${1_000 + i}`,
    images: [i < 29 ? 1 : 0],
  })) as Extract<ReleaseFacts['security'], { status: 'checked' }>['fixed'];
  const cut = { ...sampleFacts, security: { ...sampleFacts.security, fixed: many } };
  expect(told(cut)).not.toContain(none);
});
