import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { RolloutId } from '../shared/ids.ts';

/** Names a rollout by what it is, so that two replicas that find the same release open the same one. */
export function rolloutIdOf(of: {
  readonly family: string;
  readonly release: string;
  readonly scope: string;
  readonly attempt: number;
}): RolloutId {
  return RolloutId.parse(`ro_${sha256(canonicalJson(of)).slice(0, 10)}`);
}
