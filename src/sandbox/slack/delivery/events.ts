import { type Clock, minute } from '../../../shared/time.ts';
import type { JsonObject } from '../blocks/check.ts';
import type { Stamps } from '../stamps.ts';
import { standInApp } from '../workspace.ts';
import type { Answer, Transport } from './transport.ts';

/** Slack repeats an event nobody acknowledged at once, after a minute and after five. */
const retryAfterMs = [0, minute, 5 * minute];

export type Events = ReturnType<typeof createEvents>;

/** The Events API: wraps an event, delivers it and repeats it while nobody acknowledges it. */
export function createEvents({
  transport,
  clock,
  stamps,
  signal,
}: {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly stamps: Stamps;
  readonly signal: AbortSignal;
}) {
  const under = new Set<Promise<void>>();

  const retry = async (payload: JsonObject, first: Answer): Promise<void> => {
    let answer = first;
    for (const [i, ms] of retryAfterMs.entries()) {
      if (answer.acknowledged || answer.noRetry === true) return;
      await clock.sleep(ms, signal);
      if (signal.aborted) return;
      const { reason } = answer;
      answer = await transport.send({
        kind: 'events_api',
        payload,
        retry: { attempt: i + 1, reason },
      });
    }
  };

  return {
    /** Resolves with the first answer; repeats go on in the background. */
    async send(event: JsonObject): Promise<Answer> {
      const payload = wrapped(event, clock, stamps);
      const first = await transport.send({ kind: 'events_api', payload });
      const rest = retry(payload, first);
      under.add(rest);
      void rest.finally(() => under.delete(rest));
      return first;
    },
    /** Resolves once every repeat has been given up or acknowledged. */
    settled: async () => void (await Promise.all(under)),
  };
}

function wrapped(event: JsonObject, clock: Clock, stamps: Stamps): JsonObject {
  return {
    token: 'sandbox',
    team_id: standInApp.teamId,
    api_app_id: standInApp.appId,
    type: 'event_callback',
    event_id: stamps.id('Ev'),
    event_time: Math.floor(clock.now() / 1_000),
    event,
    authorizations: [
      {
        enterprise_id: null,
        team_id: standInApp.teamId,
        user_id: standInApp.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${stamps.secret()}`,
  };
}
