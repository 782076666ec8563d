import type { Clock } from '../../shared/time.ts';
import { day, minute, second } from '../../shared/time.ts';
import type { Page, Pages } from '../../workflow/ports/pages.ts';
import { PageNotSentError } from './page-not-sent-error.ts';

/** Where pages go; `url` without a trailing slash. */
export type PageTarget =
  | { readonly kind: 'alertmanager'; readonly url: string; readonly token?: string }
  | { readonly kind: 'pagerduty'; readonly url: string; readonly routingKey: string }
  | { readonly kind: 'webhook'; readonly url: string; readonly token?: string };

const timeoutMs = 10 * second;
/** An alert that nobody repeats ends by itself after so long; Alertmanager's own clients repeat every minute or so. */
const alertLastsMs = 15 * minute;
/** A rollout that merged something else ends, and is looked at no more: nobody repeats its alert. */
const lastAlertMs = 30 * day;

/** Pages by HTTP. Each request names the condition by its key, so that sending twice is the same alert. */
export function createPages(target: PageTarget, clock: Pick<Clock, 'now'>): Pages {
  switch (target.kind) {
    case 'alertmanager': {
      const send = (page: Page, endsAt: number) =>
        post(`${target.url}/api/v2/alerts`, [alertOf(page, endsAt)], target.token);
      return {
        repeatMs: alertLastsMs,
        fire: (page) =>
          send(
            page,
            clock.now() + (page.condition === 'merged-differs' ? lastAlertMs : alertLastsMs),
          ),
        resolve: (page) => send(page, clock.now()),
      };
    }
    case 'pagerduty': {
      const send = (page: Page, action: 'trigger' | 'resolve') =>
        post(`${target.url}/v2/enqueue`, eventOf(page, action, target.routingKey));
      return { fire: (page) => send(page, 'trigger'), resolve: (page) => send(page, 'resolve') };
    }
    case 'webhook': {
      const send = (page: Page, status: 'firing' | 'resolved') =>
        post(target.url, { version: 1, status, ...page, since: iso(page.since) }, target.token);
      return { fire: (page) => send(page, 'firing'), resolve: (page) => send(page, 'resolved') };
    }
  }
}

/** Source: Alertmanager, API v2, `postableAlerts`. The labels are its identity, so nothing in them may change. */
function alertOf(page: Page, endsAt: number) {
  const { condition, rollout, release, environment, cluster, summary, since } = page;
  return {
    labels: {
      alertname: `Amiable${condition.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())}`,
      severity: 'critical',
      rollout,
      release,
      environment,
      ...(cluster === undefined ? {} : { cluster }),
    },
    annotations: { summary },
    startsAt: iso(since),
    endsAt: iso(Math.max(endsAt, since)),
  };
}

/** Source: PagerDuty, Events API v2. `dedup_key` has at most 255 characters and `summary` 1,024. */
function eventOf(page: Page, action: 'trigger' | 'resolve', routingKey: string) {
  const { key, condition, rollout, release, environment, cluster, summary, since } = page;
  return {
    routing_key: routingKey,
    event_action: action,
    dedup_key: key.slice(0, 255),
    ...(action === 'resolve'
      ? {}
      : {
          payload: {
            summary,
            source: cluster ?? environment,
            severity: 'critical',
            timestamp: iso(since),
            component: 'amiable',
            class: condition,
            custom_details: { rollout, release, environment },
          },
        }),
  };
}

async function post(url: string, body: unknown, token?: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'amiable',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    throw new PageNotSentError('The pager did not answer', { cause });
  }
  // what it says is of no use, and must not be kept waiting for
  await response.body?.cancel();
  if (!response.ok) throw new PageNotSentError(`The pager answered ${response.status}`);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
