import { adviceFor } from './advice.ts';

/** Names of errors that nobody threw on purpose: where they come from is what helps. */
const plain = new Set(['Error', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

/**
 * An error for whoever typed the command: what the world refused is told in a line a cause, with what to do
 * about the usual ones; a bug of ours with its stack.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node and Slack's client name the trouble in `code`.
  if (plain.has(error.name) && !('code' in error)) return error.stack ?? error.message;
  const said = [error.message];
  for (let { cause } = error; cause instanceof Error && said.length < 5; cause = cause.cause) {
    if (!said.some((line) => line.includes(cause.message))) said.push(`because: ${cause.message}`);
  }
  const advice = adviceFor(said.join('\n'));
  return [...said, ...(advice === undefined ? [] : [advice])].join('\n');
}
