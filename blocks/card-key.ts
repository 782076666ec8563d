import { z } from 'zod';
import { RolloutId } from '../src/shared/ids.ts';

/** What a button points at. A key, never the truth: authority and state are looked up when it is pressed. */
export type CardKey = {
  readonly rolloutId: RolloutId;
  readonly environment?: string;
  readonly ask?: number;
};

const Written = z.object({
  r: RolloutId,
  e: z.string().max(100).optional(),
  a: z.number().int().optional(),
});

/** Written into a button's `value`; `decodeCardKey` reads it back. */
export function encodeCardKey({ rolloutId, environment, ask }: CardKey): string {
  return JSON.stringify({
    r: rolloutId,
    ...(environment === undefined ? {} : { e: environment }),
    ...(ask === undefined ? {} : { a: ask }),
  });
}

/** `undefined` for anything that `encodeCardKey` did not write. */
export function decodeCardKey(text: string): CardKey | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const written = Written.safeParse(json);
  if (!written.success) return undefined;
  const { r, e, a } = written.data;
  return {
    rolloutId: r,
    ...(e === undefined ? {} : { environment: e }),
    ...(a === undefined ? {} : { ask: a }),
  };
}
