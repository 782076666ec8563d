/** A feed that could not be read, or is not what it should be. What it would have said is not known: never "none". */
export class FeedError extends Error {
  override readonly name = 'FeedError';
}

/** Why a feed was not read, for a sentence about what is not known. */
export function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'an unknown failure';
}
