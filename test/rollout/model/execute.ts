import type { Command, PersonCommand, WorkflowCommand } from '../../../src/rollout/command.ts';
import { decide } from '../../../src/rollout/decide.ts';
import type { Decision } from '../../../src/rollout/decision.ts';
import { evolve } from '../../../src/rollout/evolve.ts';
import { judge } from './judge.ts';
import { demand } from './ledger.ts';
import type { Sim } from './sim.ts';

const refusals: ReadonlySet<string> = new Set(['AttemptRefused', 'ApprovalRefused']);

/** Decides, judges each event, folds it, and decides the same again: the second time adds nothing. */
export function execute(sim: Sim, command: PersonCommand | WorkflowCommand): Decision {
  const timed: Command = { ...command, now: sim.now };
  const decision = decide(sim.rollout, timed);
  sim.decisions += 2;
  for (const event of decision.events) {
    judge(sim, sim.rollout, event);
    sim.rollout = evolve(sim.rollout, event);
    sim.events.push(event);
  }
  // Asking again for what is done already may be refused, which is on record as any refusal is.
  const again = decide(sim.rollout, timed).events.find(({ type }) => !refusals.has(type));
  demand(again === undefined, `answers ${command.type} twice, with ${again?.type}`);
  return decision;
}
