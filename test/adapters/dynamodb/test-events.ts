import { z } from 'zod';
import type { Json } from '../../../src/shared/canonical.ts';
import { RolloutId } from '../../../src/shared/ids.ts';

const TestEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Approved'), by: z.string() }),
  z.object({ type: z.literal('Seen'), note: z.string(), extra: z.array(z.unknown()).optional() }),
]);
export type TestEvent = z.infer<typeof TestEvent>;

/** Events of a small domain of their own: the store knows nothing of rollouts but that they have streams. */
export const testKind = {
  parseEvent: (json: Json): TestEvent => TestEvent.parse(json),
  isDecision: ({ type }: TestEvent): boolean => type === 'Approved',
};

export const noon = Date.parse('2026-11-20T12:00:00.000Z');

let made = 0;

/** A rollout that no other test has. */
export function newRollout(): RolloutId {
  made += 1;
  return RolloutId.parse(`ro_${made.toString(16).padStart(10, '0')}`);
}
