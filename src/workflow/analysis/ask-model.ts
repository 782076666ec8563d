import { z } from 'zod';
import type { ModelUsage, NoSummaryReason } from '../../analysis/types.ts';
import { canonicalJson, sha256 } from '../../shared/canonical.ts';
import type { Clock } from '../../shared/time.ts';
import { day } from '../../shared/time.ts';
import type { Log } from '../log.ts';
import type { Model } from '../ports/model.ts';
import type { Memory } from '../ports/store.ts';
import type { Spending } from './spending.ts';
import { tokensAtMost } from './spending.ts';

/** A model with what it may cost, and where its answers are kept. */
export type Asking = {
  readonly model: Model;
  readonly spending: Spending;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly log: Log;
  /** Longest answer, in tokens, and the time limit of one question, in ms. */
  readonly maxTokens: number;
  readonly timeoutMs: number;
};

export type Asked<Value> =
  | {
      readonly kind: 'answered';
      readonly value: Value;
      readonly model: string;
      readonly usage: ModelUsage;
    }
  | { readonly kind: 'none'; readonly reason: NoSummaryReason; readonly usage?: ModelUsage };

const Kept = z.object({ text: z.string(), model: z.string() });
const keepFor = 90 * day;
/** Longest reply that is kept, in UTF-16 code units; a longer one is not read anyway. */
const mostKept = 20_000;

/**
 * Asks a model once for a release, within what is left of its budget. The same question to the same models is not paid
 * for twice, whichever rollout asks it. The guardrail reads what goes in, and of what comes out that which would be shown.
 * @param options.check what is accepted of a reply, and how that would read; `undefined`: nothing.
 */
export async function askModel<Value>(
  { model, spending, memory, clock, log, maxTokens, timeoutMs }: Asking,
  {
    release,
    version,
    system,
    user,
    quoted,
    check,
  }: {
    readonly release: string;
    /** Of the prompt. */
    readonly version: string;
    readonly system: string;
    readonly user: string;
    /** The part of it that others wrote. Our own instructions would look like an attack to a guardrail. */
    readonly quoted: string;
    readonly check: (
      reply: string,
      model: string,
    ) => { readonly value: Value; readonly shown: string } | undefined;
  },
): Promise<Asked<Value>> {
  const key = `analysis#${sha256(canonicalJson([version, model.identity, system, user]))}`;
  const before = Kept.safeParse((await memory.get([key])).get(key));
  if (before.success) {
    const checked = check(before.data.text, before.data.model);
    const usage = { inputTokens: 0, outputTokens: 0, ms: 0, kept: true as const };
    if (checked !== undefined) {
      return { kind: 'answered', value: checked.value, model: before.data.model, usage };
    }
  }
  const most = { inputTokens: tokensAtMost(system + user), outputTokens: maxTokens };
  const leftMs = await spending.timeLeft(release, most);
  if (leftMs === undefined) return { kind: 'none', reason: 'over-budget' };
  const input = await model.screen(quoted, 'INPUT');
  if (input !== 'passed') return { kind: 'none', reason: input };
  const start = clock.monotonic();
  const reply = await model.ask({
    system,
    user,
    quoted,
    maxTokens,
    timeoutMs: Math.min(timeoutMs, leftMs),
  });
  const ms = Math.round(clock.monotonic() - start);
  if (reply.kind === 'silent') {
    // Whoever was not heard in time, or not let through, may have read and written all the same, and is paid for it.
    const isPaid = reply.reason === 'timeout' || reply.reason === 'intervened';
    const spent = isPaid ? most : { inputTokens: 0, outputTokens: 0 };
    const usage = await spending.add(release, { ...spent, ms });
    return { kind: 'none', reason: reply.reason, usage };
  }
  const { inputTokens, outputTokens } = reply;
  const usage = await spending.add(release, { inputTokens, outputTokens, ms });
  log.info({ release, model: reply.model, ...usage }, 'model asked');
  const checked = check(reply.text, reply.model);
  if (checked === undefined) return { kind: 'none', reason: 'nonsense', usage };
  const output = await model.screen(checked.shown, 'OUTPUT');
  if (output !== 'passed') return { kind: 'none', reason: output, usage };
  if (reply.text.length <= mostKept) {
    await memory.put(key, { text: reply.text, model: reply.model }, keepFor);
  }
  return { kind: 'answered', value: checked.value, model: reply.model, usage };
}
