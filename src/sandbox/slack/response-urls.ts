import { type Clock, minute } from '../../shared/time.ts';
import type { Stamps } from './stamps.ts';

const lifetimeMs = 30 * minute;
const uses = 5;

/** What a `response_url` answers to: the message that was clicked, or a command's channel. */
export type ResponseTarget = {
  readonly user: string;
  readonly channel: string;
  /** The clicked message; absent for a command. */
  readonly messageTs?: string;
  readonly threadTs?: string;
};

export type ResponseUrls = ReturnType<typeof createResponseUrls>;

/** Response URLs: five uses within thirty minutes by the stand-in's clock. */
export function createResponseUrls(clock: Clock, stamps: Stamps, origin: () => string) {
  const issued = new Map<string, { target: ResponseTarget; until: number; left: number }>();
  return {
    issue(kind: 'actions' | 'commands', target: ResponseTarget): string {
      const path = `${kind}/${stamps.secret()}`;
      issued.set(path, { target, until: clock.now() + lifetimeMs, left: uses });
      return `${origin()}/${path}`;
    },
    /** Uses it once. `undefined`: unknown, too late or used up; Slack answers 404. */
    use(path: string): ResponseTarget | undefined {
      const found = issued.get(path);
      if (found === undefined || found.left === 0 || clock.now() > found.until) return undefined;
      found.left -= 1;
      return found.target;
    },
  };
}
