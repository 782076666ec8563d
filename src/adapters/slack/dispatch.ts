import type { App, ReceiverEvent } from '@slack/bolt';
import type { Log } from './sdk-logger.ts';

/** Hands what Slack sent to Bolt, and keeps count, so that a stop can wait for what is under way. */
export function createDispatch(log: Log) {
  let app: App | undefined;
  const under = new Set<Promise<void>>();

  const process = async (
    event: ReceiverEvent,
    send: (answer: unknown) => Promise<void>,
  ): Promise<void> => {
    if (app === undefined) throw new Error('The receiver has no app yet');
    let acknowledged = false;
    const ack = async (answer?: unknown) => {
      if (acknowledged) {
        log.warn({ type: event.body['type'] }, 'slack payload acknowledged twice');
        return;
      }
      acknowledged = true;
      await send(answer);
    };
    await app.processEvent({ ...event, ack });
    // Nobody handles it: without this the person waits three seconds for a warning sign.
    if (!acknowledged) {
      log.warn(
        { type: event.body['type'], about: aboutOf(event.body) },
        'slack payload nobody handles',
      );
      await ack();
    }
  };

  return {
    init(its: App): void {
      app = its;
    },
    /** Resolves once handled; rejects with what a handler threw. `send` carries the acknowledgement, once. */
    process(
      event: Omit<ReceiverEvent, 'ack'>,
      send: (answer: unknown) => Promise<void>,
    ): Promise<void> {
      const handling = process({ ...event, ack: () => Promise.resolve() }, send);
      const settled: Promise<void> = handling.catch(() => {}).finally(() => under.delete(settled));
      under.add(settled);
      return handling;
    },
    /** Resolves once nothing is under way any more, or after `withinMs` of real time. */
    async drained(withinMs: number): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([Promise.all(under), late]);
      clearTimeout(timer);
    },
  };
}

/** Which of our names it carries, for the log. */
function aboutOf(body: ReceiverEvent['body']): unknown {
  return (
    body['actions']?.[0]?.action_id ??
    body['view']?.callback_id ??
    body['command'] ??
    body['event']?.type
  );
}
