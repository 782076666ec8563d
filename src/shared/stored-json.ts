import type { Json } from './canonical.ts';

/**
 * A value as storage will give it back: no `undefined`, no class instances, and no half of a surrogate pair (text that
 * was cut inside an emoji has one), which UTF-8 cannot carry and which would make a stored hash wrong.
 */
export function storedJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value, (_, member: unknown) => wellFormed(member))) as Json;
}

function wellFormed(member: unknown): unknown {
  return typeof member === 'string' ? member.replace(/\p{Surrogate}/gu, '\uFFFD') : member;
}
