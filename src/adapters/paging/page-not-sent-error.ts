/** The pager did not take a page. It is sent again with the next look. */
export class PageNotSentError extends Error {
  override readonly name = 'PageNotSentError';
}
