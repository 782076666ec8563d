import type { RolloutEvent } from './events.ts';
import type { Refusal } from './refusal.ts';

/** What deciding gave: facts to be stored, or a *no* (which may itself be a fact), or both empty: already so. */
export type Decision = { readonly events: readonly RolloutEvent[]; readonly refusal?: Refusal };

export const nothingHappened: Decision = { events: [] };

export function happened(...events: readonly RolloutEvent[]): Decision {
  return { events };
}

/** @param events attempts that are to be on record although nothing came of them. */
export function refused(refusal: Refusal, ...events: readonly RolloutEvent[]): Decision {
  return { events, refusal };
}
