import { z } from 'zod';
import { RolloutId } from '../src/shared/ids.ts';

/** What a button points at. A key, never the truth: authority and state are looked up when it is pressed. */
export type CardKey = {
  readonly rolloutId: RolloutId;
  readonly environment?: string;
  readonly ask?: number;
  readonly cluster?: string;
};

const Written = z.object({
  r: RolloutId,
  e: z.string().max(100).optional(),
  a: z.number().int().optional(),
  c: z.string().max(100).optional(),
});

/** Written into a button's `value`; `decodeCardKey` reads it back. */
export function encodeCardKey({ rolloutId, environment, ask, cluster }: CardKey): string {
  return JSON.stringify({
    r: rolloutId,
    ...(environment === undefined ? {} : { e: environment }),
    ...(ask === undefined ? {} : { a: ask }),
    ...(cluster === undefined ? {} : { c: cluster }),
  });
}

const askBlock = 'ask ';

/** Names the row of an ask, for its menu: an option has no room for a key. At most 255 characters. */
export function encodeAskBlock(key: CardKey): string {
  return `${askBlock}${encodeCardKey(key)}`;
}

/** `undefined` for anything that `encodeAskBlock` did not write. */
export function decodeAskBlock(blockId: string): CardKey | undefined {
  return blockId.startsWith(askBlock) ? decodeCardKey(blockId.slice(askBlock.length)) : undefined;
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
  const { r, e, a, c } = written.data;
  return {
    rolloutId: r,
    ...(e === undefined ? {} : { environment: e }),
    ...(a === undefined ? {} : { ask: a }),
    ...(c === undefined ? {} : { cluster: c }),
  };
}
