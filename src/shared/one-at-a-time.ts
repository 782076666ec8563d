/**
 * Does a thing once at a time: whoever asks while it is under way gets the same answer, or the same error. The next one
 * to ask after that starts it anew.
 */
export function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => {
    underWay ??= work().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
