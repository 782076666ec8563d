import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const time = z.iso.datetime();
/** Source: Alertmanager's OpenAPI, `postableAlerts`. */
const Alerts = z
  .array(
    z.strictObject({
      labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string().min(1)),
      annotations: z.record(z.string(), z.string()).optional(),
      startsAt: time.optional(),
      endsAt: time.optional(),
    }),
  )
  .refine((all) =>
    all.every(({ startsAt = '', endsAt = startsAt }) => Date.parse(endsAt) >= Date.parse(startsAt)),
  );
/** Source: PagerDuty, Events API v2, with its lengths. */
const Event = z.discriminatedUnion('event_action', [
  z.strictObject({
    event_action: z.literal('trigger'),
    routing_key: z.string().length(32),
    dedup_key: z.string().max(255),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: time,
      component: z.string(),
      class: z.string(),
      custom_details: z.record(z.string(), z.string()),
    }),
  }),
  z.strictObject({
    event_action: z.literal('resolve'),
    routing_key: z.string().length(32),
    dedup_key: z.string().min(1).max(255),
  }),
]);

/** Alertmanager and PagerDuty as far as they are asked, and whatever else takes JSON: refuses what the real ones refuse. */
export async function startPagerServer({ token }: { readonly token?: string } = {}) {
  const taken: { readonly path: string; readonly body: unknown }[] = [];
  let failing: number | undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = (code: number) => response.writeHead(code).end('{}');
      const path = request.url ?? '';
      if (failing !== undefined) return answer(failing);
      if (token !== undefined && request.headers.authorization !== `Bearer ${token}`)
        return answer(401);
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      if (path === '/api/v2/alerts' && !Alerts.safeParse(body).success) return answer(400);
      if (path === '/v2/enqueue' && !Event.safeParse(body).success) return answer(400);
      taken.push({ path, body });
      return answer(path === '/v2/enqueue' ? 202 : 200);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    failWith(code: number | undefined) {
      failing = code;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
