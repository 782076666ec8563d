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
   * How long the next question may take, in ms; `undefined`: it could cost more than is left. Questions that are under way
   * at the same moment may overdraw by what each of them costs.
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
  const added = async (
    release: string,
    usage: Parameters<Spending['add']>[1],
  ): Promise<ModelUsage> => {
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
  };
  let last: Promise<unknown> = Promise.resolve();
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
    add(release, usage) {
      // One after the other: of two that read the same sum, one would be forgotten.
      const turn = last.then(() => added(release, usage));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

/**
 * Tokens of a text at most: of English models make one of some four letters, of other scripts as many as there are bytes.
 */
export function tokensAtMost(text: string): number {
  const plain = text.match(/[\x20-\x7e\s]/g)?.length ?? 0;
  return Math.ceil(plain / 3) + Buffer.byteLength(text.replace(/[\x20-\x7e\s]/g, ''), 'utf8');
}
