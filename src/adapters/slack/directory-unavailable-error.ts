/** Slack could not say who somebody is or who is in a group. Nothing may be decided on it; a later try may help. */
export class DirectoryUnavailableError extends Error {
  override readonly name = 'DirectoryUnavailableError';

  /** @param asked such as `users.info U0123`. */
  constructor(asked: string, { cause }: { readonly cause: unknown }) {
    super(`Slack could not say: ${asked}`, { cause });
  }
}
