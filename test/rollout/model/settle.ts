import { isPart } from '../../../src/rollout/fold.ts';
import { hasMergedPart } from '../../../src/rollout/rollout.ts';
import { minute } from '../../../src/shared/time.ts';
import { editsOf, mergePull, pinOf } from './git.ts';
import { hashKept } from './kept.ts';
import { demand } from './ledger.ts';
import { look } from './look.ts';
import { act, agree, calm } from './moves.ts';
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
      demand(open.length === 0, `leaves #${open.at(0)?.number} open for ever`);
      return;
    }
    help(sim);
    sim.now = Math.min(again, sim.now + 10 * minute);
  }
  const phases = sim.rollout.environments.map(
    ({ policy, phase, waves, recoveries }) =>
      `${policy.name} ${phase.name} [${[...waves, ...recoveries].map((wave) => wave.phase.name).join(' ')}]`,
  );
  throw new Error(`A rollout never ends: ${phases.join(', ')}`);
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

/** Where Amiable may only propose, people merge what was approved. */
function unblock(sim: Sim, pull: Sim['git']['pulls'][number]): void {
  const environment = sim.rollout.environments.find(
    ({ policy }) => policy.name === pull.change.environment,
  );
  const proposed =
    environment?.policy.mode === 'propose' &&
    environment.phase.name !== 'awaiting-approval' &&
    environment.waves.some(
      ({ phase, parts }) => phase.name === 'pull-request' && parts.some(isPart(pull)),
    );
  if (proposed && pull.state === 'open') mergePull(sim.git, pull, 'octocat');
}
