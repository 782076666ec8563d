import { z } from 'zod';
import { clamp, oneLine } from '../shared/text.ts';
import { groundsOf, supported } from './claim-check.ts';
import { type Prompt, quotedBetweenMarks } from './prompt.ts';
import { questionAsk, questionPromptVersion, questionSystem } from './question-prompt.ts';
import type { Claim, Fact } from './types.ts';

/** Most facts that a model is given for one question, and most statements of its answer that are shown. */
const most = { facts: 120, statements: 4 };

/** The prompt for a question about a rollout; what bears on it comes first, so that it is what is kept. */
export function questionPrompt(question: string, facts: readonly Fact[]): Prompt {
  const matching = matchingFacts(question, facts);
  const ordered = [...matching, ...facts.filter((fact) => !matching.includes(fact))];
  const told = ordered.slice(0, most.facts);
  const asked: Fact = { id: 'Q1', text: clamp(oneLine(question), 400), untrusted: true };
  return {
    version: questionPromptVersion,
    system: questionSystem,
    ...quotedBetweenMarks([...told, asked]),
    ask: `Q1 is the question.\n${questionAsk}`,
  };
}

const Reply = z.object({ statements: z.array(z.unknown()) });
const Statement = z.object({ text: z.string(), facts: z.array(z.string()) });

/** Longest reply that is read, in UTF-16 code units. */
const maxReply = 20_000;

/**
 * What of a model's reply the facts bear out. Never throws.
 * @returns `undefined`: it is not the JSON that was asked for, or nothing of it stands.
 */
export function checkReply(
  reply: string,
  facts: readonly Fact[],
): { readonly statements: readonly Claim[]; readonly dropped: number } | undefined {
  const given = statementsIn(reply);
  if (given === undefined) return undefined;
  const grounds = groundsOf(facts);
  const kept = given
    .flatMap((one) => {
      const statement = Statement.safeParse(one);
      return statement.success ? (supported(statement.data, grounds, 'record') ?? []) : [];
    })
    .slice(0, most.statements);
  return kept.length === 0 ? undefined : { statements: kept, dropped: given.length - kept.length };
}

function statementsIn(reply: string): readonly unknown[] | undefined {
  if (reply.length > maxReply) return undefined;
  const [start, end] = [reply.indexOf('{'), reply.lastIndexOf('}')];
  if (start === -1 || end < start) return undefined;
  try {
    const parsed = Reply.safeParse(JSON.parse(reply.slice(start, end + 1)));
    return parsed.success ? parsed.data.statements.slice(0, 50) : undefined;
  } catch {
    return undefined; // no JSON
  }
}

const silent = new Set(
  `the and for with that this was are what which who why how when where does did has have had will would can could should
  about from into over its our your you there here been being more most than then they them tell show give please rollout
  release node nodes image images amiable`.split(/\s+/),
);

/** Words that mean a kind of fact, by the letters of their ids. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/^(?:cve|cves|security|vulnerabilit\w*|fix\w*|advisor\w*|exploit\w*|patch\w*)$/, 'SCA'],
  [/^(?:risk\w*|danger\w*|safe\w*|careful\w*)$/, 'K'],
  [/^(?:chang\w*|mov(?:e|es|ed)|updat\w*|upgrad\w*|packages?|versions?|different\w*)$/, 'PA'],
  [
    /^(?:wait\w*|stuck|block\w*|stall\w*|hold\w*|held|state|status|progress|now|next|pause\w*)$/,
    'D',
  ],
  [/^(?:approv\w*|reject\w*|decid\w*|press\w*|merg\w*|snooz\w*|happen\w*|histor\w*)$/, 'ED'],
  [/^(?:support\w*|life)$/, 'L'],
  [/^(?:clusters?|where|blast|many)$/, 'IB'],
  [/^(?:unknown\w*|missing|checked)$/, 'US'],
  [/^(?:notes?|callout\w*|says?)$/, 'N'],
  [/^(?:skip\w*|between|withdrawn|recall\w*)$/, 'R'],
];

/** Facts that a question's words point to, best first; at most twelve. */
export function matchingFacts(question: string, facts: readonly Fact[]): readonly Fact[] {
  const words = [
    ...new Set(
      oneLine(question)
        .toLowerCase()
        .match(/[a-z0-9][a-z0-9.@_-]*[a-z0-9]/g) ?? [],
    ),
  ].filter((word) => word.length > 2 && !silent.has(word));
  const scored = facts.map((fact, at) => {
    const text = fact.text.toLowerCase();
    // Outsiders begin titles with "fix" and "update": such a word asks for a kind of fact, not for these titles.
    const naming = fact.untrusted === true ? words.filter((word) => !isOfKind(word)) : words;
    const named = naming.filter((word) =>
      new RegExp(`(?<![a-z0-9])${escaped(stem(word))}`).test(text),
    );
    const kind = words.some((word) =>
      kinds.some(([pattern, letters]) => pattern.test(word) && letters.includes(fact.id[0] ?? '')),
    );
    return { fact, at, score: 3 * named.length + (kind ? 2 : 0) };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, 12)
    .map(({ fact }) => fact);
}

function isOfKind(word: string): boolean {
  return kinds.some(([pattern]) => pattern.test(word));
}

/** `approved` and `approvals` are about the same. */
function stem(word: string): string {
  return /^[a-z]{6,}$/.test(word) ? word.replace(/(?:ing|ed|es|s|al|als)$/, '') : word;
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
