import { pino } from 'pino';
import type { Config } from '../config/config.ts';
import { startService } from '../main.ts';
import type { Clock } from '../shared/time.ts';
import type { EffectObserver } from '../workflow/effect.ts';
import type { Log } from '../workflow/log.ts';
import { isInUse } from './is-in-use.ts';
import { CommandError } from './output.ts';

/**
 * Runs the service until it is told to end; what is under way is finished first.
 * @throws what kept it from starting; nothing keeps the process alive then.
 */
export async function serve(
  config: Config,
  { clock, onEffect }: { readonly clock: Clock; readonly onEffect?: EffectObserver },
): Promise<void> {
  const log = logOf(config);
  // Until it runs nothing is under way that would have to be finished.
  let stop = (): void => process.exit(0);
  process.once('SIGTERM', () => stop());
  process.once('SIGINT', () => stop());
  const failed = new Promise<Error>((resolve) => {
    process.once('unhandledRejection', (cause) => {
      resolve(cause instanceof Error ? cause : new Error(String(cause)));
    });
  });
  let fatal = (_: Error) => {};
  const refused = new Promise<Error>((resolve) => {
    fatal = resolve;
  });
  const service = await startService(config, {
    clock,
    log,
    onFatal: fatal,
    ...(onEffect === undefined ? {} : { onEffect }),
  }).catch((cause: unknown) => {
    const { port } = config.server;
    throw isInUse(cause)
      ? new CommandError(
          `Port ${port} is in use on this machine: set server.port to another in the configuration.`,
          1,
          { cause },
        )
      : cause;
  });
  const stopped = new Promise<string>((resolve) => {
    stop = () => resolve('signal');
  });
  const why = await Promise.race([stopped, failed, refused]);
  if (why instanceof Error) {
    // A platform starts it again; nothing is lost, because nothing is only in memory.
    log.error({ cause: why }, 'amiable ends');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 5_000).unref();
  }
  await service.stop();
}

/** JSON lines on standard output; errors with their causes. */
function logOf({ log: { level } }: Config): Log {
  const logger = pino({
    level,
    serializers: { cause: pino.stdSerializers.errWithCause, err: pino.stdSerializers.errWithCause },
  });
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
