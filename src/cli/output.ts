/** Where a command writes, and how it ends. */
export type Output = {
  out(text: string): void;
  err(text: string): void;
};

/** The command ends with this exit code and says why. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly exitCode: number;

  constructor(message: string, exitCode = 1, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}
