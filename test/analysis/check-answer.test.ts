import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAnswer } from '../../src/analysis/check-answer.ts';
import { groundsOf, supported } from '../../src/analysis/claim-check.ts';
import { factsOf } from '../../src/analysis/fact-list.ts';
import { riskOf } from '../../src/analysis/risk.ts';
import { sampleFacts } from './sample-facts.ts';

const facts = factsOf(sampleFacts, riskOf(sampleFacts));
const source = { model: 'a-model', promptVersion: '1' };
const sentence = { text: 'The kernel gets a patch, 6.12.90 to 6.12.94.', facts: ['P1'] };
const check = (answer: unknown) => checkAnswer(JSON.stringify(answer), facts, source);

test('a grounded answer is accepted whole', () => {
  const answer = {
    sentence,
    bullets: [
      { text: 'It fixes CVE-2026-1111 (high) in the kernel.', facts: ['C1'] },
      { text: 'containerd moves to 2.2.4 on AL2023 x86_64.', facts: ['P2'] },
      { text: 'In all, 2 high and 1 medium are fixed; efa was not checked.', facts: ['S1'] },
    ],
    guidance: { text: 'Look at long-running pods on Kubernetes 1.34 first.', facts: ['P1', 'I1'] },
    unknowns: [{ text: 'Packages of the base image were not compared.', facts: ['U1'] }],
    risk: { level: 'medium', text: 'the kernel changes under every container', facts: ['P1'] },
  };
  expect(check(answer)).toEqual({
    kind: 'accepted',
    summary: {
      sentence,
      bullets: answer.bullets,
      guidance: answer.guidance,
      unknowns: answer.unknowns,
      dropped: 0,
      ...source,
    },
    risk: answer.risk,
    dropped: 0,
  });
});

test('what is not grounded is dropped and counted, and the rest stays', () => {
  const checked = check({
    sentence,
    bullets: [
      { text: 'It fixes CVE-2026-7777.', facts: ['C1'] },
      { text: 'The kernel moves.', facts: ['P1'] },
      'prose',
      null,
      ...Array(4).fill({ text: 'The kernel moves.', facts: ['P1'] }),
    ],
    guidance: { text: 'See https://evil.example', facts: ['P1'] },
    risk: { level: 'none', text: 'nothing', facts: ['P1'] },
  });
  expect(checked).toMatchObject({
    kind: 'accepted',
    summary: { bullets: [{}, {}, {}], unknowns: [] },
  });
  expect(checked.dropped).toBe(6); // the CVE, the prose, two bullets too many, the link, the level
  expect(checked).not.toHaveProperty('risk');
  expect(checked).not.toHaveProperty('summary.guidance');
});

test.each([
  ['nothing', ''],
  ['prose', 'I would approve this.'],
  ['broken JSON', '{"sentence": {'],
  ['another shape', '[1, 2]'],
  ['lists that are none', '{"sentence": {}, "bullets": "many"}'],
  ['far too much', JSON.stringify({ sentence, padding: 'x'.repeat(30_000) })],
])('%s is rejected as out of shape', (_, reply) =>
  expect(checkAnswer(reply, facts, source)).toEqual({
    kind: 'rejected',
    reason: 'schema',
    dropped: 0,
  }),
);

test('JSON in a code fence or with pleasantries is read', () => {
  expect(
    checkAnswer(`Sure!\n\`\`\`json\n${JSON.stringify({ sentence })}\n\`\`\``, facts, source).kind,
  ).toBe('accepted');
});

test('an answer whose sentence is not grounded is rejected', () => {
  expect(check({ sentence: { text: 'All is well.', facts: [] }, bullets: [sentence] })).toEqual({
    kind: 'rejected',
    reason: 'unsupported',
    dropped: 1,
  });
});

test('what rests on outsiders alone is not taken', () => {
  const quoted = { text: 'Somebody had to pin something.', facts: ['M1'] };
  expect(check({ sentence: quoted }).kind).toBe('rejected');
  expect(check({ sentence, risk: { ...quoted, level: 'high' } })).not.toHaveProperty('risk');
  expect(check({ sentence, bullets: [quoted] })).toMatchObject({ summary: { bullets: [] } });
  const both = { ...quoted, facts: ['M1', 'P1'] };
  expect(check({ sentence, bullets: [both] })).toMatchObject({ summary: { bullets: [both] } });
});

