import { section } from '../blocks/block-kit.ts';
import { escapeMrkdwn } from '../src/shared/text.ts';
import { minute, second } from '../src/shared/time.ts';
import type { Caretaker } from '../src/workflow/caretaker.ts';
import type { Message } from '../src/workflow/ports/messenger.ts';
import type { Inbox } from '../src/workflow/ports/store.ts';
import type { World } from '../src/workflow/world.ts';
import { carryOut } from './carry-out.ts';
import { announcement } from './globally.ts';
import type { Outcome } from './outcome.ts';
import type { ReplyTo } from './person-request.ts';
import { Delivery, isGlobal } from './person-request.ts';
import { Pinning } from './pinning/pinning.ts';
import { proposePinning, tooOldToPin } from './pinning/propose-pinning.ts';
import { answerQuestion } from './questions/answer-question.ts';
import { Question } from './questions/question.ts';

/** A request this old is not carried out any more: nobody remembers pressing, and the card says something else. */
const tooOldMs = 15 * minute;
/** A younger request is being carried out by whoever stored it; a second hand would only answer twice. */
const leftBehindMs = 15 * second;

/** Takes people's requests in: stored once before they are acknowledged, done by whoever finds them, answered in words. */
export type Intake = {
  /** False: this delivery was taken before; nothing is to be done with it. */
  store(key: string, delivery: Delivery): Promise<boolean>;
  /**
   * Carries a stored request out and answers. Never throws: what fails stays in the inbox.
   * @param inPlace true for an outcome that the caller tells where the person looks (in the modal): it is not told again.
   */
  process(
    key: string,
    delivery: Delivery,
    inPlace?: (outcome: Outcome) => boolean,
  ): Promise<Outcome | undefined>;
  /** As `store`, of a question: it changes nothing, but nobody should wait for an answer that never comes. */
  storeQuestion(key: string, question: Question): Promise<boolean>;
  /** Answers a stored question in its thread. Never throws: what fails stays in the inbox. */
  answerQuestion(key: string, question: Question): Promise<void>;
  /** As `store`, of a press of "Pin it now". */
  storePinning(key: string, pinning: Pinning): Promise<boolean>;
  /** Proposes a stored one and answers. Never throws: what fails stays in the inbox. */
  pin(key: string, pinning: Pinning): Promise<void>;
  /** Finishes what this or another replica left behind. */
  sweep(): Promise<void>;
};

