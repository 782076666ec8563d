/**
 * `fetch` with a time limit over the whole exchange, body included: Octokit takes a body that breaks off for an empty
 * one. A request that ran into the limit fails as aborted, which no retry plug-in repeats.
 */
export function boundedFetch(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(input, { ...init, signal: limit });
      const { status, statusText, headers } = response;
      const body = await response.arrayBuffer();
      const bare = status === 204 || status === 205 || status === 304;
      return new Response(bare ? null : body, { status, statusText, headers });
    } catch (cause) {
      if (!limit.aborted) throw cause;
      const error = new Error(`no answer within ${timeoutMs} ms`, { cause });
      error.name = 'AbortError';
      throw error;
    }
  };
}
