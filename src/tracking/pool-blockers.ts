import type { Instant } from '../shared/time.ts';
import type { Blocker } from './blocker.ts';
import { poolBudgetOf } from './pool-budget.ts';
import type { DisruptionBudget, EventView, NodeClaimView, NodePoolView } from './types.ts';

/**
 * What holds back a whole NodePool: its disruption budgets and its limits.
 * @param of.claims all NodeClaims of the pool: those on the new image count in the budget too.
 * @param of.waiting those that are to be replaced and are not being replaced.
 */
export function poolBlockers(
  nodePool: NodePoolView,
  of: {
    readonly claims: readonly NodeClaimView[];
    readonly waiting: readonly NodeClaimView[];
    readonly events: readonly EventView[];
    readonly now: Instant;
  },
): readonly Blocker[] {
  const nodes = of.waiting.length;
  if (nodes === 0) return [];
  return [...budgetBlockers(nodePool, of, nodes), ...limitBlockers(nodePool, of.claims, nodes)];
}

function budgetBlockers(
  nodePool: NodePoolView,
  {
    claims,
    events,
    now,
  }: { claims: readonly NodeClaimView[]; events: readonly EventView[]; now: Instant },
  nodes: number,
): readonly Blocker[] {
  const budget = poolBudgetOf(nodePool, claims, now);
  const object = `NodePool/${nodePool.name}`;
  const said = events.find(
    ({ kind, name, reason, lastAt }) =>
      kind === 'NodePool' &&
      name === nodePool.name &&
      reason === 'DisruptionBlocked' &&
      // an event repeats every minute while it holds; an old one is of an earlier window
      now - (lastAt ?? 0) < 5 * 60_000,
  );
  const since = said?.firstAt === undefined ? {} : { since: said.firstAt };
  if (budget.invalid !== undefined)
    return [{ cause: 'budget-invalid', object, nodes, words: spell(budget.invalid), ...since }];
  if (budget.allowed === 0 && budget.total > 0) {
    const opens = budget.opensAt === undefined ? {} : { opensAt: budget.opensAt };
    const words = budget.by === undefined ? {} : { words: spell(budget.by) };
    return [{ cause: 'budget', object, nodes, ...words, ...since, ...opens }];
  }
  const { notReady, drainingLong } = budget;
  // nodes that are being replaced use it up as well, which is progress
  if (budget.remaining > 0 || notReady + drainingLong < budget.allowed) return [];
  if (drainingLong > 0) {
    const others = notReady === 0 ? '' : `, and ${notReady} not Ready`;
    const words = `${drainingLong} of ${budget.allowed}${others}`;
    return [{ cause: 'budget-draining', object, nodes, words, ...since }];
  }
  const words = `${notReady} of ${budget.allowed}`;
  return [{ cause: 'budget-used', object, nodes, words, ...since }];
}

function limitBlockers(
  { name, limits = {}, used = {} }: NodePoolView,
  claims: readonly NodeClaimView[],
  nodes: number,
): readonly Blocker[] {
  if (claims.length === 0) return [];
  const full = Object.entries(limits).flatMap(([resource, limit]) => {
    const taken = used[resource];
    if (taken === undefined) return [];
    // room for one more node of the usual size has to be left, since a replacement comes up before the old one goes
    const usual = taken / claims.length;
    return taken + usual > limit ? [`${resource} ${short(taken)} of ${short(limit)}`] : [];
  });
  if (full.length === 0) return [];
  return [{ cause: 'nodepool-limits', object: `NodePool/${name}`, nodes, words: full.join(', ') }];
}

/** A budget in a line, as it stands in the NodePool: `nodes 0, reasons Drifted, 0 8 * * mon-fri (UTC) for 9h`. */
function spell({ nodes, reasons, schedule, duration }: DisruptionBudget): string {
  const parts = [`nodes ${nodes}`];
  if (reasons !== undefined) parts.push(`reasons ${reasons.join(' ')}`);
  if (schedule !== undefined) parts.push(`${schedule} (UTC) for ${duration ?? '?'}`);
  return parts.join(', ');
}

function short(amount: number): string {
  const giga = 2 ** 30;
  return amount >= giga ? `${Math.round(amount / giga)}Gi` : String(Math.round(amount * 10) / 10);
}
