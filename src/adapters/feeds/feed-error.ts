/** A feed that could not be read, or is not what it should be. What it would have said is not known: never "none". */
export class FeedError extends Error {
  override readonly name = 'FeedError';
}
