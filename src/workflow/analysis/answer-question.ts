import { checkReply, matchingFacts, questionPrompt } from '../../analysis/question.ts';
import { questionPromptVersion } from '../../analysis/question-prompt.ts';
import type { Claim, Fact, NoSummaryReason } from '../../analysis/types.ts';
import type { Log } from '../log.ts';
import type { Answered } from '../ports/analyst.ts';
import { type Asking, askModel } from './ask-model.ts';

/**
 * Answers a question about a rollout: by a model as far as the facts bear it out, else by the facts that its words point
 * to. There are no tools: whatever is asked, nothing changes. Never throws.
 */
export async function answerQuestion(
  asking: Asking | undefined,
  log: Log,
  {
    release,
    text,
    facts,
  }: { readonly release: string; readonly text: string; readonly facts: readonly Fact[] },
): Promise<Answered> {
  const listed = (because: NoSummaryReason): Answered => ({
    kind: 'facts',
    facts: matchingFacts(text, facts),
    because,
  });
  if (asking === undefined) return listed('off');
  try {
    const { system, facts: told, notes, ask } = questionPrompt(text, facts);
    const asked = await askModel(asking, {
      release,
      version: questionPromptVersion,
      system,
      user: [told, notes, ask].join('\n\n'),
      quoted: notes,
      check(reply) {
        const checked = checkReply(reply, facts);
        if (checked === undefined) return undefined;
        const shown = checked.statements.map((statement) => statement.text).join('\n');
        return { value: checked, shown };
      },
    });
    if (asked.kind === 'none') return listed(asked.reason);
    const { dropped } = asked.value;
    const statements = withAbsent(asked.value.statements, facts);
    const cited = new Set(statements.flatMap((statement) => statement.facts));
    const { model, usage } = asked;
    const sources = facts.filter(({ id }) => cited.has(id));
    return { kind: 'said', statements, dropped, sources, model, usage };
  } catch (cause) {
    log.warn({ cause }, 'question not answered by the model');
    return listed('unavailable');
  }
}

/** A model that speaks of other packages only would let silence pass for "unchanged". */
function withAbsent(statements: readonly Claim[], facts: readonly Fact[]): readonly Claim[] {
  const cited = new Set(statements.flatMap((statement) => statement.facts));
  const unsaid = facts.filter(({ id }) => /^A\d/.test(id) && !cited.has(id));
  return [...unsaid.map(({ id, text }) => ({ text, facts: [id] })), ...statements];
}
