import type { WorkflowCommand } from '../rollout/command.ts';
import type { Wave } from '../rollout/wave.ts';
import type { WaveProgress } from './wave-progress.ts';

/** Halts a wave whose new nodes hurt; what was breached and stopped nobody before is decided by the core. */
export function haltOf(
  { environment, name, recovery }: Wave,
  { breaches }: Pick<WaveProgress, 'breaches'>,
): readonly WorkflowCommand[] {
  if (breaches.length === 0 || recovery !== undefined) return [];
  return [
    {
      type: 'Halt',
      environment,
      wave: name,
      checks: [...new Set(breaches.map(({ check }) => check))],
      evidence: breaches.map(({ cluster, evidence }) => `${cluster}: ${evidence}`).slice(0, 5),
    },
  ];
}
