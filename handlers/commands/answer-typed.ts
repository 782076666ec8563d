import type { Message } from '../../blocks/block-kit.ts';
import { section } from '../../blocks/block-kit.ts';
import type { CardKey } from '../../blocks/card-key.ts';
import { helpMessage, unknownCommand } from '../../blocks/help.ts';
import { rollBackOffer } from '../../blocks/roll-back-offer.ts';
import { stateOf } from '../../blocks/state.ts';
import { statusMessage, whichRollout } from '../../blocks/status.ts';
import { troubleMessage } from '../../blocks/trouble.ts';
import { canStillBeRejected } from '../../src/rollout/decide-approval.ts';
import { forecastErrors } from '../../src/rollout/forecast-error.ts';
import type { Environment, Rollout } from '../../src/rollout/rollout.ts';
import { isEnded } from '../../src/rollout/rollout.ts';
import type { SlackUserId } from '../../src/shared/ids.ts';
import { ReleaseId } from '../../src/shared/ids.ts';
import { globalStop } from '../../src/workflow/global-stop.ts';
import { openRollouts } from '../../src/workflow/open-rollouts.ts';
import { checkNow } from '../check-now.ts';
import { findRollout } from '../find-rollout.ts';
import type { Handling } from '../handling.ts';
import { history } from '../history.ts';
import type { ModalName } from '../modal-name.ts';
import { openModal } from '../open-modal.ts';
import type { Delivery, PersonRequest, ReplyTo } from '../person-request.ts';
import { PersonRequest as PersonRequestSchema } from '../person-request.ts';
import { checkUpgrade } from '../upgrade-check.ts';
import { where } from '../where.ts';
import type { Typed } from './grammar.ts';
import { parseTyped } from './grammar.ts';
import { readBad, readHold, scopeOf } from './keep-back.ts';
import { untilOf } from './when.ts';

/** Something typed to us, by a slash command or by mentioning the bot. */
export type TypedRequest = {
  readonly text: string;
  readonly by: SlackUserId;
  readonly deliveryKey: string;
  readonly replyTo: ReplyTo;
  /** Opens a modal within three seconds; a mention carries none. */
  readonly triggerId?: string;
  /** The open rollout of the thread it was typed in; absent where it was not typed in a thread. */
  readonly thread?: () => Promise<Rollout | undefined>;
};

/**
 * Answers what somebody typed, a failure after the acknowledgement included. What decides something is stored before it is acknowledged, then decided like a click.
 * @returns what to tell the asker; `undefined` when the intake tells them.
 */
export async function answerTyped(
  handling: Handling,
  request: TypedRequest,
  ack: () => Promise<void>,
): Promise<Message | undefined> {
  let acknowledged = false;
  try {
    return await answer(handling, request, async () => {
      await ack();
      acknowledged = true;
    });
  } catch (cause) {
    // Unacknowledged, Slack itself tells the person that it failed.
    if (!acknowledged && request.replyTo.responseUrl !== undefined) throw cause;
    handling.world.log.warn({ cause }, 'typed request not answered');
    return troubleMessage();
  }
}

async function answer(
  handling: Handling,
  request: TypedRequest,
  ack: () => Promise<void>,
): Promise<Message | undefined> {
  const parsed = parseTyped(request.text);
  if (parsed.kind === 'unknown') {
    await ack();
    return unknownCommand(parsed.word, parsed.nearest);
  }
  const { typed } = parsed;
  switch (typed.verb) {
    case 'help':
      await ack();
      return helpMessage();
    case 'status':
    case 'digest':
      await ack();
      return status(handling);
    case 'check':
      await ack();
      return checkNow(handling, request.by);
    case 'history':
      await ack();
      return history(handling, typed.rest);
    case 'where':
      await ack();
      return where(handling, typed.rest, request.deliveryKey);
    case 'upgrade-check':
      await ack();
      return checkUpgrade(handling, typed.rest);
    case 'show':
    case 'approve':
    case 'reject':
    case 'snooze':
    case 'wake':
    case 'switch':
    case 'pause':
    case 'brake':
    case 'resume':
    case 'rollback':
    case 'expedite':
    case 'freeze':
    case 'unfreeze':
    case 'hold':
    case 'unhold':
    case 'bad':
    case 'good':
      return steer(handling, request, typed, ack);
  }
}

async function steer(
  handling: Handling,
  request: TypedRequest,
  typed: Typed,
  ack: () => Promise<void>,
): Promise<Message | undefined> {
  const { intake } = handling;
  const made = await requestOf(handling, request, typed);
  if ('say' in made) {
    await ack();
    return made.say;
  }
  if ('modal' in made) {
    await ack();
    await openModal(handling, { ...request, ...made }, made.modal);
    return undefined;
  }
  const delivery: Delivery = { request: made.request, replyTo: request.replyTo };
  const fresh = await intake.store(request.deliveryKey, delivery);
  await ack();
  if (fresh) await intake.process(request.deliveryKey, delivery);
  return undefined;
}