describe('a statement is dropped when', () => {
  test.each<[string, string, string[]]>([
    ['it cites nothing', 'The kernel moves.', []],
    ['it cites what is about something else', 'The kernel moves.', ['S1']],
    ['it says what no source is about', 'Nothing was found to be wrong.', ['P1']],
    ['it cites what does not exist', 'The kernel moves.', ['P1', 'P9']],
    ['it names a CVE that no fact names', 'Fixes CVE-2026-3333.', ['C1']],
    ['it names a CVE of a fact it does not cite', 'Fixes CVE-2026-2222.', ['C1']],
    ['it names a CVE that only outsiders name', 'Fixes CVE-2099-9999.', ['M2']],
    ['it names a version that only outsiders name', 'Brings 9.9.9.', ['M2']],
    ['it names another version', 'The kernel moves to 6.12.95.', ['P1']],
    ['it names another series', 'The kernel moves to 6.1.', ['P1']],
    ['it names a package of a fact it does not cite', 'The kernel and containerd move.', ['P1']],
    ['it names a package that is nowhere', 'OpenSSL is updated.', ['P1']],
    ['it names a library that is nowhere', 'libxml2 is updated.', ['P1']],
    ['it names a package that only outsiders name', 'Pins python3.', ['M1']],
    ['it names anything in code marks', 'The kernel is `rebuilt`.', ['P1']],
    ['it counts otherwise', 'It fixes 3 high ones.', ['S1']],
    ['it counts otherwise in words', 'It fixes three high ones.', ['S1']],
    ['it counts with part of a version', 'It fixes 6 problems in the kernel.', ['P1']],
    ['it swaps a count', 'It fixes 1 high one.', ['S1']],
    ['it calls critical what no fact does', 'It fixes a critical hole in the kernel.', ['P1']],
    ['it says exploited where no fact does', 'The kernel hole is exploited.', ['P1', 'C1']],
    ['it comforts', 'The kernel moves without any known risk.', ['P1']],
    ['it calls the risk low', 'The kernel moves, a low-risk patch.', ['P1']],
    ['it says that the risk is low', 'The kernel moves and the risk remains very low.', ['P1']],
    ['it denies a move', 'Nothing of the kernel changes.', ['P1']],
    ['it denies a fix', 'CVE-2026-1111 is not fixed.', ['C1']],
    ['it says that all of one package is fixed', 'Every kernel CVE is patched.', ['C1']],
    ['it says that all is fixed', 'All vulnerabilities are fixed.', ['S1']],
    ['it counts in large words', 'It fixes twenty vulnerabilities.', ['S1']],
    ['it counts in dozens', 'Dozens of vulnerabilities are fixed.', ['S1']],
    ['it tells of an exploit that no fact tells', 'The kernel hole has a public exploit.', ['C1']],
    ['it says what a hole lets people do', 'It fixes a container escape in the kernel.', ['C1']],
    ['it grades a hole otherwise', 'It fixes a low-severity hole in the kernel.', ['C1']],
    ['it turns a move round', 'The kernel goes back to 6.12.90.', ['P1']],
    ['it urges', 'Take it now: the kernel moves.', ['P1']],
    ['it hurries', 'The kernel should move immediately.', ['P1']],
    ['it calls it safe', 'The kernel move is safe.', ['P1']],
    ['it tells people what to decide', 'Approve it: the kernel moves.', ['P1']],
    ['it mentions a channel', 'The kernel moves <!channel>.', ['P1']],
    ['it mentions a person', 'Ask @ann about the kernel.', ['P1']],
    ['it refers to an issue', 'The kernel moves, see #12.', ['P1']],
    ['it links', 'The kernel moves, see https://github.com.', ['P1']],
    ['it names a site', 'The kernel moves, see evil.example for more.', ['P1']],
    ['it brings Markdown', '[The kernel](x) moves.', ['P1']],
    ['it brings HTML', 'The kernel <b>moves</b>.', ['P1']],
    ['it has an emoji code', 'The kernel moves :tada:.', ['P1']],
    ['it has more lines', 'The kernel\nmoves.', ['P1']],
    ['it has a bidi mark', 'The kernel \u202emoves.', ['P1']],
    ['it has a zero-width mark', 'The ker\u200bnel moves.', ['P1']],
    ['it is long', `The kernel ${'really '.repeat(40)}moves.`, ['P1']],
    ['it is empty', ' ', ['P1']],
    ['it says nothing', '...', ['P1']],
    ['it hides a name in letters that look alike', 'Fixes СVE-2026-3333.', ['C1']],
    ['it hides a number in wide digits', 'The kernel moves to ７.0.', ['P1']],
  ])('%s', (_, text, cited) =>
    expect(supported({ text, facts: cited }, groundsOf(facts))).toBeUndefined(),
  );
});

