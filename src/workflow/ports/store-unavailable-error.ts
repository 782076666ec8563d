/** The table could not be reached, or limited us, for longer than the store waits. A retry is safe: reload, decide, append. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';

  /** @param doing what was being done, such as `commit 3 of ro_0123456789`. */
  constructor(doing: string, { cause }: { readonly cause: unknown }) {
    super(`The record store did not answer: ${doing}`, { cause });
  }
}
