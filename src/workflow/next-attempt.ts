import { familyOf } from '../images/releases.ts';
import type { Outcome } from '../rollout/rollout.ts';
import { rolloutIdOf } from '../rollout/rollout-id.ts';
import type { ReleaseId } from '../shared/ids.ts';
import { isoOf } from '../shared/time.ts';
import type { World } from './world.ts';

const endWords: Readonly<Record<Outcome['name'], string>> = {
  complete: 'is complete',
  superseded: 'gave way to a later release',
  'rolled-back': 'was rolled back',
  rejected: 'was rejected',
  expired: 'expired before enough people approved',
  closed: 'was closed',
  overtaken: 'was overtaken by an edit by hand',
  failed: 'failed',
  observed: 'was only observed',
  withdrawn: 'was withdrawn',
};

/** The first attempt that is not closed yet, if the release may be offered again now. */
export async function nextAttempt(
  { fleet, journal, clock }: Pick<World, 'fleet' | 'journal' | 'clock'>,
  release: ReleaseId,
  behind: readonly string[],
): Promise<
  | { readonly kind: 'open'; readonly number: number }
  | { readonly kind: 'quiet'; readonly why: string }
> {
  for (let number = 1; ; number += 1) {
    const id = rolloutIdOf({
      family: familyOf(release),
      release,
      scope: fleet.scope,
      attempt: number,
    });
    const { rollout } = await journal.refresh(id);
    if (rollout === undefined) return { kind: 'open', number };
    const { outcome } = rollout;
    if (outcome === undefined) return { kind: 'open', number };
    // Complete without some that were held then: what was kept behind catches up with an attempt of its own.
    const moved = rollout.environments.flatMap(({ waves }) =>
      waves.flatMap((wave) => wave.clusters),
    );
    const catchesUp = behind.length > 0 && behind.every((cluster) => !moved.includes(cluster));
    if (outcome.name === 'complete' && catchesUp) continue;
    // Nobody said no to it: it was withdrawn with its release, which is asked about here because that is good again.
    if (outcome.name === 'withdrawn') continue;
    const name =
      outcome.name === 'rejected' || outcome.name === 'expired' ? outcome.name : 'closed';
    const after = fleet.offerAgainAfter[name];
    if (after === 'never' || clock.now() < outcome.at + after) {
      const again =
        after === 'never' ? 'not offered again' : `offered again from ${isoOf(outcome.at + after)}`;
      return { kind: 'quiet', why: `its rollout ${id} ${endWords[outcome.name]}; it is ${again}` };
    }
  }
}
