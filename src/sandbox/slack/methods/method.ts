import type { Clock } from '../../../shared/time.ts';
import { isObject, type JsonObject, type Problem } from '../blocks/check.ts';
import type { Files } from '../files.ts';
import type { Messages } from '../messages.ts';
import type { Stamps } from '../stamps.ts';
import type { Triggers } from '../triggers.ts';
import type { Views } from '../views.ts';
import type { Workspace } from '../workspace.ts';

/** Everything the methods of the Web API read and change. */
export type SlackWorld = {
  readonly clock: Clock;
  readonly workspace: Workspace;
  readonly messages: Messages;
  readonly views: Views;
  readonly files: Files;
  readonly triggers: Triggers;
  readonly stamps: Stamps;
  /** `http://127.0.0.1:port` of the stand-in. */
  readonly origin: () => string;
  /** Messages older than this cannot be edited; absent: no limit, as most workspaces have it. */
  readonly editWindowMs?: number;
};

/** Arguments as they came: strings from a form, anything from JSON. */
export type Args = JsonObject;

export type Reply = JsonObject & { readonly ok: boolean };

/** A method of the Web API: which token it wants, which scope that must have, and what it does. */
export type Method = {
  readonly token: 'bot' | 'app' | 'none';
  /** A function where it depends on what is asked for. */
  readonly scope?: string | ((world: SlackWorld, args: Args) => string);
  readonly run: (world: SlackWorld, args: Args) => Reply;
};

export function failed(error: string, more: JsonObject = {}): Reply {
  return { ok: false, error, ...more };
}

/** The error for a refused payload; `errors` and `response_metadata` name every problem with its place. */
export function refused(error: string, problems: readonly Problem[]): Reply {
  const errors = problems.map(({ message, pointer }) => `${message} [json-pointer:${pointer}]`);
  return failed(error, {
    ...(error === 'invalid_blocks' ? { errors } : {}),
    response_metadata: { messages: errors.map((one) => `[ERROR] ${one}`) },
  });
}

/** A string argument; absent and empty are the same to Slack. */
export function word(args: Args, name: string): string | undefined {
  const value = args[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function isTrue(args: Args, name: string): boolean {
  const value = args[name];
  return value === true || value === 'true' || value === '1';
}

/** An argument that is JSON inside a form, or plain JSON. */
export function json(args: Args, name: string): { readonly value: unknown } | 'absent' | 'broken' {
  const value = args[name];
  if (value === undefined || value === '') return 'absent';
  if (typeof value !== 'string') return { value };
  try {
    return { value: JSON.parse(value) };
  } catch {
    return 'broken';
  }
}

/** An argument that is an object, as JSON. */
export function jsonObject(args: Args, name: string): JsonObject | undefined {
  const found = json(args, name);
  return typeof found === 'object' && isObject(found.value) ? found.value : undefined;
}

export function missing(name: string): Reply {
  return refused('invalid_arguments', [
    { message: `missing required field: ${name}`, pointer: '' },
  ]);
}

/** One page of a list, as Slack's cursors cut it. `limit` defaults to `size`. */
export function page<T>(
  all: readonly T[],
  args: Args,
  size: number,
): { readonly items: readonly T[]; readonly response_metadata: JsonObject } {
  const from = Number(Buffer.from(word(args, 'cursor') ?? '', 'base64').toString('utf8')) || 0;
  const to = from + Math.min(Number(word(args, 'limit') ?? size), 1_000);
  const next = to < all.length ? Buffer.from(String(to)).toString('base64') : '';
  return { items: all.slice(from, to), response_metadata: { next_cursor: next } };
}
