import type { JsonObject } from '../blocks/check.ts';
import { allBlocks, elementsIn } from '../blocks/walk.ts';
import type { SlackMessage } from '../messages.ts';
import { messageJson } from '../methods/chat.ts';
import type { ShownView, SlackView } from '../views.ts';
import { awaitedView } from './awaited-view.ts';
import { answerOf, type Choice, keepsAnswer, valuesOf } from './choose.ts';
import { type Client, envelope, impossible, type Outcome, signedIn } from './client.ts';

/** A press of a button, or a choice in a menu. */
export type Click = {
  readonly user: string;
  readonly messageTs?: string;
  readonly viewId?: string;
  readonly actionId: string;
  /** Needed where several blocks hold the same `action_id`; absent: the first. */
  readonly blockId?: string;
  /** What the button is expected to carry; with `force`, what the forged payload carries. */
  readonly value?: string;
  /** What is chosen in a menu or picker. */
  readonly selected?: Choice;
  /** Forges the element: what is shown need not hold it. The payload is signed all the same. */
  readonly force?: boolean;
  /** Waits up to three seconds for the modal that the press is to open. */
  readonly expectView?: boolean;
};

type Surface =
  | { readonly kind: 'message'; readonly message: SlackMessage }
  | { readonly kind: 'view'; readonly shown: ShownView };

/** Presses an element of a message or view as it is shown now. Resolves once the app acknowledged, or did not. */
export async function click(client: Client, act: Click): Promise<Outcome> {
  const person = signedIn(client, act.user);
  if (person === undefined) return impossible('no_such_person');
  const surface = surfaceOf(client, act);
  if (surface === undefined) return impossible('not_shown');
  const found = elementOf(surface, act);
  if (found === undefined) return impossible('no_such_element');
  const { blockId, element } = found;
  const answer = act.selected === undefined ? {} : answerOf(element, act.selected);
  if (answer === undefined) return impossible('no_such_option');

  const { world, responseUrls } = client;
  const kept = keepsAnswer(element);
  const known = kept ? { [blockId]: { [act.actionId]: answer } } : {};
  const shownIn = surface.kind === 'view' ? withAnswer(client, surface.shown, known) : undefined;
  const trigger = world.triggers.issue(act.user, shownIn?.id);
  const payload = {
    type: 'block_actions',
    ...envelope(person),
    trigger_id: trigger.id,
    ...(surface.kind === 'message'
      ? inMessage(client, surface.message, act.user, known, responseUrls)
      : { container: { type: 'view', view_id: shownIn?.id }, view: shownIn }),
    actions: [
      {
        ...withoutOptions(element),
        ...answer,
        ...(act.force === true && act.value !== undefined ? { value: act.value } : {}),
        block_id: blockId,
        action_ts: world.stamps.ts(),
      },
    ],
  };
  const got = await client.transport.send({ kind: 'interactive', payload });
  if (!got.acknowledged) return impossible(got.reason);
  const view = await awaitedView(trigger, act.expectView === true);
  return { ok: true, ack: true, ...(view === undefined ? {} : { view }) };
}

function surfaceOf({ world }: Client, { user, messageTs, viewId }: Click): Surface | undefined {
  if (viewId !== undefined) {
    const shown = world.views.find(viewId);
    const reachable = shown?.view.type === 'home' || world.views.top(user)?.id === viewId;
    return shown?.user === user && reachable ? { kind: 'view', shown } : undefined;
  }
  const message = world.messages.byTs(messageTs ?? '');
  const channel = message === undefined ? undefined : world.workspace.channel(message.channel);
  if (message === undefined || channel === undefined) return undefined;
  const visible = (message.onlyFor ?? user) === user && world.workspace.sees(user, channel);
  return visible ? { kind: 'message', message } : undefined;
}

function elementOf(surface: Surface, { user, actionId, blockId, value, force }: Click) {
  const shown = surface.kind === 'message' ? surface.message.blocks : surface.shown.view.blocks;
  const found = allBlocks(shown)
    .filter((block) => blockId === undefined || block['block_id'] === blockId)
    .flatMap((block) =>
      elementsIn(block).map((element) => ({ blockId: String(block['block_id']), block, element })),
    )
    .find(({ element }) => element['action_id'] === actionId);
  if (force === true)
    return {
      blockId: blockId ?? found?.blockId ?? 'forged',
      element: found?.element ?? forged(actionId, value),
    };
  if (found === undefined || !offers(found.block, found.element, user)) return undefined;
  return value !== undefined && found.element['value'] !== value ? undefined : found;
}

/** Inputs act at once only when told to, and an icon button may be for some people only. */
function offers(block: JsonObject, element: JsonObject, user: string): boolean {
  if (block['type'] === 'input') return block['dispatch_action'] === true;
  const only = element['visible_to_user_ids'];
  return !Array.isArray(only) || only.includes(user);
}

function forged(actionId: string, value: string | undefined): JsonObject {
  const text = { type: 'plain_text', text: 'Forged' };
  return { type: 'button', action_id: actionId, text, ...(value === undefined ? {} : { value }) };
}

function withAnswer(
  { world }: Client,
  shown: ShownView,
  known: SlackView['state']['values'],
): SlackView {
  const { view } = shown;
  const merged = Object.fromEntries(
    Object.entries(known).map(([id, answers]) => [id, { ...view.state.values[id], ...answers }]),
  );
  return world.views.fill(shown, valuesOf(view.blocks, { ...view.state.values, ...merged }));
}

function inMessage(
  { world }: Client,
  message: SlackMessage,
  user: string,
  known: SlackView['state']['values'],
  responseUrls: Client['responseUrls'],
): JsonObject {
  const { channel, ts, threadTs, onlyFor } = message;
  const thread = threadTs === undefined ? {} : { thread_ts: threadTs };
  return {
    container: {
      type: 'message',
      message_ts: ts,
      channel_id: channel,
      is_ephemeral: onlyFor !== undefined,
      ...thread,
    },
    channel: { id: channel, name: world.workspace.channel(channel)?.name },
    // Slack does not show the app its own ephemeral message again.
    ...(onlyFor === undefined ? { message: messageJson(message) } : {}),
    state: { values: valuesOf(message.blocks, known) },
    response_url: responseUrls.issue('actions', {
      user,
      channel,
      messageTs: ts,
      ...(threadTs === undefined ? {} : { threadTs }),
    }),
  };
}

/** Payloads name what was chosen, not what could have been. */
function withoutOptions(element: JsonObject): JsonObject {
  const { options, option_groups, ...rest } = element;
  return rest;
}