test.each<[string, string[]]>([
  ['The kernel moves from 6.12.90-120.1.amzn2023 to 6.12.94.', ['P1']],
  ['The 6.12 kernel is patched.', ['P1']],
  ['ARM nodes on 1.33 come from v20260610.', ['I2']],
  ['Two high ones are fixed.', ['S1']],
  ['Three clusters on 1.34 move.', ['I1']],
  ['Advisory ALAS2023-2026-101 has the details.', ['C1']],
  ['Which packages of the base image moved was not compared.', ['U1']],
])('%s is kept', (text, cited) =>
  expect(supported({ text, facts: cited }, groundsOf(facts))).toEqual({ text, facts: cited }),
);

test('everything accepted of any answer is in the facts', () => {
  const word = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'The',
        'kernel',
        'containerd',
        'moves',
        'to',
        'fixes',
        'CVE-2026-1111',
        'CVE-2026-2222',
        '6.12',
        '6.12.94',
        '2.2.4',
        'high',
        '2',
        '1.34',
        'nodes',
        'AL2023',
      ),
    },
    fc.constantFrom(
      'CVE-2026-9999',
      'GHSA-aaaa-bbbb-cccc',
      '6.12.95',
      '7.0',
      'openssl',
      'libfoo',
      'critical',
      '<!channel>',
      '@ann',
      'https://x.example',
      '#1',
      '\u202e',
      '9.9.9',
      'CVE-2099-9999',
      '*',
    ),
    fc.string({ maxLength: 5 }),
  );
  const id = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...facts.map((fact) => fact.id)) },
    fc.string({ maxLength: 3 }),
  );
  const statement = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        text: fc.array(word, { maxLength: 4 }).map((words) => words.join(' ')),
        facts: fc.array(id, { maxLength: 4 }),
        level: fc.constantFrom('low', 'high', 'x'),
      }),
    },
    fc.anything(),
  );
  const trusted = facts
    .filter(({ untrusted }) => untrusted !== true)
    .map(({ text }) => text)
    .join('\n');
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.record({
        sentence: statement,
        bullets: fc.array(statement),
        guidance: statement,
        unknowns: fc.array(statement),
        risk: statement,
      }),
      (answer) => {
        const checked = checkAnswer(JSON.stringify(answer) ?? '', facts, source);
        if (checked.kind === 'rejected') return;
        accepted += 1;
        const { summary, risk } = checked;
        const claims = [
          summary.sentence,
          ...summary.bullets,
          ...summary.unknowns,
          ...(summary.guidance ? [summary.guidance] : []),
          ...(risk ? [risk] : []),
        ];
        expect(summary.bullets.length).toBeLessThanOrEqual(3);
        for (const { text, facts: cited } of claims) {
          expect(cited.length).toBeGreaterThan(0);
          for (const one of cited) expect(facts.map((fact) => fact.id)).toContain(one);
          for (const [name] of text.matchAll(
            /\d+(?:\.\d+)+|(?:CVE|GHSA)-[\w-]+|openssl|libfoo|critical/gi,
          ))
            expect(trusted).toContain(name);
          expect(text).not.toMatch(/[<>@#\u202e]|https?:/);
        }
      },
    ),
    { numRuns: 3_000 },
  );
  expect(accepted).toBeGreaterThan(30); // else the property says nothing
});

test('random bytes are never accepted and never crash', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (reply) => {
      expect(checkAnswer(reply, facts, source).kind).toBe('rejected');
    }),
  );
});
