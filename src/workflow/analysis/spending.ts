import { z } from 'zod';
import type { ModelUsage } from '../../analysis/types.ts';
import { day } from '../../shared/time.ts';
import type { Memory } from '../ports/store.ts';

/** What one release may cost in all: its summary, and every question about it. */
export type Budget = {
  /** In ms of real time that models take. */
  readonly timeMs: number;
  /** Read and written together. */
  readonly tokens: number;
  /** In US dollars; absent: not limited. */
  readonly usd?: number;
};

/** In US dollars for a million tokens. */
export type Price = { readonly input: number; readonly output: number };

const Spent = z.object({ tokens: z.number(), ms: z.number(), usd: z.number() });
type Spent = z.infer<typeof Spent>;

const keepFor = 90 * day;
const nothing: Spent = { tokens: 0, ms: 0, usd: 0 };

export type Spending = {
  /**
   * How long the next question may take, in ms; `undefined`: it could cost more than is left. Two processes that ask at
   * the same moment may overdraw by one question each.
   */
  timeLeft(
    release: string,
    most: { readonly inputTokens: number; readonly outputTokens: number },
  ): Promise<number | undefined>;
  /** Adds what a question cost. */
  add(release: string, usage: Omit<ModelUsage, 'usd' | 'kept'>): Promise<ModelUsage>;
};

/** Keeps account of what each release has cost. */
export function createSpending(
  memory: Memory,
  { budget, price }: { readonly budget: Budget; readonly price?: Price },
): Spending {
  const keyOf = (release: string) => `spent#${release}`;
  const read = async (release: string): Promise<Spent> => {
    const key = keyOf(release);
    const found = Spent.safeParse((await memory.get([key])).get(key));
    return found.success ? found.data : nothing;
  };
  const costOf = (inputTokens: number, outputTokens: number): number =>
    price === undefined ? 0 : (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
  return {
    async timeLeft(release, { inputTokens, outputTokens }) {
      const spent = await read(release);
      const timeMs = budget.timeMs - spent.ms;
      const isOver =
        timeMs <= 0 ||
        spent.tokens + inputTokens + outputTokens > budget.tokens ||
        spent.usd + costOf(inputTokens, outputTokens) > (budget.usd ?? Number.POSITIVE_INFINITY);
      return isOver ? undefined : timeMs;
    },
    async add(release, usage) {
      const { inputTokens, outputTokens, ms } = usage;
      const spent = await read(release);
      const usd = costOf(inputTokens, outputTokens);
      await memory.put(
        keyOf(release),
        {
          tokens: spent.tokens + inputTokens + outputTokens,
          ms: spent.ms + ms,
          usd: spent.usd + usd,
        },
        keepFor,
      );
      return price === undefined ? usage : { ...usage, usd };
    },
  };
}

/** Tokens of a text at most: models count more finely than words, and less finely than this. */
export function tokensAtMost(text: string): number {
  return Math.ceil(text.length / 3);
}
