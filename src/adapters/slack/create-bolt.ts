import { App, type Receiver } from '@slack/bolt';
import { type SlackAccess, writing } from './clients.ts';
import { sdkLogger } from './sdk-logger.ts';

/**
 * Bolt over one of our receivers, ready for handlers to be registered. It asks Slack nothing at start: who our bot is
 * comes from the caller, as Bolt would otherwise call `auth.test` and crash the process when that fails.
 */
export async function createBolt(
  options: SlackAccess & {
    readonly receiver: Receiver;
    readonly botId: string;
    readonly botUserId: string;
  },
): Promise<App> {
  const { token, receiver, botId, botUserId, log } = options;
  const app = new App({
    token,
    receiver,
    botId,
    botUserId,
    tokenVerificationEnabled: false,
    deferInitialization: true,
    convoStore: false,
    attachFunctionToken: false,
    logger: sdkLogger(log),
    clientOptions: writing(options, 2_500),
  });
  // A failed handler must not look handled: the receiver hears of it and withholds the acknowledgement.
  app.error(async (error) => {
    log.error({ err: error }, 'slack handler failed');
    throw error;
  });
  await app.init();
  return app;
}
