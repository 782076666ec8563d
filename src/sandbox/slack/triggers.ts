import type { Clock } from '../../shared/time.ts';
import type { Stamps } from './stamps.ts';
import type { SlackView } from './views.ts';

/** Real time, whatever the speed of the stand-in's clock: the code that must open the modal runs in real time too. */
const lifetimeMs = 3_000;

type Trigger = {
  readonly user: string;
  /** The view it was pressed in, if it was. */
  readonly viewId: string | undefined;
  readonly issuedAt: number;
  exchanged: boolean;
  readonly opened: (view: SlackView) => void;
};

/** What a trigger is worth. The errors are Slack's. */
export type Exchange =
  | {
      readonly ok: true;
      readonly user: string;
      readonly viewId: string | undefined;
      readonly opened: (view: SlackView) => void;
    }
  | {
      readonly ok: false;
      readonly error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id';
    };

export type Triggers = ReturnType<typeof createTriggers>;

/** Trigger ids: three seconds, one use. */
export function createTriggers(clock: Clock, stamps: Stamps) {
  const issued = new Map<string, Trigger>();
  return {
    /** A new trigger; `view` resolves with the modal it opens, or with `undefined` when it expires unused. */
    issue(user: string, viewId?: string) {
      const id = `${Math.floor(clock.now() / 1_000)}.${issued.size + 1}.${stamps.secret()}`;
      let opened: SlackView | undefined;
      let tell: (view: SlackView) => void = () => {};
      const first = new Promise<SlackView>((resolve) => {
        tell = resolve;
      });
      issued.set(id, {
        user,
        viewId,
        issuedAt: clock.monotonic(),
        exchanged: false,
        opened: (view) => {
          opened = view;
          tell(view);
        },
      });
      return { id, opened: () => opened, first };
    },
    exchange(id: string): Exchange {
      const trigger = issued.get(id);
      if (trigger === undefined) return { ok: false, error: 'invalid_trigger_id' };
      if (trigger.exchanged) return { ok: false, error: 'exchanged_trigger_id' };
      if (clock.monotonic() - trigger.issuedAt > lifetimeMs)
        return { ok: false, error: 'expired_trigger_id' };
      trigger.exchanged = true;
      return { ok: true, user: trigger.user, viewId: trigger.viewId, opened: trigger.opened };
    },
  };
}
