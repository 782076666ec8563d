import { canonicalJson, sha256 } from '../shared/canonical.ts';
import { RolloutId } from '../shared/ids.ts';

/** Names a rollout by what it is, so that two replicas that find the same release open the same one. */
export function rolloutIdOf({
  family,
  release,
  scope,
  attempt,
}: {
  readonly family: string;
  readonly release: string;
  readonly scope: string;
  readonly attempt: number;
}): RolloutId {
  // These four alone: whoever has more at hand names the same rollout.
  const name = canonicalJson({ family, release, scope, attempt });
  return RolloutId.parse(`ro_${sha256(name).slice(0, 10)}`);
}
