import { Cron } from 'croner';
import type { Instant } from '../../../shared/time.ts';
import { durationMs } from '../duration.ts';
import type { Budget } from '../objects.ts';

/** What the API server fills in where a NodePool names no budget. */
export const defaultBudgets: readonly Budget[] = [{ nodes: '10%' }];

/**
 * How many nodes of a pool may be disrupted for a reason, those already being disrupted not yet subtracted.
 * @param total managed and initialized nodes of the pool whose instance is not terminating.
 * @returns Infinity when no budget is active for the reason.
 */
export function allowedDisruptions(
  budgets: readonly Budget[],
  { total, reason, now }: { total: number; reason: string; now: Instant },
): number {
  let allowed = Number.POSITIVE_INFINITY;
  for (const budget of budgets) {
    const active = isActive(budget, now);
    // Karpenter fails closed for the whole pool, also where the broken budget is for another reason
    if (active === 'invalid') return 0;
    const applies = budget.reasons === undefined || budget.reasons.includes(reason);
    if (active && applies) allowed = Math.min(allowed, nodesOf(budget, total));
  }
  return allowed;
}

function nodesOf({ nodes }: Budget, total: number): number {
  return nodes.endsWith('%')
    ? Math.ceil((Number(nodes.slice(0, -1)) * total) / 100)
    : Number(nodes);
}

function isActive({ schedule, duration }: Budget, now: Instant): boolean | 'invalid' {
  if (schedule === undefined && duration === undefined) return true;
  const windowMs = durationMs(duration);
  const cron = cronOf(schedule);
  if (cron === undefined || windowMs === undefined) return 'invalid';
  // Karpenter asks for the next hit after the start of the window that would end now: [hit, hit + duration)
  const hit = cron.nextRun(new Date(now - windowMs));
  return hit !== null && hit.getTime() <= now;
}

/** The standard five fields of robfig/cron, in UTC; `undefined` for what it refuses. */
function cronOf(schedule: string | undefined): Cron | undefined {
  if (schedule === undefined) return undefined;
  const nicknames = /^@(annually|yearly|monthly|weekly|daily|midnight|hourly)$/;
  if (schedule.startsWith('@')) {
    if (!nicknames.test(schedule)) return undefined;
    return new Cron(schedule.replace('@midnight', '@daily'), { timezone: 'UTC', paused: true });
  }
  const fields = schedule.trim().split(/\s+/);
  // Sunday is 0 for robfig/cron and 0 or 7 for croner, which also knows L, W, # and +
  const [, , , , dayOfWeek = ''] = fields;
  if (fields.length !== 5 || /7/.test(dayOfWeek.replace(/\/\d+/g, ''))) return undefined;
  if (/[LW#+]/.test(fields.slice(0, 3).join('')) || /[#+]|\dL/.test(dayOfWeek)) return undefined;
  try {
    return new Cron(fields.join(' '), {
      timezone: 'UTC',
      paused: true,
      domAndDow: false,
      mode: '5-part',
    });
  } catch {
    return undefined;
  }
}
