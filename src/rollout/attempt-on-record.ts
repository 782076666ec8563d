import type { Command, CommandOf } from './command.ts';
import { type Decision, refused } from './decision.ts';
import type { RolloutEvent } from './events.ts';
import type { Refusal } from './refusal.ts';
import { attemptKey, refusalKey } from './refusal-keys.ts';
import type { Rollout } from './rollout.ts';
import { environmentNamed } from './rollout.ts';

/** So many of the same person, request and reason are on record; the thousandth press says nothing new, and costs a write. */
export const mostOfOneAttempt = 10;

/** Whether another of the same still goes on record. `known` holds a key for each that is there. */
export function isWorthARecord(known: readonly string[], key: string): boolean {
  return known.filter((one) => one === key).length < mostOfOneAttempt;
}

/** Keeps every request that was turned down on record, whatever it was: a second press of the same is one too. */
export function attemptOnRecord(rollout: Rollout, command: Command, decision: Decision): Decision {
  const { refusal, events } = decision;
  if (command.type === 'RecordAttempt') return decision;
  if (refusal === undefined || events.length > 0) return decision;
  if (!('by' in command) || command.by === undefined) return decision;
  const { by, now: at, type: wanted } = command;
  const environment = 'environment' in command ? command.environment : undefined;
  const ask = 'ask' in command ? command.ask : undefined;
  const known = environment === undefined ? undefined : environmentNamed(rollout, environment);
  // Recorded as what it is already, as often as it may be.
  if (known !== undefined && !isWorthARecord(known.refusals, refusalKey(ask, by, refusal.code)))
    return decision;
  const attempt = {
    by,
    wanted,
    ...(environment === undefined ? {} : { environment }),
    ...(ask === undefined ? {} : { ask }),
    reason: refusal.code,
  };
  if (!isWorthARecord(rollout.attempts, attemptKey(attempt))) return decision;
  return { refusal, events: [{ type: 'AttemptRefused', ...attempt, at }] };
}

/** An attempt that was turned down before it became a command: by nobody in Slack, or at the click for a modal. */
export function recordAttempt(
  rollout: Rollout,
  { by, wanted, environment, ask, reason, now }: CommandOf<'RecordAttempt'>,
): Decision {
  const attempt = {
    by,
    wanted,
    ...(environment === undefined ? {} : { environment }),
    ...(ask === undefined ? {} : { ask }),
    reason,
  };
  const refusal = { code: reason, ...(environment === undefined ? {} : { environment }) };
  if (!isWorthARecord(rollout.attempts, attemptKey(attempt))) return refused(refusal);
  return refused(refusal, { type: 'AttemptRefused', ...attempt, at: now });
}

/** The *no* that was put on record with these; `undefined`: what was asked was done. */
export function refusalOnRecord(events: readonly RolloutEvent[]): Refusal | undefined {
  for (const event of events) {
    if (event.type !== 'AttemptRefused' && event.type !== 'ApprovalRefused') continue;
    const { reason: code, environment } = event;
    return { code, ...(environment === undefined ? {} : { environment }) };
  }
  return undefined;
}
