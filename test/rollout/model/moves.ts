import fc from 'fast-check';
import type { PersonCommand } from '../../../src/rollout/command.ts';
import { environmentNamed } from '../../../src/rollout/rollout.ts';
import { isToMerge } from '../../../src/rollout/wave.ts';
import { ReleaseId } from '../../../src/shared/ids.ts';
import { day, hour, minute } from '../../../src/shared/time.ts';
import { execute } from './execute.ts';
import type { Pull } from './git.ts';
import { mergePull } from './git.ts';
import { demand } from './ledger.ts';
import { look } from './look.ts';
import { recoveryPlans } from './recovery-plans.ts';
import type { Sim } from './sim.ts';
import { mayDecide } from './sim.ts';
import { firstTeams, freezeOf, outsiders, people } from './spec.ts';

/** What a person does; `pick` chooses among what there is, `staleBy` clicks a card of so many asks ago. */
export type PersonMove = {
  readonly person:
    | 'approve'
    | 'withdraw'
    | 'reject'
    | 'snooze'
    | 'wake'
    | 'pause'
    | 'brake'
    | 'resume'
    | 'accept'
    | 'merge'
    | 'expedite'
    | 'switch'
    | 'roll-back';
  readonly who: string;
  readonly pick: number;
  readonly staleBy: number;
};

/** Moves told relative to the state, so that most of them mean something in it. */
export type Move =
  | PersonMove
  /** Looks so often, each time when it said it would. */
  | { readonly look: number }
  /** Somebody does something while a look is under way, after so many of its steps. */
  | { readonly race: PersonMove; readonly at: number }
  /** Somebody who may takes back what has moved. */
  | { readonly back: number }
  /** The ask that is open gets all it needs. */
  | { readonly agree: number }
  | { readonly wait: number }
  /** What was broken works again. */
  | { readonly calm: true }
  | { readonly world: WorldMove; readonly pick: number };

const laterRelease = ReleaseId.parse('al2023@v20261125');
const worldMoves = [
  'merge-by-hand',
  'close-by-hand',
  'push-foreign',
  'move-pin',
  'revert-pin',
  'edit-around-pin',
  'change-count',
  'change-waves',
  'change-order',
  'change-freeze',
  'change-team',
  'risk-raised',
  'approver-leaves',
  'approver-returns',
  'slack-down',
  'slack-up',
  'freeze',
  'unfreeze',
  'merge-refused',
  'merge-half',
  'merge-crash',
  'merge-works',
  'checks-pending',
  'checks-green',
  'nodes-well',
  'nodes-slow',
  'nodes-broken',
  'nodes-none',
  'newer-release',
  'recall',
] as const;
const upsetting = ['edit-around-pin', 'push-foreign', 'change-count', 'change-waves'] as const;
type WorldMove = (typeof worldMoves)[number];

const pick = fc.nat({ max: 11 });
const who = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...people) },
  { weight: 1, arbitrary: fc.constantFrom(...outsiders) },
);

const personMove: fc.Arbitrary<PersonMove> = fc.record({
  person: fc.oneof(
    { weight: 5, arbitrary: fc.constant('approve' as const) },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        ...([
          'withdraw',
          'merge',
          'snooze',
          'wake',
          'pause',
          'brake',
          'resume',
          'roll-back',
          'accept',
          'expedite',
        ] as const),
      ),
    },
    // It ends what it meets, and the run with it.
    {
      weight: 1,
      arbitrary: fc.constantFrom('reject' as const, 'reject' as const, 'switch' as const),
    },
  ),
  who,
  pick,
  staleBy: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.constantFrom(1, -1)),
});

export const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ look: fc.integer({ min: 1, max: 12 }) }) },
  { weight: 5, arbitrary: fc.record({ agree: pick }) },
  { weight: 1, arbitrary: fc.record({ back: pick }) },
  { weight: 4, arbitrary: personMove },
  { weight: 3, arbitrary: fc.record({ race: personMove, at: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(minute, hour, 4 * day, 8 * day) }) },
  { weight: 3, arbitrary: fc.constant({ calm: true as const }) },
  { weight: 4, arbitrary: fc.record({ world: fc.constantFrom(...worldMoves), pick }) },
  // What makes approvals fall, and has it asked again.
  { weight: 1, arbitrary: fc.record({ world: fc.constantFrom(...upsetting), pick }) },
);

export function play(sim: Sim, told: Move): void {
  if ('person' in told) act(sim, told);
  else if ('look' in told) lookOften(sim, told.look);
  else if ('race' in told)
    look(sim, (count) => (count === told.at ? act(sim, told.race) : undefined));
  else if ('back' in told) back(sim, told.back);
  else if ('calm' in told) calm(sim);
  else if ('agree' in told) agree(sim, told.agree);
  else if ('wait' in told) sim.now += told.wait;
  else happen(sim, told.world, told.pick);
}