type Made =
  | { readonly request: PersonRequest }
  | { readonly say: Message }
  | {
      readonly modal: ModalName;
      readonly key: CardKey;
      readonly triggerId: string;
      readonly reason?: string;
    };

async function requestOf(
  handling: Handling,
  { by, thread, triggerId }: TypedRequest,
  typed: Typed,
): Promise<Made> {
  const { world } = handling;
  if (typed.verb === 'freeze') {
    return typed.rest.length < 3
      ? say('Please say why: `/ami freeze <reason>`.')
      : checked({ kind: 'freeze', by, reason: typed.rest.slice(0, 500) });
  }
  if (typed.verb === 'unfreeze') return checked({ kind: 'unfreeze', by });
  const kept = await keepingBack(handling, by, typed);
  if (kept !== undefined) return kept;
  const { found, rest } = await rolloutMeant(handling, typed, thread);
  if (found.kind !== 'found') {
    return { say: whichRollout(found.kind === 'several' ? found.rollouts : [], typed.verb) };
  }
  const { rollout } = found;
  switch (typed.verb) {
    case 'show': {
      const url = await handling.cardUrl(rollout.id);
      const link = url === undefined ? '' : ` <${encodeURI(url)}|Open the card>`;
      const shown = statusMessage([rollout], {
        cardUrls: new Map(url === undefined ? [] : [[rollout.id, url]]),
        clusters: clustersOf(handling),
        detailed: true,
        forecasts: forecastErrors(
          (await world.journal.known(rollout.id)).commits.flatMap(({ events }) => events),
        ),
      });
      return { say: { ...shown, text: `${stateOf(rollout).word}: ${rollout.release}.${link}` } };
    }
    case 'approve':
    case 'reject': {
      const asking = typed.verb === 'reject' ? rejectable(rollout) : waitingForApproval(rollout);
      const [word = '', ...more] = rest.split(/\s+/);
      const named = asking.find(({ policy }) => policy.name === word);
      const environment = named ?? (asking.length === 1 ? asking[0] : undefined);
      const text = named === undefined ? rest : more.join(' ');
      if (environment?.ask === undefined) {
        return asking.length === 0
          ? say(
              typed.verb === 'approve'
                ? 'Nothing of this rollout waits for approval.'
                : 'There is nothing to reject in this rollout. What was merged is taken back by `/ami rollback`.',
            )
          : say(
              `Which environment? ${asking.map(({ policy }) => `\`/ami ${typed.verb} ${rollout.id} ${policy.name}\``).join(' or ')}`,
            );
      }
      const of = {
        rollout: rollout.id,
        environment: environment.policy.name,
        ask: environment.ask.number,
        by,
      };
      if (typed.verb === 'approve') {
        return checked({
          kind: 'approve',
          ...of,
          ...(text === '' ? {} : { note: text.slice(0, 500) }),
        });
      }
      if (text.length < 10 && triggerId !== undefined) {
        const { by: _, rollout: rolloutId, ...key } = of;
        return { modal: 'reject', key: { rolloutId, ...key }, triggerId };
      }
      return text.length < 10
        ? say('Please say why, in at least 10 characters: `reject <id> <reason>`.')
        : checked({ kind: 'reject', ...of, reason: text.slice(0, 1000) });
    }
    case 'snooze': {
      const offset = await world.people.utcOffsetMs(by);
      const until = untilOf(rest, world.clock.now(), offset);
      return until === undefined
        ? say('Until when? For example `2d`, `mon` or `2026-11-24`.')
        : checked({ kind: 'snooze', rollout: rollout.id, by, until });
    }
    case 'pause':
    case 'brake':
      return checked({
        kind: typed.verb,
        rollout: rollout.id,
        by,
        ...(rest === '' ? {} : { reason: rest.slice(0, 500) }),
      });
    case 'rollback': {
      const key = { rolloutId: rollout.id };
      return triggerId === undefined
        ? { say: rollBackOffer(rollout) }
        : {
            modal: 'rollback',
            key,
            triggerId,
            ...(rest === '' ? {} : { reason: rest.slice(0, 1000) }),
          };
    }
    case 'expedite': {
      const open = rollout.environments.filter(({ phase }) => !isEnded(phase));
      const [word = '', ...more] = rest.split(/\s+/);
      const named = open.find(({ policy }) => policy.name === word);
      const environment = named ?? (open.length === 1 ? open[0] : undefined);
      const reason = named === undefined ? rest : more.join(' ');
      if (environment === undefined) {
        return open.length === 0
          ? say('Every environment of this rollout has ended.')
          : say(
              `Which environment? ${open.map(({ policy }) => `\`/ami expedite ${rollout.id} ${policy.name} <reason>\``).join(' or ')}`,
            );
      }
      return reason.length < 10
        ? say(
            'Please say why, in at least 10 characters: `/ami expedite <id> <environment> <reason>`.',
          )
        : checked({
            kind: 'expedite',
            rollout: rollout.id,
            environment: environment.policy.name,
            by,
            reason: reason.slice(0, 1000),
          });
    }
    case 'wake':
    case 'switch':
    case 'resume':
      return checked({ kind: typed.verb, rollout: rollout.id, by });
    case 'hold':
    case 'unhold':
    case 'bad':
    case 'good':
    case 'help':
    case 'status':
    case 'digest':
    case 'check':
    case 'history':
    case 'where':
    case 'upgrade-check':
      throw new Error(`${typed.verb} steers nothing`);
  }
}

/** Holds and marks, which concern no one rollout; `undefined`: something else was typed. */
async function keepingBack(
  { world }: Handling,
  by: SlackUserId,
  { verb, rest }: Typed,
): Promise<Made | undefined> {
  const clusters = world.fleet.clusters.map(({ name }) => name);
  if (verb === 'hold') {
    const offset = await world.people.utcOffsetMs(by);
    const read = readHold(rest, clusters, world.clock.now(), offset);
    if (!read.ok) return say(read.say);
    const { scope, until, reason } = read;
    return checked({ kind: 'hold', by, scope, until, reason });
  }
  if (verb === 'unhold') {
    const scope = scopeOf(rest.trim(), clusters);
    return scope === undefined
      ? say('What is no longer to be held? For example `/ami unhold prod-eu-1`.')
      : checked({ kind: 'unhold', by, scope });
  }
  if (verb === 'bad') {
    const read = readBad(rest, clusters);
    if (!read.ok) return say(read.say);
    const { release, where, reason } = read;
    return checked({ kind: 'mark-bad', by, release, where, reason });
  }
  if (verb === 'good') {
    const release = ReleaseId.safeParse(rest.trim());
    return release.success
      ? checked({ kind: 'clear-bad', by, release: release.data })
      : say('Which release? For example `/ami good al2023@v20261118`.');
  }
  return undefined;
}

function waitingForApproval({ environments }: Rollout): readonly Environment[] {
  return environments.filter(({ phase }) => phase.name === 'awaiting-approval');
}

/** Where a *no* comes in time; else where it comes too late, so that the decider says why. */
function rejectable({ environments }: Rollout): readonly Environment[] {
  const inTime = environments.filter(canStillBeRejected);
  return inTime.length > 0
    ? inTime
    : environments.filter(({ ask, phase }) => ask !== undefined && !isEnded(phase));
}

/** The rollout that is named, else the thread's own, else the only open one; and what was typed beside its name. */
async function rolloutMeant(
  { world }: Handling,
  { id, maybeId, rest }: Typed,
  thread: TypedRequest['thread'],
) {
  if (maybeId !== undefined) {
    const named = await findRollout(world, maybeId);
    if (named.kind !== 'none') return { found: named, rest };
  }
  const found =
    thread !== undefined && id === undefined
      ? await ofThread(world, thread)
      : await findRollout(world, id);
  return { found, rest: maybeId === undefined ? rest : `${maybeId} ${rest}`.trim() };
}

/** In the thread of a closed rollout, or of none, the only open one is not what is meant: it has to be named. */
async function ofThread(
  world: Handling['world'],
  thread: NonNullable<TypedRequest['thread']>,
): ReturnType<typeof findRollout> {
  const rollout = await thread();
  return rollout === undefined
    ? { kind: 'several', rollouts: await openRollouts(world) }
    : { kind: 'found', rollout };
}

function checked(request: PersonRequest): Made {
  return { request: PersonRequestSchema.parse(request) };
}

function say(text: string): Made {
  return { say: { text, blocks: [section(text)] } };
}

async function status(handling: Handling): Promise<Message> {
  const { world, cardUrl } = handling;
  const rollouts = await openRollouts(world);
  const urls = await Promise.all(rollouts.map(async ({ id }) => [id, await cardUrl(id)] as const));
  const frozen = await globalStop(world);
  return statusMessage(rollouts, {
    clusters: clustersOf(handling),
    cardUrls: new Map(urls.flatMap(([id, url]) => (url === undefined ? [] : [[id, url] as const]))),
    ...(frozen === undefined ? {} : { frozen }),
  });
}

/** What this process last saw; a replica that does not follow the rollout has nothing to add. */
function clustersOf({ world }: Handling) {
  return (id: Rollout['id']) => [...world.sightings(id).clusters.values()];
}
