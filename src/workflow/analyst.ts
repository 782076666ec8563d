import { analysisOf } from '../analysis/analysis.ts';
import { type CheckedAnswer, checkAnswer } from '../analysis/check-answer.ts';
import { factsOf } from '../analysis/fact-list.ts';
import { promptOf } from '../analysis/prompt.ts';
import { combinedRisk, riskOf } from '../analysis/risk.ts';
import { promptVersion } from '../analysis/summary-prompt.ts';
import type { AiSummary, Fact, ModelUsage, NoSummaryReason, Risk } from '../analysis/types.ts';
import { StoredAnalysis } from '../rollout/opening-events.ts';
import { answerQuestion } from './analysis/answer-question.ts';
import { type Asking, askModel } from './analysis/ask-model.ts';
import { type FactSources, releaseFacts } from './analysis/release-facts.ts';
import type { Log } from './log.ts';
import type { Analyst } from './ports/analyst.ts';

/** Facts from notes, clusters and advisories, risk from the rules; the model, if there is one, only explains them. */
export function createAnalyst(
  sources: FactSources & {
    /** Absent: switched off. */
    readonly asking?: Asking;
  },
): Analyst {
  const { asking, log } = sources;
  return {
    async analyse(rollout) {
      const facts = await releaseFacts(sources, rollout);
      const rules = riskOf(facts);
      const list = factsOf(facts, rules);
      const { summary, risk, usage } = await summarised(rollout.release, list, rules, asking, log);
      const analysis = StoredAnalysis.parse(analysisOf(facts, risk, summary, usage));
      return typeof summary === 'string' ? { analysis, unavailable: summary } : { analysis };
    },
    answer: (question) => answerQuestion(asking, log, question),
    async retiredModels() {
      return asking === undefined ? [] : asking.model.retired();
    },
  };
}

type Accepted = Extract<CheckedAnswer, { kind: 'accepted' }>;

type Summarised = {
  readonly summary: AiSummary | NoSummaryReason;
  readonly risk: Risk;
  readonly usage?: ModelUsage;
};

/** The model's words as far as the facts bear them out, and its higher risk; else why there are none. */
async function summarised(
  release: string,
  facts: readonly Fact[],
  rules: Risk,
  asking: Asking | undefined,
  log: Log,
): Promise<Summarised> {
  if (asking === undefined) return { summary: 'off', risk: rules };
  try {
    const { system, facts: told, notes, ask } = promptOf(facts);
    const asked = await askModel(asking, {
      release,
      version: promptVersion,
      system,
      user: [told, notes, ask].join('\n\n'),
      quoted: notes,
      check(reply, model) {
        const checked = checkAnswer(reply, facts, { model, promptVersion });
        if (checked.kind === 'accepted') return { value: checked, shown: shownOf(checked) };
        log.warn({ reason: checked.reason, dropped: checked.dropped }, 'model answer not used');
        return undefined;
      },
    });
    const usage = asked.usage === undefined ? {} : { usage: asked.usage };
    return asked.kind === 'none'
      ? { summary: asked.reason, risk: rules, ...usage }
      : { summary: asked.value.summary, risk: combinedRisk(rules, asked.value.risk), ...usage };
  } catch (cause) {
    log.warn({ cause }, 'model not asked');
    return { summary: 'unavailable', risk: rules };
  }
}

/** All prose of a model that people could read: the reason for a higher risk too. */
function shownOf({ summary, risk }: Accepted): string {
  const { sentence, bullets, guidance, unknowns } = summary;
  const rest = [guidance, risk].filter((one) => one !== undefined);
  return [sentence, ...bullets, ...rest, ...unknowns].map(({ text }) => text).join('\n');
}