function back(sim: Sim, chosen: number): void {
  act(sim, { person: 'roll-back', who: people[0] ?? '', pick: chosen, staleBy: 0 });
}

/** The world behaves from now on. */
export function calm(sim: Sim): void {
  for (const one of people) sim.approvers.add(one);
  sim.slackUp = true;
  sim.frozen = false;
  sim.merging = 'works';
  sim.checks = 'green';
  sim.nodes = 'well';
  for (const one of people) sim.teams.set(one, firstTeams(one));
}

function lookOften(sim: Sim, times: number): void {
  for (let i = 0; i < times; i += 1) sim.now = look(sim) ?? sim.now + minute;
}

/** Approvers press the newest card until it has what it needs. */
export function agree(sim: Sim, from: number): void {
  for (const { policy, ask, phase } of sim.rollout.environments) {
    if (ask === undefined || phase.name !== 'awaiting-approval') continue;
    people.forEach((_, i) => {
      const by = people[(from + i) % people.length] ?? '';
      act(sim, { person: 'approve', who: by, pick: indexOf(sim, policy.name), staleBy: 0 });
    });
  }
}

/** Where the policy leaves the moment to people, somebody chooses it. */
export function pressMerge(sim: Sim): void {
  const who = people[0] ?? '';
  sim.rollout.environments.forEach((_, pick) => {
    act(sim, { person: 'merge', who, pick, staleBy: 0 });
  });
}

function indexOf({ rollout }: Sim, name: string): number {
  return rollout.environments.findIndex(({ policy }) => policy.name === name);
}

export function act(sim: Sim, told: PersonMove): void {
  const may = mayDecide(sim, told.who);
  const command = commandOf(sim, told, may);
  if (command === undefined) return;
  const mergedBefore = sim.ledger.merged.size > 0;
  const { refusal, events } = execute(sim, command);
  if (command.type === 'RollBack' && may === 'yes') {
    // Nothing that stops forward movement may stand in its way.
    const known = ['nothing-to-roll-back', 'no-way-back', 'already-decided', 'merge-under-way'];
    const done = refusal === undefined && events.length > 0;
    demand(done || known.includes(refusal?.code ?? ''), 'cannot be rolled back');
    demand(refusal?.code !== 'merge-under-way' || !mergedBefore, 'is held by a merge elsewhere');
    demand(
      refusal === undefined || command.plans.length === 0 || refusal.code !== 'no-way-back',
      'has a way back and does not take it',
    );
  }
  if (may !== 'yes' && command.type !== 'Withdraw') {
    const recorded = events.every(
      ({ type }) => type === 'ApprovalRefused' || type === 'AttemptRefused',
    );
    demand(recorded, `lets ${told.who} ${told.person}`);
  }
}

function commandOf(
  sim: Sim,
  { person, who: by, pick: chosen, staleBy }: PersonMove,
  may: PersonCommand['may'],
): PersonCommand | undefined {
  const { environments } = sim.rollout;
  const one = environments[chosen % environments.length];
  const environment = one?.policy.name ?? '';
  const ask = (one?.ask?.number ?? 0) - staleBy;
  const who = { by: by as PersonCommand['by'], may };
  const lapsed = (one?.expedite?.requests ?? []).flatMap((request) =>
    mayDecide(sim, request.by) === 'yes' ? [] : request.by,
  );
  switch (person) {
    case 'approve':
      return { type: 'Approve', environment, ask, ...who, ...setsOf(sim, environment, by) };
    case 'expedite':
      return { type: 'Expedite', environment, reason: 'it is exploited', ...who, lapsed };
    case 'withdraw':
      return { type: 'Withdraw', environment, ask, ...who };
    case 'reject':
      return { type: 'Reject', environment, ask, reason: 'kernel hang', ...who };
    case 'snooze':
      return { type: 'Snooze', until: sim.now + (1 + chosen) * day, ...who };
    case 'wake':
      return { type: 'Wake', ...who };
    case 'pause':
      return { type: 'Pause', ...who };
    case 'brake':
      return { type: 'Brake', ...who };
    case 'switch':
      return { type: 'Switch', newer: laterRelease, ...who };
    case 'resume':
      return { type: 'Resume', ...who };
    case 'merge':
      return { type: 'Merge', environment, ask, ...who };
    case 'accept':
      return { type: 'AcceptUnapprovedMerge', environment, ...who };
    case 'roll-back':
      return { type: 'RollBack', reason: 'kernel hang', ...recoveryPlans(sim, chosen), ...who };
  }
}

/** What the directory says of their teams, where the rule has sets. */
function setsOf(sim: Sim, environment: string, by: string): { readonly sets?: readonly number[] } {
  const { sets } = environmentNamed(sim.rollout, environment)?.policy.approval ?? {};
  return sets === undefined ? {} : { sets: sim.teams.get(by) ?? [] };
}

