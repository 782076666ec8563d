import type { Clock } from '../../shared/time.ts';
import { minute, second } from '../../shared/time.ts';

/** At most `burst` calls at once, refilled evenly with `calls` every `per` milliseconds. */
type Rate = { readonly calls: number; readonly per: number; readonly burst: number };

const tier = (calls: number): Rate => ({ calls, per: minute, burst: calls });

/** Per channel: one a second, "short bursts allowed" without a number in Slack's words. */
const postsPerChannel: Rate = { calls: 1, per: second, burst: 3 };

/** Slack's tiers are promises of *at least*; the stand-in allows no more. Source: Slack's page on rate limits. */
const rates: Readonly<Record<string, Rate>> = {
  // The whole workspace: "several hundred messages a minute".
  'chat.postMessage': tier(300),
  'chat.getPermalink': { calls: 100, per: second, burst: 100 },
  'auth.test': tier(200),
  // Tier 1, yet an app may hold ten connections and reconnects them all when Slack restarts.
  'apps.connections.open': { calls: 1, per: minute, burst: 10 },
  'usergroups.list': tier(20),
  'usergroups.users.list': tier(20),
  'users.list': tier(20),
  'chat.update': tier(50),
  'chat.delete': tier(50),
  'conversations.info': tier(50),
  'conversations.open': tier(50),
};

/** Tier 4, for every method that is not listed. */
const others = tier(100);

export type RateLimits = ReturnType<typeof createRateLimits>;

/** Counts calls as Slack does: per method, and posts per channel too. */
export function createRateLimits(clock: Clock) {
  const buckets = new Map<string, { left: number; at: number }>();

  const wait = (key: string, rate: Rate): number => {
    const now = clock.now();
    const bucket = buckets.get(key) ?? { left: rate.burst, at: now };
    const left = Math.min(rate.burst, bucket.left + ((now - bucket.at) * rate.calls) / rate.per);
    if (left < 1) {
      buckets.set(key, { left, at: now });
      return Math.max(1, Math.ceil(((1 - left) * rate.per) / rate.calls / second));
    }
    buckets.set(key, { left: left - 1, at: now });
    return 0;
  };

  return {
    /** Seconds to wait before this call is served, as in `Retry-After`; 0: serve it now. */
    secondsToWait(method: string, channel: string | undefined): number {
      if (method === 'chat.postMessage' && channel !== undefined) {
        const seconds = wait(`${method} ${channel}`, postsPerChannel);
        if (seconds > 0) return seconds;
      }
      return wait(method, rates[method] ?? others);
    },
  };
}
