import type { Change } from '../../../src/rollout/change.ts';
import { digestOf } from '../../../src/rollout/change.ts';
import type { EnvironmentPolicy } from '../../../src/rollout/policy.ts';
import { policyHash } from '../../../src/rollout/policy.ts';
import type { Digest } from '../../../src/shared/ids.ts';

// The same few changes come again and again, and hashing them was most of the time the model took.
const changes = new Map<string, Change>();
const digests = new WeakMap<Change, Digest>();
const hashes = new WeakMap<EnvironmentPolicy, string>();

/** A change computed once for a key that says all it is made of. */
export function changeKept(key: string, compute: () => Change): Change {
  const known = changes.get(key) ?? compute();
  changes.set(key, known);
  return known;
}

export function digestKept(change: Change): Digest {
  const digest = digests.get(change) ?? digestOf(change);
  digests.set(change, digest);
  return digest;
}

export function hashKept(policy: EnvironmentPolicy): string {
  const hash = hashes.get(policy) ?? policyHash(policy);
  hashes.set(policy, hash);
  return hash;
}
