import type { WorkflowCommand } from '../rollout/command.ts';

/** What a step found: commands to decide on, or what stands in the way, in words for the card. */
export type StepOutcome = {
  readonly commands?: readonly WorkflowCommand[];
  /** What a person may have to do something about; shown until a look finds it gone. */
  readonly trouble?: string;
};

export type Perform = Promise<StepOutcome>;
