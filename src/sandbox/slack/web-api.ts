import type { Instant } from '../../shared/time.ts';
import type { FaultKind, Faults } from '../faults.ts';
import { isObject, type JsonObject } from './blocks/check.ts';
import { appMethods } from './methods/app.ts';
import { chatMethods } from './methods/chat.ts';
import { fileMethods } from './methods/files.ts';
import {
  type Args,
  failed,
  type Method,
  type Reply,
  type SlackWorld,
  word,
} from './methods/method.ts';
import { peopleMethods } from './methods/people.ts';
import { viewMethods } from './methods/views.ts';
import type { RateLimits } from './rate-limits.ts';

/** How a call is answered on the wire. */
export type Answered =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly scopes: string }
  | { readonly kind: 'limited'; readonly retryAfter: number }
  | { readonly kind: 'status'; readonly status: number }
  /** The call was carried out, and the connection ends without an answer. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'hang' };

type Served = {
  readonly method: string;
  /** `ok`, Slack's error, or what happened to the connection. */
  readonly outcome: string;
  readonly at: Instant;
  /** The message it was about, where it named one. */
  readonly message?: string;
};

export type WebApi = ReturnType<typeof createWebApi>;

/** The faults that make sense for a request. */
const httpFaults: readonly FaultKind[] = ['lost-reply', 'rate-limited', 'error-500', 'hang'];

/** Seconds an ordered rate limit asks for. */
const orderedRetryAfter = 5;

/** Slack's Web API: token, scope and rate limit first, then the method. */
export function createWebApi({
  world,
  botToken,
  appToken,
  scopes,
  rateLimits,
  faults,
  connect,
}: {
  readonly world: SlackWorld;
  readonly botToken: string;
  readonly appToken: string;
  readonly scopes: readonly string[];
  readonly rateLimits: RateLimits;
  readonly faults: Faults;
  /** Makes the address of a new Socket Mode connection. */
  readonly connect: () => string;
}) {
  const methods: Readonly<Record<string, Method>> = {
    ...appMethods,
    ...chatMethods,
    ...viewMethods,
    ...peopleMethods,
    ...fileMethods,
    'apps.connections.open': {
      token: 'app',
      scope: 'connections:write',
      run: () => ({ ok: true, url: connect() }),
    },
  };
  const served: Served[] = [];

  const refusal = (method: Method, token: string | undefined, args: Args): Reply | undefined => {
    if (method.token === 'none') return undefined;
    if (token === undefined) return failed('not_authed');
    if (token !== botToken && token !== appToken) return failed('invalid_auth');
    if (token !== (method.token === 'bot' ? botToken : appToken))
      return failed('not_allowed_token_type');
    const granted = method.token === 'app' ? ['connections:write'] : scopes;
    const needed = typeof method.scope === 'function' ? method.scope(world, args) : method.scope;
    return needed === undefined || granted.includes(needed)
      ? undefined
      : failed('missing_scope', { needed, provided: granted.join(',') });
  };

  const answer = (name: string, token: string | undefined, args: Args): Answered => {
    const fault = faults.take(name, httpFaults);
    if (fault === 'hang') return { kind: 'hang' };
    if (fault === 'error-500') return { kind: 'status', status: 503 };
    if (fault === 'rate-limited') return { kind: 'limited', retryAfter: orderedRetryAfter };
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    const reply = (said: Reply): Answered =>
      fault === 'lost-reply'
        ? { kind: 'cut' }
        : { kind: 'reply', reply: said, scopes: scopes.join(',') };
    if (method === undefined) return reply(failed('unknown_method', { req_method: name }));
    const no = refusal(method, token, args);
    if (no !== undefined) return reply(no);
    const retryAfter = rateLimits.secondsToWait(name, word(args, 'channel'));
    return retryAfter > 0 ? { kind: 'limited', retryAfter } : reply(method.run(world, args));
  };

  return {
    call(name: string, token: string | undefined, args: Args): Answered {
      const answered = answer(name, token, args);
      const ts = word(args, 'ts');
      const message = ts === undefined ? {} : { message: ts };
      served.push({
        method: name,
        outcome: outcomeOf(answered),
        at: world.clock.now(),
        ...message,
      });
      return answered;
    },
    /** Calls so far, oldest first. */
    served: () => served,
  };
}

function outcomeOf(answered: Answered): string {
  if (answered.kind !== 'reply') return answered.kind;
  return answered.reply.ok ? 'ok' : String(answered.reply['error']);
}

/** Arguments of a call: a form with JSON in its fields, or JSON altogether. Others Slack does not read. */
export function argsOf(contentType: string, body: string): JsonObject {
  if (contentType.startsWith('application/json')) {
    try {
      const value: unknown = JSON.parse(body);
      return isObject(value) ? value : {};
    } catch {
      return {};
    }
  }
  return Object.fromEntries(new URLSearchParams(body));
}