export function createIntake(
  world: World,
  {
    inbox,
    caretaker,
    answer,
  }: {
    readonly inbox: Inbox;
    readonly caretaker: Caretaker;
    /** The words for an outcome; `undefined` where the card says it all. */
    readonly answer: (
      delivery: Delivery,
      outcome: Outcome | 'too-old',
    ) => Promise<Message | undefined>;
  },
): Intake {
  const { clock, log } = world;
  const busy = new Set<string>();

  const process: Intake['process'] = async (key, delivery, inPlace) => {
    if (busy.has(key)) return undefined;
    busy.add(key);
    try {
      const outcome = await carryOut(world, delivery.request, key);
      // Before it counts as done: who dies in between leaves it to be found, and the rollout is woken then.
      if (outcome.refusal === undefined) await stir(delivery);
      await inbox.done(key, clock.now());
      await announce(world, delivery, outcome, key);
      if (inPlace?.(outcome) !== true) {
        await answerPerson(world, delivery.replyTo, key, await answer(delivery, outcome));
      }
      return outcome;
    } catch (cause) {
      log.warn({ key, kind: delivery.request.kind, cause }, 'request not carried out yet');
      return undefined;
    } finally {
      busy.delete(key);
    }
  };

  /** The thread follows the state: the rollout is looked at now, and all of them after a freeze. */
  const stir = async ({ request }: Delivery): Promise<void> => {
    if ('rollout' in request) {
      await caretaker.wake(request.rollout);
      return;
    }
    for (const { rollout } of await world.store.heads.open()) await caretaker.wake(rollout);
  };

  const answerStored: Intake['answerQuestion'] = async (key, question) => {
    if (busy.has(key)) return;
    busy.add(key);
    try {
      await answerQuestion(world, key, question);
      await inbox.done(key, clock.now());
    } catch (cause) {
      log.warn({ key, cause }, 'question not answered yet');
    } finally {
      busy.delete(key);
    }
  };

  const pin: Intake['pin'] = async (key, pinning) => {
    if (busy.has(key)) return;
    busy.add(key);
    try {
      const said = await proposePinning(world, caretaker, pinning);
      await inbox.done(key, clock.now());
      await answerPerson(world, pinning.replyTo, key, said);
    } catch (cause) {
      log.warn({ key, cluster: pinning.pin.cluster, cause }, 'not pinned yet');
    } finally {
      busy.delete(key);
    }
  };

  return {
    async store(key, delivery) {
      return inbox.take({ key, receivedAt: clock.now(), command: delivery });
    },
    async storeQuestion(key, question) {
      return inbox.take({ key, receivedAt: clock.now(), command: question });
    },
    answerQuestion: answerStored,
    async storePinning(key, pinning) {
      return inbox.take({ key, receivedAt: clock.now(), command: pinning });
    },
    pin,
    process,
    async sweep() {
      for (const { key, receivedAt, command } of await inbox.pending()) {
        const question = Question.safeParse(command);
        if (question.success) {
          const age = clock.now() - receivedAt;
          if (age > tooOldMs) await inbox.done(key, clock.now());
          else if (age >= leftBehindMs) await answerStored(key, question.data);
          continue;
        }
        const pinning = Pinning.safeParse(command);
        if (pinning.success) {
          const age = clock.now() - receivedAt;
          if (age < leftBehindMs) continue;
          if (age <= tooOldMs) {
            await pin(key, pinning.data);
            continue;
          }
          await inbox.done(key, clock.now());
          await answerPerson(world, pinning.data.replyTo, key, tooOldToPin(pinning.data));
          continue;
        }
        const parsed = Delivery.safeParse(command);
        if (!parsed.success) {
          log.warn({ key }, 'inbox entry not understood');
          await inbox.done(key, clock.now());
          continue;
        }
        const age = clock.now() - receivedAt;
        if (age < leftBehindMs) continue;
        if (age <= tooOldMs) {
          await process(key, parsed.data);
          continue;
        }
        await inbox.done(key, clock.now());
        await answerPerson(world, parsed.data.replyTo, key, await answer(parsed.data, 'too-old'));
      }
    },
  };
}

/** What is kept back, or no longer, concerns everybody who works with it: said once in the home channel. */
async function announce(
  { effects, fleet, people, clock, log }: World,
  { request }: Delivery,
  { stored, bad, refusal }: Outcome,
  key: string,
): Promise<void> {
  // A refusal is stored too.
  if (!stored || refusal !== undefined) return;
  const said = isGlobal(request)
    ? announcement(request, clock.now())
    : request.kind === 'roll-back' && typeof bad === 'object'
      ? `${bad.what} is marked bad: ${request.reason}`
      : undefined;
  if (said === undefined) return;
  try {
    const name = (await people.names([request.by])).get(request.by) ?? request.by;
    const text = escapeMrkdwn(`${name}: ${said}.`);
    await effects.run('post-message', `${key} announced`, (to) =>
      to.slack.post({ channel: fleet.channel, text, blocks: [section(text)] }),
    );
  } catch (cause) {
    log.warn({ cause }, 'not announced');
  }
}

/** Tells the asker alone. The answer is a comfort: a lost one changes nothing. */
export async function answerPerson(
  { effects, log }: Pick<World, 'effects' | 'log'>,
  { channel, user, threadTs, responseUrl }: ReplyTo,
  key: string,
  message: Message | undefined,
): Promise<void> {
  if (message === undefined) return;
  try {
    await effects.run('answer-person', key, (to) =>
      responseUrl === undefined
        ? to.slack.ephemeral({
            channel,
            user,
            ...(threadTs === undefined ? {} : { threadTs }),
            ...message,
          })
        : to.slack.respond(responseUrl, message, threadTs === undefined ? {} : { threadTs }),
    );
  } catch (cause) {
    log.warn({ user, cause }, 'answer not delivered');
  }
}
