import { isObject, type JsonObject } from '../blocks/check.ts';
import { elementsIn } from '../blocks/walk.ts';
import type { Answer } from '../delivery/transport.ts';
import { viewOf } from '../methods/views.ts';
import type { ShownView, SlackView, ViewValues } from '../views.ts';
import { answerOf, type Choice, valuesOf } from './choose.ts';
import { type Client, envelope, impossible, type Outcome, signedIn } from './client.ts';
import { complaintsAbout } from './complaints.ts';

/** What a person typed and chose: by `block_id`, then by `action_id`. */
export type Submission = {
  readonly user: string;
  readonly viewId: string;
  readonly values?: Readonly<Record<string, Readonly<Record<string, Choice>>>>;
  /** Skips what Slack's client would refuse: fields left empty, too short or unknown. */
  readonly force?: boolean;
};

/** Presses a modal's submit button. Resolves with what became of the modal. */
export async function submit(client: Client, act: Submission): Promise<Outcome> {
  const person = signedIn(client, act.user);
  const shown = client.world.views.find(act.viewId);
  if (person === undefined) return impossible('no_such_person');
  if (shown?.user !== act.user || client.world.views.top(act.user)?.id !== act.viewId)
    return impossible('not_shown');
  if (shown.view['submit'] === null) return impossible('no_submit_button');
  const typed = typedValues(shown.view, act);
  if (typed === undefined) return impossible('no_such_element');
  const values = valuesOf(shown.view.blocks, typed);
  const errors = complaintsAbout(shown.view.blocks, values);
  if (Object.keys(errors).length > 0 && act.force !== true)
    return { ...impossible('not_complete'), errors };

  const view = client.world.views.fill(
    shown,
    act.force === true ? { ...values, ...typed } : values,
  );
  const trigger = client.world.triggers.issue(act.user, view.id);
  const payload = {
    type: 'view_submission',
    ...envelope(person),
    trigger_id: trigger.id,
    view,
    response_urls: [],
  };
  const answer = await client.transport.send({ kind: 'interactive', payload });
  return afterwards(client, { user: act.user, view }, answer);
}

function typedValues({ blocks, state }: SlackView, act: Submission): ViewValues | undefined {
  const values: Record<string, Record<string, JsonObject>> = {};
  for (const [id, answers] of Object.entries(state.values)) values[id] = { ...answers };
  for (const [blockId, answers] of Object.entries(act.values ?? {})) {
    const block = blocks.find((one) => one['block_id'] === blockId);
    for (const [actionId, choice] of Object.entries(answers)) {
      const element = elementsIn(block ?? {}).find((one) => one['action_id'] === actionId);
      const answer =
        element === undefined
          ? { type: 'plain_text_input', value: choice }
          : answerOf(element, choice);
      if ((element === undefined || answer === undefined) && act.force !== true) return undefined;
      values[blockId] = { ...values[blockId], [actionId]: answer ?? { value: choice } };
    }
  }
  return values;
}

/** What the acknowledgement makes of the modal. An answer Slack cannot use leaves it open with an error. */
function afterwards({ world }: Client, shown: ShownView, answer: Answer): Outcome {
  if (!answer.acknowledged) return impossible(answer.reason);
  const body = isObject(answer.body) ? answer.body : {};
  const { user } = shown;
  const trouble: Outcome = { ok: false, ack: true, error: 'invalid_response_action' };
  switch (body['response_action']) {
    case undefined:
      world.views.close(user, false);
      return { ok: true, ack: true };
    case 'clear':
      world.views.close(user, true);
      return { ok: true, ack: true };
    case 'errors': {
      const errors = errorsOf(body['errors'], shown.view);
      return errors === undefined ? trouble : { ok: false, ack: true, errors };
    }
    case 'update': {
      const given = viewOf(world, body, 'modal');
      if ('error' in given) return trouble;
      return { ok: true, ack: true, view: world.views.update(shown, given.view) };
    }
    case 'push': {
      const given = viewOf(world, body, 'modal');
      if ('error' in given) return trouble;
      const view = world.views.open(user, given.view, shown.view.id);
      return view === undefined ? trouble : { ok: true, ack: true, view };
    }
    default:
      return trouble;
  }
}

/** Errors must stand under input blocks of this very view. */
function errorsOf(given: unknown, view: SlackView): Readonly<Record<string, string>> | undefined {
  if (!isObject(given) || Object.keys(given).length === 0) return undefined;
  const inputs = view.blocks
    .filter((block) => block['type'] === 'input')
    .map((block) => block['block_id']);
  const fits = Object.entries(given).every(
    ([id, text]) => inputs.includes(id) && typeof text === 'string' && text !== '',
  );
  return fits ? (given as Readonly<Record<string, string>>) : undefined;
}

/** Closes the modal on top, or with `all` every modal of the person. The app hears of it where it asked to. */
export async function closeView(
  client: Client,
  {
    user,
    viewId,
    all = false,
  }: { readonly user: string; readonly viewId: string; readonly all?: boolean },
): Promise<Outcome> {
  const person = signedIn(client, user);
  if (person === undefined) return impossible('no_such_person');
  if (client.world.views.top(user)?.id !== viewId) return impossible('not_shown');
  const closed = client.world.views.close(user, all);
  for (const view of closed) {
    if (!view.notify_on_close) continue;
    const payload = { type: 'view_closed', ...envelope(person), view, is_cleared: all };
    const answer = await client.transport.send({ kind: 'interactive', payload });
    if (!answer.acknowledged) return impossible(answer.reason);
  }
  return { ok: true, ack: true };
}
