import { randomUUID } from 'node:crypto';
import { driftEndsText } from '../../blocks/drift-ends.ts';
import { refusalMessage } from '../../blocks/refusal.ts';
import { carryOut } from '../../handlers/carry-out.ts';
import { findRollout } from '../../handlers/find-rollout.ts';
import type { Outcome } from '../../handlers/outcome.ts';
import { PersonRequest } from '../../handlers/person-request.ts';
import { cloudCaller } from '../compose/cloud-caller.ts';
import { commandLinePeople } from '../compose/command-line-people.ts';
import { fleetOf } from '../compose/fleet.ts';
import { composeStore } from '../compose/store.ts';
import type { Config } from '../config/config.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { systemClock } from '../shared/clock.ts';
import type { RolloutId } from '../shared/ids.ts';
import { refuseGlobally } from '../workflow/freeze.ts';
import { createJournal } from '../workflow/journal.ts';
import { silentLog } from '../workflow/log.ts';
import { openRollouts } from '../workflow/open-rollouts.ts';
import type { Options } from './options.ts';
import type { Output } from './output.ts';
import { CommandError } from './output.ts';
import { chosenClusters, wayBackLines } from './way-back-words.ts';

export type Steering = 'pause' | 'brake' | 'resume' | 'rollback' | 'freeze' | 'unfreeze';

/**
 * Stops, goes on, or takes back from the command line: the authority and the record of a click in Slack, as the person
 * that the caller's cloud identity stands for. The running service carries it on.
 * @throws CommandError (1) when it is refused, (2) when it says too little.
 */
export async function steer(
  verb: Steering,
  typed: string | undefined,
  { reason, clusters }: Pick<Options, 'reason' | 'clusters'>,
  config: Config,
  { out, err }: Output,
): Promise<void> {
  checkWords(verb, reason);
  const seen = { clock: systemClock, log: silentLog };
  const { arn, person } = await cloudCaller(config, systemClock);
  const { people, slackAnswers } = await commandLinePeople(config, seen);
  if (!slackAnswers) err('Slack does not answer: the configuration alone says who may.');
  const { store, close } = await composeStore(config, seen);
  try {
    const world = {
      clock: systemClock,
      fleet: fleetOf(config),
      journal: createJournal(store.rollouts),
      people,
      store,
    };
    const cause = `cli:${randomUUID()}`;
    const actor = { kind: 'cloud', id: arn } as const;
    const found =
      verb === 'freeze' || verb === 'unfreeze' ? undefined : await meant(world, typed, verb);
    const rollout = found?.id;
    const chosen =
      found === undefined || clusters === undefined ? undefined : chosenClusters(found, clusters);
    if (person === undefined) {
      const attempt = { by: arn, reason: 'not-allowed-to-stop', now: systemClock.now() } as const;
      if (verb === 'freeze' || verb === 'unfreeze') {
        await refuseGlobally(world, { ...attempt, wanted: verb, cause, actor });
      } else if (rollout !== undefined) {
        const command = { type: 'RecordAttempt', wanted: wantedOf(verb), ...attempt } as const;
        await world.journal.execute(rollout, command, { actor, cause });
      }
      throw new CommandError(`${arn} is nobody in people of the configuration.`, 1);
    }
    const request = PersonRequest.parse({
      kind: verb === 'rollback' ? 'roll-back' : verb,
      by: person.slack,
      ...(rollout === undefined ? {} : { rollout }),
      ...(reason === undefined ? {} : { reason }),
      ...(chosen === undefined ? {} : { clusters: chosen }),
    });
    const before = rollout && (await world.journal.refresh(rollout)).rollout;
    const outcome = await carryOut(world, request, cause, actor);
    await told(outcome, people);
    const now = systemClock.now();
    const woken = rollout === undefined ? await openOnes(store) : [rollout];
    for (const one of woken) await store.heads.wake(one, now);
    if (!outcome.stored) {
      out('That is so already.');
      return;
    }
    const name = (await people.names([person.slack])).get(person.slack) ?? person.slack;
    out(`${doneWords[verb]} (${name}, ${arn}).`);
    if (verb !== 'rollback' || outcome.rollout === undefined) return;
    for (const line of wayBackLines(outcome.rollout, chosen)) out(line);
    if (verb === 'rollback' && before !== undefined) {
      const spared = driftEndsText(before);
      if (outcome.stored && spared !== '') out(spared);
      const leftOut = outcome.rollout?.rollback?.leftOut ?? [];
      for (const { cluster, why } of outcome.stored ? leftOut : [])
        err(`Left out: ${cluster}: ${why}.`);
    }
  } finally {
    await close();
  }
}

const doneWords: Readonly<Record<Steering, string>> = {
  pause: 'Paused: nothing more is merged until somebody resumes it',
  brake: 'Paused, and the running service holds the old nodes where the cluster permits it',
  resume: 'Resumed',
  rollback: 'Rolling back; the service follows it to the last node',
  freeze: 'All merges are frozen, in every rollout',
  unfreeze: 'Merges go on',
};

/** The name of the command in the record. */
function wantedOf(verb: Exclude<Steering, 'freeze' | 'unfreeze'>): string {
  return { pause: 'Pause', brake: 'Brake', resume: 'Resume', rollback: 'RollBack' }[verb];
}

function checkWords(verb: Steering, reason: string | undefined): void {
  const least = verb === 'rollback' ? 10 : verb === 'freeze' ? 3 : 0;
  if ((reason ?? '').length < least) {
    throw new CommandError(`Please say why, in at least ${least} characters: --reason "…".`, 2);
  }
}

async function meant(
  world: Parameters<typeof findRollout>[0],
  typed: string | undefined,
  verb: Steering,
): Promise<Rollout> {
  if (verb === 'rollback' && typed === undefined) {
    throw new CommandError('Which rollout? amiable rollback ROLLOUT --reason "…"', 2);
  }
  const found = await findRollout(world, typed?.replace(/^ro_/, '').toLowerCase());
  if (found.kind === 'found') return found.rollout;
  const several = found.kind === 'several' ? found.rollouts : await openRollouts(world);
  const open = several.map(({ id, release }) => `\n  amiable ${verb} ${id}   ${release}`).join('');
  const none = typed === undefined ? 'No rollout is open.' : `There is no rollout ${typed}.`;
  if (found.kind === 'several') throw new CommandError(`Which one?${open}`, 1);
  throw new CommandError(open === '' ? none : `${none} Open are:${open}`, 1);
}

async function told(
  { refusal, rule }: Outcome,
  people: {
    members(rule: NonNullable<Outcome['rule']>): Promise<readonly string[]>;
    names(ids: readonly never[]): Promise<ReadonlyMap<string, string>>;
  },
): Promise<void> {
  if (refusal === undefined) return;
  const who = rule === undefined ? [] : await people.members(rule);
  const names = await people.names(who as readonly never[]);
  throw new CommandError(plain(refusalMessage(refusal, { names, who }).text), 1);
}

async function openOnes({
  heads,
}: {
  readonly heads: { open(): Promise<readonly { readonly rollout: RolloutId }[]> };
}): Promise<readonly RolloutId[]> {
  return (await heads.open()).map(({ rollout }) => rollout);
}

/** A sentence for Slack as one for a terminal. */
function plain(text: string): string {
  return text
    .replaceAll(/[*`\u2060]/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
