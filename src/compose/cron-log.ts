import type { Logger } from 'node-cron';
import type { Log } from '../workflow/log.ts';

/**
 * What node-cron says, in our log: by itself it writes coloured lines to the console. That a tick came late is no
 * trouble, as the next one finds all that is due; too many of them mean a processor that is too small.
 */
export function cronLog(log: Log): Logger {
  return {
    info: (said) => log.info({ said }, 'the scheduler says'),
    warn: (said) => log.warn({ said }, 'the scheduler warns'),
    error: (said, cause) =>
      log.error(
        { cause: cause ?? (said instanceof Error ? said : undefined), said: String(said) },
        'the scheduler failed',
      ),
    debug() {},
  };
}
