import { isWindowLifted } from '../../../src/rollout/expedite.ts';
import { isPart } from '../../../src/rollout/fold.ts';
import { mergeHours } from '../../../src/rollout/merge-hours.ts';
import { isEnded } from '../../../src/rollout/phases.ts';
import { mayStart } from '../../../src/rollout/promotion.ts';
import { mergesInGitHub } from '../../../src/rollout/pull-request-rule.ts';
import { hasMergedPart } from '../../../src/rollout/wave.ts';
import { minute } from '../../../src/shared/time.ts';
import { editsOf, mergePull, pinOf } from './git.ts';
import { hashKept } from './kept.ts';
import { demand } from './ledger.ts';
import { look } from './look.ts';
import { act, agree, calm, pressMerge } from './moves.ts';
import type { Sim } from './sim.ts';
import { people } from './spec.ts';

/** With looks every half minute and soaks of one minute, far more than any fleet here needs. */
const maxRounds = 400;

/** Looks on, people doing what they are asked to, until the rollout is closed and tidy; throws when it never is. */
export function settle(sim: Sim): void {
  calm(sim);
  for (let round = 0; round < maxRounds; round += 1) {
    const again = look(sim);
    if (again === undefined) {
      const open = sim.git.pulls.filter(({ state }) => state === 'open');
      demand(sim.ledger.braked.size === 0, 'leaves nodes held for ever');
      demand(open.length === 0, `leaves #${open.at(0)?.number} open for ever`);
      return;
    }
    help(sim);
    // Nothing but the clock keeps it: what would be looked at in between is skipped.
    sim.now = Math.max(Math.min(again, sim.now + 10 * minute), onlyLater(sim) ?? 0);
  }
  const phases = sim.rollout.environments.map(
    ({ policy, phase, waves, recoveries }) =>
      `${policy.name} ${phase.name} [${[...waves, ...recoveries].map((wave) => wave.phase.name).join(' ')}]`,
  );
  throw new Error(`A rollout never ends: ${phases.join(', ')}`);
}

/** When the next environment may go on, where all that is open waits for a date. */
function onlyLater({ rollout, policies, now }: Sim): number | undefined {
  const open = rollout.environments.filter(
    (environment) => !isEnded(environment.phase) && mayStart(rollout, environment),
  );
  const dates = open.flatMap((environment): (number | undefined)[] => {
    const { policy, phase, deferred, waves } = environment;
    if (phase.name === 'waiting') return [deferred?.until];
    const next = waves.find((wave) => !isEnded(wave.phase));
    if (next?.phase.name !== 'pull-request') return [undefined];
    const hours = mergeHours(policies.get(policy.name) ?? policy, now, {
      bypass: isWindowLifted(environment),
    });
    return [hours.open ? undefined : hours.opensAt];
  });
  const known = dates.filter((date) => date !== undefined);
  return known.length === dates.length && known.length > 0 ? Math.min(...known) : undefined;
}

function help(sim: Sim): void {
  const { snoozed, paused, environments } = sim.rollout;
  const person = { who: people[0] ?? '', staleBy: 0, pick: 0 };
  if (snoozed !== undefined) act(sim, { ...person, person: 'wake' });
  for (const pull of sim.git.pulls) clearAway(sim, pull);
  // A way back needs nobody: it goes on while everything else is paused.
  if (sim.rollout.rollback !== undefined) return;
  if (paused !== undefined) act(sim, { ...person, person: 'resume' });
  environments.forEach(({ unapprovedMerge }, pick) => {
    if (unapprovedMerge !== undefined) act(sim, { ...person, person: 'accept', pick });
  });
  agree(sim, 0);
  pressMerge(sim);
  for (const pull of sim.git.pulls) unblock(sim, pull);
}

/** What cannot be asked about anew (on the way back, or where half is merged) waits for somebody to close it. */
function clearAway(sim: Sim, pull: Sim['git']['pulls'][number]): void {
  if (pull.state !== 'open') return;
  const policy = sim.policies.get(pull.change.environment);
  const spoilt =
    pull.head !== 'ours' ||
    (policy !== undefined && hashKept(policy) !== pull.change.policy) ||
    editsOf(pull).some(({ repository, clusters: [cluster = ''], from, rest }) => {
      const pin = pinOf(sim.git, repository, cluster);
      return pin.value === from && String(pin.rest) !== rest;
    });
  const half = sim.rollout.environments.some(({ waves }) =>
    waves.some((wave) => hasMergedPart(wave) && wave.parts.some(isPart(pull))),
  );
  const back = pull.branch.endsWith('back');
  if (spoilt && (half || (back && pull.head !== 'ours'))) {
    Object.assign(pull, { state: 'closed', by: 'octocat' });
  }
}

/** Where Amiable may only propose, people merge what was approved; where GitHub decides, what is open. */
function unblock(sim: Sim, pull: Sim['git']['pulls'][number]): void {
  const environment = sim.rollout.environments.find(
    ({ policy }) => policy.name === pull.change.environment,
  );
  const theirs =
    environment !== undefined &&
    (mergesInGitHub(environment.policy) ||
      (environment.policy.mode === 'propose' && environment.phase.name !== 'awaiting-approval'));
  const proposed =
    theirs &&
    environment.waves.some(
      ({ phase, parts }) => phase.name === 'pull-request' && parts.some(isPart(pull)),
    );
  if (proposed && pull.state === 'open') mergePull(sim.git, pull, 'octocat');
}
