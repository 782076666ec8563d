import { type Logger, LogLevel } from '@slack/bolt';

/** As pino and the workflow's log: fields first, then a constant message. */
export type Log = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
};

/**
 * What Slack's packages log, in our log. Their debug lines hold whole payloads and headers, so there are none. Their
 * errors become warnings: whether a person must act is decided where the failure is handled.
 */
export function sdkLogger(log: Log): Logger {
  const said = (parts: readonly unknown[]) => ({ said: parts.map(String).join(' ') });
  return {
    debug() {},
    info: (...parts) => log.info(said(parts), 'slack sdk'),
    warn: (...parts) => log.warn(said(parts), 'slack sdk'),
    error: (...parts) => log.warn(said(parts), 'slack sdk'),
    setLevel() {},
    getLevel: () => LogLevel.INFO,
    setName() {},
  };
}
