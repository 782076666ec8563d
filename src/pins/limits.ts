/** Largest file that is read, in bytes; GitHub's contents API stops at the same size. */
export const maxFileBytes = 1024 * 1024;

/** Most YAML documents in one file. */
export const maxDocuments = 1000;

/** Deepest nesting of maps and lists; Kubernetes objects stay below 40. */
export const maxDepth = 100;

/** Most nodes one file may hold after its anchors are followed; a bound on alias bombs. */
export const maxNodes = 200_000;

/** Most tokens the YAML parser is given of one file: about 7,000 lines, half a second. */
export const maxTokens = 50_000;

/** Deepest nesting of YAML inside strings inside YAML. */
export const maxEmbedding = 3;

/** Most pins in one file. */
export const maxPins = 2000;

/** Thrown inside the room when a file exceeds a limit; `findPins` turns it into a refusal. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
}

/** Refuses a file that holds too many pins, before they are collected. */
export function refuseTooMany(pins: readonly unknown[]): void {
  if (pins.length >= maxPins) throw new LimitError(`the file holds more than ${maxPins} pins`);
}
