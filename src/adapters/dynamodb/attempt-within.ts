/**
 * One attempt, aborted with a `TimeoutError` after `ms` of real time. The timer ends with the attempt: those of
 * `AbortSignal.timeout` outlive it, and each fires later with an error that nobody reads.
 */
export async function attemptWithin<Answer>(
  ms: number,
  send: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError'));
  }, ms);
  try {
    return await send(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
