import type { Clock, Instant } from '../../shared/time.ts';
import { signatureLifetimeMs } from './verify-signature.ts';

/**
 * Signatures that were answered, for as long as they could be sent again. Only answered ones: Slack repeats what failed,
 * within the same second with the same signature. What another replica answered is found by the inbox.
 */
export function createReplays(clock: Clock) {
  // In the order they were answered, so the oldest are the first to go.
  const answered = new Map<string, Instant>();
  return {
    seen: (signature: string): boolean => answered.has(signature),
    remember(signature: string): void {
      const now = clock.now();
      for (const [old, at] of answered) {
        if (now - at <= signatureLifetimeMs) break;
        answered.delete(old);
      }
      answered.set(signature, now);
    },
  };
}
