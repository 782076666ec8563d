import { z } from 'zod';
import { second } from '../../shared/time.ts';
import type { Log } from '../../workflow/log.ts';
import type { GateReading, Gates } from '../../workflow/ports/gates.ts';

export type PromGate = {
  readonly name: string;
  /** Base address, without `/api` and without a trailing slash. */
  readonly url: string;
  /** PromQL that answers with something only when it is bad; `$cluster` stands for the cluster's name. */
  readonly query: string;
  readonly token?: string;
};

const timeoutMs = 10 * second;
const maxBytes = 1_000_000;

/** Source: Prometheus, HTTP API v1, instant queries. */
const Answer = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: z.tuple([z.number(), z.string()]),
      }),
    ),
  }),
});

/** Asks each gate of an environment as an alert is asked: whatever its query answers is bad, and nothing is well. */
export function createGates(
  gates: ReadonlyMap<string, readonly PromGate[]>,
  { log }: { readonly log: Log },
): Gates {
  return (environment, cluster) =>
    Promise.all(
      (gates.get(environment) ?? []).map(async (gate): Promise<GateReading> => {
        const { name } = gate;
        try {
          return { name, ...readingOf(await ask(gate, cluster)) };
        } catch (cause) {
          log.warn({ gate: name, cluster, cause }, 'gate not checked');
          return { name, verdict: 'not-checked', evidence: `${name} did not answer (PromQL)` };
        }
      }),
    );

  function readingOf(found: z.infer<typeof Answer>['data']['result']) {
    const [first] = found;
    if (first === undefined) return { verdict: 'well' as const, evidence: 'nothing (PromQL)' };
    const labels = Object.entries(first.metric)
      .slice(0, 4)
      .map(([key, value]) => `${key}=${value}`)
      .join(' ');
    const more = found.length === 1 ? '' : `, and ${found.length - 1} more`;
    const of = labels === '' ? '' : ` of ${labels}`;
    return {
      verdict: 'breached' as const,
      evidence: `the alarm says ${first.value[1]}${of}${more} (PromQL)`.slice(0, 300),
    };
  }
}

/** @throws Error when it does not answer, refuses, or answers something else than a vector. */
async function ask({ url, query, token }: PromGate, cluster: string) {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: new URLSearchParams({ query: query.replaceAll('$cluster', cluster) }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxBytes) throw new Error('the answer is longer than a megabyte');
  }
  if (!response.ok) throw new Error(`it answered ${response.status}: ${text.slice(0, 200)}`);
  return Answer.parse(JSON.parse(text)).data.result;
}
