import { compareReleases, familyOf } from '../../images/releases.ts';
import type { Rollout } from '../../rollout/rollout.ts';
import { hasMerged } from '../../rollout/rollout.ts';
import { rolloutIdOf } from '../../rollout/rollout-id.ts';
import type { RolloutId, SlackUserId } from '../../shared/ids.ts';
import { ReleaseId } from '../../shared/ids.ts';
import { beginRollout } from '../begin-rollout.ts';
import { plansOf } from '../environment-plans.ts';
import { policyOf } from '../fleet.ts';
import { floatingPins } from '../floating-pins.ts';
import { keptBack } from '../kept-back.ts';
import { closedBy, reached } from '../reached-fleet.ts';
import { recallHistory } from '../recalls.ts';
import type { World } from '../world.ts';
import { pinScope } from './pin-scope.ts';
import { whyNotRunning } from './still-running.ts';

export type PinnedNow =
  | { readonly kind: 'opened' | 'exists'; readonly rollout: RolloutId }
  | { readonly kind: 'refused'; readonly why: string };

/**
 * Proposes to set the `@latest` of a cluster to the release that all its nodes run now: a rollout like any other, with
 * the environment's approvals, which changes the alias and no node.
 */
export async function pinNow(
  asWritten: World,
  cluster: string,
  release: ReleaseId,
  by: SlackUserId,
): Promise<PinnedNow> {
  const { world, watched, silence } = await reached(asWritten, await asWritten.pins.read());
  const unheard = closedBy(silence);
  if (unheard !== undefined) return refused(unheard);
  const { fleet, journal } = world;
  const floating = await floatingPins(world, watched, cluster, release);
  if (floating.length === 0) return refused(`no pin of ${cluster} says @latest any more`);
  const environment = floating[0]?.at.environment ?? '';
  if (policyOf(fleet, environment)?.mode === 'observe')
    return refused(`Amiable only observes ${environment}`);
  const against =
    (await whyNotFit(world, release)) ?? (await whyNotRunning(world, floating, release));
  if (against !== undefined) return refused(against);
  const environments = plansOf(world, watched, floating);
  const family = familyOf(release);
  const scope = pinScope(fleet.scope, cluster);
  for (let attempt = 1; ; attempt += 1) {
    const named = { family, release, scope, attempt };
    const id = rolloutIdOf(named);
    const { rollout } = await journal.refresh(id);
    if (rollout?.outcome !== undefined) continue;
    if (rollout !== undefined) return { kind: 'exists', rollout: id };
    // It runs there already: its age protects nobody.
    const open = { ...named, environments, by, pinsCluster: cluster, releasedAt: 0 };
    const opened = await beginRollout(world, open, { kind: 'slack', id: by });
    return { kind: opened ? 'opened' : 'exists', rollout: id };
  }
}

/** A release that is not fit to run must not be made to stay. */
async function whyNotFit(world: World, release: ReleaseId): Promise<string | undefined> {
  const same = (one: { readonly release: ReleaseId }) =>
    compareReleases(one.release, release) === 0;
  const recall = (await recallHistory(world)).standing.find(same);
  if (recall !== undefined) return `${release} was taken back: ${recall.detail}`;
  const denial = world.fleet.denied.find(same) ?? (await keptBack(world)).bad.find(same);
  return denial === undefined ? undefined : `${release} is not to be run: ${denial.reason}`;
}

/** What runs has moved on: a proposal to pin the release before would take nodes back. */
export async function supersedePinning(
  { journal, store, clock }: Pick<World, 'journal' | 'store' | 'clock'>,
  open: readonly Rollout[],
  cluster: string,
  runs: readonly string[],
): Promise<void> {
  for (const rollout of open) {
    if (rollout.pinsCluster !== cluster || hasMerged(rollout)) continue;
    const newer = runs
      .flatMap((what) => ReleaseId.safeParse(what).data ?? [])
      // Another class of the cluster may follow another family: that says nothing of this pin.
      .find((what) => what !== rollout.release && familyOf(what) === rollout.family);
    if (newer === undefined) continue;
    await journal.execute(
      rollout.id,
      { type: 'Supersede', newer, now: clock.now() },
      { actor: { kind: 'amiable' } },
    );
    await store.heads.wake(rollout.id, clock.now());
  }
}

function refused(why: string): PinnedNow {
  return { kind: 'refused', why };
}
