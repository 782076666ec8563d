import { z } from 'zod';
import { approvalEvents } from './approval-events.ts';
import { brakeEvents } from './brake-events.ts';
import { endingEvents } from './ending-events.ts';
import { mergeEvents } from './merge-events.ts';
import { openingEvents } from './opening-events.ts';
import { replacementEvents } from './replacement-events.ts';
import { steeringEvents } from './steering-events.ts';

/**
 * The facts of a rollout, in the order they were decided: its state, its audit trail and its approvals in one.
 * Stored for ever: fields are added, never renamed. Each chapter of the story has its events in a file of its own.
 */
export const RolloutEvent = z.discriminatedUnion('type', [
  ...openingEvents,
  ...approvalEvents,
  ...steeringEvents,
  ...mergeEvents,
  ...replacementEvents,
  ...brakeEvents,
  ...endingEvents,
]);
export type RolloutEvent = z.infer<typeof RolloutEvent>;
export type EventOf<T extends RolloutEvent['type']> = Extract<RolloutEvent, { type: T }>;
