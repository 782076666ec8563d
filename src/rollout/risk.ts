import { z } from 'zod';
import type { RiskLevel } from './opening-events.ts';
import type { Rollout } from './rollout.ts';

const order: readonly RiskLevel[] = ['low', 'medium', 'high'];

/** How risky the release is known to be; `undefined` while nobody has looked: unknown is never low. */
export function riskOf({ analysis, raised }: Rollout): RiskLevel | undefined {
  const found = analysis === 'pending' ? undefined : analysis.value?.risk.level;
  if (raised === undefined) return found;
  return found === undefined || isHigher(raised.level, found) ? raised.level : found;
}

/** Whether `level` is more than what was known; of what was not known, only the highest is news. */
export function isHigher(level: RiskLevel, known: RiskLevel | undefined): boolean {
  return order.indexOf(level) > order.indexOf(known ?? 'medium');
}

/** What the core reads of the security facts: written by `src/analysis`, whose full shape it does not know. */
const Fixes = z.object({
  status: z.literal('checked'),
  fixed: z.array(
    z.object({ id: z.string(), severity: z.string(), exploited: z.boolean().optional() }),
  ),
});

/** Critical and known-exploited vulnerabilities the release fixes; empty also where nobody has checked. */
export function urgentFixes({ analysis }: Rollout): readonly string[] {
  if (analysis === 'pending') return [];
  const { data } = Fixes.safeParse(analysis.value?.['security']);
  return (data?.fixed ?? [])
    .filter(({ severity, exploited }) => severity === 'critical' || exploited === true)
    .map(({ id }) => id);
}
