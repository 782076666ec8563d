import { compareReleases } from '../src/images/releases.ts';
import { badText, scopeText } from '../src/rollout/hold.ts';
import type { DecisionRule } from '../src/rollout/policy.ts';
import type { ReleaseId } from '../src/shared/ids.ts';
import { freeze, refuseGlobally, unfreeze } from '../src/workflow/freeze.ts';
import { forgetKeptBack } from '../src/workflow/held-pins.ts';
import { clearBad, liftHold, markBad, setHold } from '../src/workflow/kept-back.ts';
import { openRollouts } from '../src/workflow/open-rollouts.ts';
import type { Actor } from '../src/workflow/ports/store.ts';
import type { World } from '../src/workflow/world.ts';
import { anyOf } from './authority.ts';
import type { Outcome } from './outcome.ts';
import type { GlobalRequest } from './person-request.ts';

type Deciding = Pick<World, 'clock' | 'fleet' | 'journal' | 'people' | 'store'>;

/** What holds for every rollout: whoever may stop the environments it concerns may keep them back. */
export async function globally(
  world: Deciding,
  request: GlobalRequest,
  cause: string,
  actor: Actor,
): Promise<Outcome> {
  const { by, kind: wanted } = request;
  const rule = ruleOf(world, request);
  const may = await world.people.authority(by, rule);
  if (may !== 'yes') {
    const code =
      may === 'no' ? 'not-allowed-to-stop' : may === 'unknown' ? 'cannot-check' : 'guest-or-bot';
    const stored = await refuseGlobally(world, { by, wanted, reason: code, cause, actor });
    return { refusal: { code, fleet: true }, rule, stored };
  }
  const stored = await decided(world, request, { cause, actor });
  forgetKeptBack(world.store);
  return { stored, rule };
}

async function decided(
  world: Deciding,
  request: GlobalRequest,
  { cause, actor }: { readonly cause: string; readonly actor: Actor },
): Promise<boolean> {
  switch (request.kind) {
    case 'freeze':
      return freeze(world, { by: request.by, reason: request.reason, cause, actor });
    case 'unfreeze':
      return unfreeze(world, { by: request.by, cause, actor });
    case 'hold': {
      const { scope, until, reason, by } = request;
      return setHold(world, { ...scope, until, reason, by, cause, actor });
    }
    case 'unhold':
      return liftHold(world, { ...request.scope, by: request.by, cause, actor });
    case 'mark-bad': {
      const { release, where, reason, by } = request;
      const stored = await markBad(world, { release, ...where, reason, by, cause, actor });
      if (stored) await warnRollouts(world, release, `marked bad: ${reason}`);
      return stored;
    }
    case 'clear-bad':
      return clearBad(world, { release: request.release, by: request.by, cause, actor });
  }
}

/** What was approved of the release elsewhere was approved on less: it is asked again. */
async function warnRollouts(
  world: Pick<World, 'clock' | 'journal' | 'store'>,
  release: ReleaseId,
  because: string,
): Promise<void> {
  for (const rollout of await openRollouts(world)) {
    if (compareReleases(rollout.release, release) !== 0) continue;
    await world.journal.execute(
      rollout.id,
      { type: 'RaiseRisk', level: 'high', because, now: world.clock.now() },
      { actor: { kind: 'amiable' } },
    );
  }
}

/** A cluster is its environment's; whatever may be in several is all theirs. */
function ruleOf({ fleet }: Pick<World, 'fleet'>, request: GlobalRequest): DecisionRule {
  const cluster =
    request.kind === 'hold' || request.kind === 'unhold'
      ? request.scope.kind === 'cluster'
        ? request.scope.name
        : request.scope.cluster
      : undefined;
  const home = fleet.clusters.find(({ name }) => name === cluster)?.environment;
  const policies =
    home === undefined ? fleet.policies : fleet.policies.filter(({ name }) => name === home);
  return anyOf(policies.map(({ recovery }) => recovery));
}

/** What everybody is told of it; `undefined` where the cards say it all. */
export function announcement(request: GlobalRequest, now: number): string | undefined {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  switch (request.kind) {
    case 'hold': {
      const until = Math.min(request.until, now + 90 * 24 * 3_600_000);
      return `${scopeText(request.scope)} is held until ${day(until)}: ${request.reason}`;
    }
    case 'unhold':
      return `${scopeText(request.scope)} is no longer held`;
    case 'mark-bad':
      return `${badText({ release: request.release, ...request.where })} is marked bad: ${request.reason}`;
    case 'clear-bad':
      return `${request.release} is no longer marked bad`;
    case 'freeze':
    case 'unfreeze':
      return undefined;
  }
}
