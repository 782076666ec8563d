import { z } from 'zod';

/** When a wave may go on although nodes of a NodePool are left that cannot move yet. */
export const FinishRule = z.object({
  /** Share of the NodePool's nodes that has to run the new image, from 0 exclusive to 1 inclusive. */
  atLeast: z.number().gt(0).max(1),
  /** How long the rest is waited for, from the first look at the wave's nodes, in ms. */
  patienceMs: z.number(),
  /** People are asked whether to go on without the rest; absent: it goes on by itself. */
  asks: z.literal(true).optional(),
});
export type FinishRule = z.infer<typeof FinishRule>;

/** The rule of every NodePool, but for those that have one of their own. */
export const Finish = FinishRule.extend({ pools: z.record(z.string(), FinishRule).optional() });
export type Finish = z.infer<typeof Finish>;

/** The rule of a NodePool: its own, else that of all. */
export function finishRuleOf({ pools, ...rule }: Finish, nodePool: string): FinishRule {
  return pools !== undefined && Object.hasOwn(pools, nodePool) ? (pools[nodePool] ?? rule) : rule;
}

/**
 * The share each NodePool needs after so long; all of it while its nodes are still waited for. `undefined`: every pool's
 * are.
 */
export function sharesAfter(
  finish: Finish,
  elapsedMs: number,
): ((nodePool: string) => number) | undefined {
  const { pools = {}, ...rule } = finish;
  if ([rule, ...Object.values(pools)].every(({ patienceMs }) => elapsedMs < patienceMs))
    return undefined;
  return (nodePool) => {
    const { atLeast, patienceMs } = finishRuleOf(finish, nodePool);
    return elapsedMs < patienceMs ? 1 : atLeast;
  };
}

/** Whether people are asked before a wave goes on without nodes of these NodePools. */
export function asksFor(finish: Finish, nodePools: readonly string[]): boolean {
  return nodePools.some((name) => finishRuleOf(finish, name).asks === true);
}

/** The strictest of several: the largest share, the longest patience, and people are asked where anybody wants it. */
export function jointFinish(all: readonly Finish[]): Finish {
  const strictest = (rules: readonly FinishRule[]): FinishRule => ({
    atLeast: Math.max(...rules.map(({ atLeast }) => atLeast)),
    patienceMs: Math.max(...rules.map(({ patienceMs }) => patienceMs)),
    ...(rules.some(({ asks }) => asks === true) && { asks: true }),
  });
  const named = new Set(all.flatMap(({ pools = {} }) => Object.keys(pools)));
  return {
    ...strictest(all),
    ...(named.size > 0 && {
      pools: Object.fromEntries(
        [...named].map((name) => [name, strictest(all.map((one) => finishRuleOf(one, name)))]),
      ),
    }),
  };
}