function happen(sim: Sim, what: WorldMove, chosen: number): void {
  const { git } = sim;
  const open = git.pulls.filter(({ state }) => state === 'open');
  const pull: Pull | undefined = open[chosen % Math.max(1, open.length)];
  const person = people[chosen % people.length] ?? '';
  switch (what) {
    case 'merge-by-hand':
      if (pull !== undefined) mergePull(git, pull, 'octocat');
      return;
    case 'close-by-hand':
      // Rarer than the rest: it ends what it meets, and the run with it.
      if (pull !== undefined && chosen < 4) Object.assign(pull, { state: 'closed', by: 'octocat' });
      return;
    case 'push-foreign':
      if (pull !== undefined) pull.head = 'theirs';
      return;
    case 'move-pin':
    case 'revert-pin':
    case 'edit-around-pin':
      editPin(sim, what, chosen);
      return;
    case 'risk-raised':
      execute(sim, { type: 'RaiseRisk', level: 'high', because: 'it was recalled' });
      return;
    case 'change-team':
      sim.teams.set(person, [[0], [1], [0, 1]][chosen % 3] ?? []);
      return;
    case 'change-freeze':
    case 'change-count':
    case 'change-waves':
    case 'change-order':
      changePolicy(sim, what, chosen);
      return;
    case 'approver-leaves':
      sim.approvers.delete(person);
      return;
    case 'approver-returns':
      for (const one of people) sim.approvers.add(one);
      return;
    case 'slack-down':
    case 'slack-up':
      sim.slackUp = what === 'slack-up';
      return;
    case 'freeze':
    case 'unfreeze':
      sim.frozen = what === 'freeze';
      return;
    case 'merge-refused':
    case 'merge-half':
    case 'merge-crash':
    case 'merge-works':
      sim.merging = mergings[what];
      return;
    case 'checks-pending':
    case 'checks-green':
      sim.checks = what === 'checks-green' ? 'green' : 'pending';
      return;
    case 'nodes-well':
    case 'nodes-slow':
    case 'nodes-broken':
    case 'nodes-none':
      sim.nodes = nodes[what];
      return;
    case 'recall':
      // seldom: it ends what goes forward for good
      if (chosen === 0) execute(sim, { type: 'Recall', reason: 'recommended no more' });
      return;
    case 'newer-release':
      if (chosen === 0) {
        execute(sim, { type: 'Supersede', newer: laterRelease });
      }
      return;
  }
}

const mergings = {
  'merge-refused': 'refused',
  'merge-half': 'half',
  'merge-crash': 'crash',
  'merge-works': 'works',
} as const;
const nodes = {
  'nodes-well': 'well',
  'nodes-slow': 'slow',
  'nodes-broken': 'broken',
  'nodes-none': 'none',
} as const;

/** Somebody edits the main branch, though never under a wave whose nodes are turning. */
function editPin(
  sim: Sim,
  what: 'move-pin' | 'revert-pin' | 'edit-around-pin',
  chosen: number,
): void {
  const turning = sim.rollout.environments
    .flatMap(({ waves, recoveries }) => [...waves, ...recoveries])
    .filter((wave) => !isToMerge(wave) && wave.phase.name !== 'complete')
    .flatMap(({ clusters }) => clusters);
  const pins = sim.git.pins.filter(({ cluster }) => !turning.includes(cluster));
  const pin = pins[chosen % Math.max(1, pins.length)];
  if (pin === undefined) return;
  if (what === 'edit-around-pin') pin.rest += 1;
  else pin.value = what === 'move-pin' ? sim.rollout.release : 'al2023@v20261021';
}

function changePolicy(
  sim: Sim,
  what: 'change-count' | 'change-waves' | 'change-order' | 'change-freeze',
  chosen: number,
): void {
  const names = [...sim.policies.keys()];
  const index = chosen % names.length;
  const name = names[index] ?? '';
  const policy = sim.policies.get(name) ?? environmentNamed(sim.rollout, name)?.policy;
  if (policy === undefined) return;
  switch (what) {
    case 'change-freeze': {
      const { freezes: _, ...rest } = policy;
      const date = new Date(sim.now).getUTCDate();
      const freezes = chosen % 3 === 0 && date < 29 ? { freezes: [freezeOf(date, 1)] } : {};
      sim.policies.set(name, { ...rest, ...freezes });
      return;
    }
    case 'change-count': {
      // How many the sets need is what they say.
      if (policy.approval.sets !== undefined) return;
      const count = 1 + (chosen % 3);
      sim.policies.set(name, { ...policy, approval: { ...policy.approval, count } });
      return;
    }
    case 'change-waves':
      sim.policies.set(name, {
        ...policy,
        waves: policy.waves.length === 2 ? ['rest'] : [{ clusters: 9 }, 'rest'],
      });
      return;
    case 'change-order':
      // Only after those before it in the file: the configuration refuses circles.
      sim.policies.set(name, { ...policy, after: names.slice(0, index).slice(-(chosen % 3)) });
      return;
  }
}
