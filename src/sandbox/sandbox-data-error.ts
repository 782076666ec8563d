/** The folder of the sandbox cannot be used as it is; the message says what to do. */
export class SandboxDataError extends Error {
  override readonly name = 'SandboxDataError';
}
