import { z } from 'zod';

const Statement = z.object({ text: z.string(), facts: z.array(z.string()) });

/**
 * What a model answers. The outer shape must hold; statements are kept loose here and checked one by one, so that a bad
 * one costs only itself.
 */
export const Answer = z.object({
  sentence: z.unknown(),
  bullets: z.array(z.unknown()).optional(),
  guidance: z.unknown().optional(),
  unknowns: z.array(z.unknown()).optional(),
  risk: z.unknown().optional(),
});
export type Answer = z.infer<typeof Answer>;

export const RiskAnswer = Statement.extend({ level: z.enum(['low', 'medium', 'high']) });

export { Statement };

/** Longest answer that is read, in UTF-16 code units. */
const maxAnswer = 20_000;

/** Finds the one JSON object in a model's reply, which may stand in a code fence or between pleasantries. */
export function readAnswer(reply: string): Answer | undefined {
  if (reply.length > maxAnswer) return undefined;
  const [start, end] = [reply.indexOf('{'), reply.lastIndexOf('}')];
  if (start === -1 || end < start) return undefined;
  const answer = Answer.safeParse(parsed(reply.slice(start, end + 1)));
  return answer.success ? answer.data : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined; // a model that writes no JSON is as good as one that says nothing
  }
}
