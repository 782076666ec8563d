/** A structured log: fields, and a constant message that can be counted. `error` means that a person must act now. */
export type Log = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
};

export const silentLog: Log = { info() {}, warn() {}, error() {} };
