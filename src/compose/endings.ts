import type { Log } from '../workflow/log.ts';

/** How to end what was begun; in the other order, and however often it is asked for, once. */
export type Endings = {
  add(end: () => unknown): void;
  /** Ends all of it; what does not end cleanly is logged and keeps nothing else from ending. */
  endAll(): Promise<void>;
};

export function createEndings(log: Pick<Log, 'warn'>): Endings {
  const endings: (() => unknown)[] = [];
  return {
    add(end) {
      endings.push(end);
    },
    async endAll() {
      for (const end of endings.splice(0).reverse()) {
        try {
          await end();
        } catch (cause) {
          log.warn({ cause }, 'not ended cleanly');
        }
      }
    },
  };
}
