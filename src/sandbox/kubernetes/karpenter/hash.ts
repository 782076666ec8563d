import { canonicalJson, type Json, sha256 } from '../../../shared/canonical.ts';

/** A number as text that changes with the value; Karpenter's own hash looks the same and is computed otherwise. */
export function hashOf(
  value: Readonly<Record<string, unknown>>,
  without: readonly string[] = [],
): string {
  const kept = Object.fromEntries(Object.entries(value).filter(([key]) => !without.includes(key)));
  return BigInt(`0x${sha256(canonicalJson(kept as Json)).slice(0, 16)}`).toString();
}
