import { type Answer, RiskAnswer, readAnswer, Statement } from './answer.ts';
import { type Grounds, groundsOf, isGrounded, supported } from './claim-check.ts';
import type { AiSummary, Claim, Fact, RiskLevel } from './types.ts';

export type CheckedAnswer =
  | {
      readonly kind: 'accepted';
      readonly summary: AiSummary;
      /** The model's own opinion, where it is grounded; for `combinedRisk`. */
      readonly risk?: {
        readonly level: RiskLevel;
        readonly text: string;
        readonly facts: readonly string[];
      };
      readonly dropped: number;
    }
  /** `schema`: not the JSON that was asked for. `unsupported`: its sentence is not grounded in the facts. */
  | {
      readonly kind: 'rejected';
      readonly reason: 'schema' | 'unsupported';
      readonly dropped: number;
    };

/** Keeps of a model's reply what the facts bear out, and counts what they do not. Never throws. */
export function checkAnswer(
  reply: string,
  facts: readonly Fact[],
  source: { readonly model: string; readonly promptVersion: string },
): CheckedAnswer {
  const answer = readAnswer(reply);
  if (answer === undefined) return { kind: 'rejected', reason: 'schema', dropped: 0 };
  const grounds = groundsOf(facts);
  const given = [answer.sentence, ...lists(answer), answer.guidance, answer.risk].filter(isGiven);
  // Nothing rests on outsiders' words alone: a title can say anything.
  const ours = <T extends Claim>(claim: T | undefined) =>
    claim !== undefined && isGrounded(claim, grounds) ? claim : undefined;
  const sentence = ours(claimOf(answer.sentence, grounds));
  const several = (values: readonly unknown[] | undefined) =>
    claimsOf(values, grounds)
      .filter((claim) => ours(claim) !== undefined)
      .slice(0, 3);
  const bullets = several(answer.bullets);
  const unknowns = several(answer.unknowns);
  const guidance = ours(claimOf(answer.guidance, grounds));
  const risk = ours(riskOf(answer.risk, grounds));
  const kept = [sentence, guidance, risk].filter(isGiven).length + bullets.length + unknowns.length;
  const dropped = given.length - kept;
  if (sentence === undefined) return { kind: 'rejected', reason: 'unsupported', dropped };
  return {
    kind: 'accepted',
    summary: {
      sentence,
      bullets,
      unknowns,
      ...(guidance === undefined ? {} : { guidance }),
      dropped,
      ...source,
    },
    ...(risk === undefined ? {} : { risk }),
    dropped,
  };
}

function lists({ bullets = [], unknowns = [] }: Answer): readonly unknown[] {
  return [...bullets, ...unknowns];
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function claimsOf(values: readonly unknown[] | undefined, grounds: Grounds): readonly Claim[] {
  return (values ?? []).slice(0, 50).flatMap((value) => claimOf(value, grounds) ?? []);
}

function claimOf(value: unknown, grounds: Grounds): Claim | undefined {
  const statement = Statement.safeParse(value);
  return statement.success ? supported(statement.data, grounds) : undefined;
}

function riskOf(
  value: unknown,
  grounds: Grounds,
): (Claim & { readonly level: RiskLevel }) | undefined {
  const answer = RiskAnswer.safeParse(value);
  const claim = answer.success ? supported(answer.data, grounds) : undefined;
  return claim === undefined || !answer.success
    ? undefined
    : { ...claim, level: answer.data.level };
}
