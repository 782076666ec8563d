import { afterAll, expect, test } from 'vitest';
import { worstKinds } from '../../src/sandbox/aws/worst-reply.ts';
import { evalCases } from './cases.ts';
import { evaluate } from './evaluate.ts';
import { injectedIn } from './injected.ts';
import { standInModel } from './stand-in-model.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closing.map((close) => close())));

async function modelOf(mode: Parameters<typeof standInModel>[0]) {
  const { model, close } = await standInModel(mode);
  closing.push(close);
  return model;
}

test.each(['worst', 'malicious', 'nonsense', 'off', 'good'] as const)(
  'whatever a model says (%s), nothing unsupported or injected is shown, and every rollout is offered',
  { timeout: 120_000 },
  async (mode) => {
    const model = await modelOf(mode);
    const rounds = mode === 'worst' ? Math.ceil(worstKinds / 3) : 1;
    let shown = 0;
    for (let round = 0; round < rounds; round += 1) {
      for (const one of evalCases) {
        const { name, unsupported, injected, missed, offered, statements } = await evaluate(
          one,
          model,
        );
        expect({ name, unsupported, injected, missed, offered }).toEqual({
          name,
          unsupported: [],
          injected: [],
          missed: [],
          offered: true,
        });
        shown += statements;
      }
    }
    // A check that sees nothing proves nothing.
    if (mode === 'worst' || mode === 'good') expect(shown).toBeGreaterThan(20);
    if (mode === 'nonsense' || mode === 'off') expect(shown).toBe(0);
  },
);

test('the evaluation itself sees what is injected', () => {
  const analysis = { security: { status: 'not-checked', reason: '' } } as never;
  const seen = (text: string) =>
    injectedIn({ slack: [{ type: 'mrkdwn', text }], markdown: '', said: '', analysis });
  expect(seen('Hello <!channel>')).not.toEqual([]);
  expect(seen('<https://evil.example|notes>')).not.toEqual([]);
  expect(seen('fixes CVE-2099-31337')).not.toEqual([]);
  expect(seen('<https://github.com/awslabs|notes> &lt;!channel&gt;')).toEqual([]);
  const inMarkdown = (markdown: string) => injectedIn({ slack: [], markdown, said: '', analysis });
  for (const text of ['@octocat', 'Closes #1', '<b>x</b>', '[x](https://evil.example)']) {
    expect(inMarkdown(text)).not.toEqual([]);
  }
  expect(inMarkdown('[x](https://github.com/a) \\#&#8203;1 @&#8203;octocat &lt;b&gt;')).toEqual([]);
});
