import type { Claim, Fact, ModelUsage, NoSummaryReason } from '../src/analysis/types.ts';
import { mrkdwnLink } from '../src/shared/link.ts';
import { clamp, escapeMrkdwn } from '../src/shared/text.ts';
import { noSummary } from './analysis-text.ts';
import { context, type Message, message, section } from './block-kit.ts';
import { count, quoted } from './phrases.ts';

/** What a question brought. */
export type AnsweredQuestion =
  | {
      readonly kind: 'said';
      readonly statements: readonly Claim[];
      readonly dropped: number;
      readonly sources: readonly Fact[];
      readonly model: string;
      readonly usage: ModelUsage;
    }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[]; readonly because: NoSummaryReason };

/** The answer to a question asked in a rollout's thread, with what it rests on. */
export function answerMessage(question: string, answered: AnsweredQuestion): Message {
  const lead = `On ${quoted(question, 200)}`;
  if (answered.kind === 'facts') return factsMessage(lead, answered);
  const { statements, sources, dropped, model } = answered;
  const said = statements.map(
    ({ text, facts }) => `• ${escapeMrkdwn(text)} (${escapeMrkdwn(facts.join(', '))})`,
  );
  const left =
    dropped === 0 ? '' : ` · ${count(dropped, 'statement')} left out that no fact bears out`;
  return message(`${lead}: ${statements.map(({ text }) => escapeMrkdwn(text)).join(' ')}`, [
    section([`${lead}, an AI answers:`, ...said].join('\n')),
    section(['*Sources*', ...sources.slice(0, 12).map(factText)].join('\n')),
    context(
      `From this rollout’s own record and facts, by ${escapeMrkdwn(clamp(model, 80))}${left}. Asking changes nothing.`,
    ),
  ]);
}

function factsMessage(
  lead: string,
  { facts, because }: Extract<AnsweredQuestion, { kind: 'facts' }>,
): Message {
  const why = noSummary(because).replace('No AI summary', 'No AI answer');
  if (facts.length === 0) {
    const none = `${lead} nothing is on record. Ask about a package, a CVE, the risk, an approval, or what it waits for.`;
    return message(none, [section(none), context(why)]);
  }
  const lines = facts.map((fact) => `• ${factText(fact)}`);
  return message(
    `${lead}, this is on record: ${facts.map(({ text }) => escapeMrkdwn(text)).join(' ')}`,
    [
      section([`${lead}, this is on record:`, ...lines].join('\n')),
      context(`${why} · Asking changes nothing.`),
    ],
  );
}

function factText({ id, text, url, untrusted }: Fact): string {
  const label = url === undefined ? escapeMrkdwn(id) : mrkdwnLink(id, url);
  const shown = escapeMrkdwn(clamp(text, 300));
  return `${label}: ${untrusted === true ? `“${shown}”` : shown}`;
}
