import type { Command, CommandOf } from './command.ts';
import { type Decision, refused } from './decision.ts';
import { attemptKey, refusalKey } from './evolve.ts';
import type { RefusalCode } from './refusal.ts';
import type { Rollout } from './rollout.ts';
import { environmentNamed } from './rollout.ts';

/** No attempt at anything: the person has it already, or pressed twice. */
const harmless: ReadonlySet<RefusalCode> = new Set([
  'already-approved',
  'not-approved-by-you',
  'not-paused',
]);

/** Keeps every request that was turned down on record, whatever it was: once per person, request and reason. */
export function attemptOnRecord(rollout: Rollout, command: Command, decision: Decision): Decision {
  const { refusal, events } = decision;
  if (command.type === 'RecordAttempt') return decision;
  if (refusal === undefined || events.length > 0 || harmless.has(refusal.code)) return decision;
  if (!('by' in command) || command.by === undefined) return decision;
  const { by, now: at, type: wanted } = command;
  const environment = 'environment' in command ? command.environment : undefined;
  const ask = 'ask' in command ? command.ask : undefined;
  const known = environment === undefined ? undefined : environmentNamed(rollout, environment);
  if (known?.refusals.includes(refusalKey(ask, by, refusal.code)) === true) return decision;
  const attempt = {
    by,
    wanted,
    ...(environment === undefined ? {} : { environment }),
    ...(ask === undefined ? {} : { ask }),
    reason: refusal.code,
  };
  if (rollout.attempts.includes(attemptKey(attempt))) return decision;
  return { refusal, events: [{ type: 'AttemptRefused', ...attempt, at }] };
}

/** An attempt of somebody who is nobody in Slack: refused, once on record. */
export function recordAttempt(
  rollout: Rollout,
  { by, wanted, reason, now }: CommandOf<'RecordAttempt'>,
): Decision {
  const attempt = { by, wanted, reason };
  const refusal = { code: reason };
  if (rollout.attempts.includes(attemptKey(attempt))) return refused(refusal);
  return refused(refusal, { type: 'AttemptRefused', ...attempt, at: now });
}
