import type { Json } from './canonical.ts';

/**
 * A value as storage will give it back: no `undefined`, no class instances, and no half of a surrogate pair (text that
 * was cut inside an emoji has one), which UTF-8 cannot carry and which would make a stored hash wrong.
 */
export function storedJson(value: unknown): Json {
  return JSON.parse(storedText(value)) as Json;
}

/** The same, as text. */
export function storedText(value: unknown): string {
  return JSON.stringify(value, wellFormed);
}

function wellFormed(_: string, member: unknown): unknown {
  return typeof member === 'string' ? member.toWellFormed() : member;
}
