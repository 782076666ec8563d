import { AnchorEvent } from '../../audit/anchored.ts';
import type { EventKind } from './log.ts';

/** Anchors are no decisions: they are found by the name of their stream. */
export const anchorKind: EventKind<AnchorEvent> = {
  parseEvent: (json) => AnchorEvent.parse(json),
  isDecision: () => false,
};
