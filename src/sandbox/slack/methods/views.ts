import type { JsonObject } from '../blocks/check.ts';
import { view as checkView } from '../blocks/payload.ts';
import { limits } from '../limits.ts';
import type { ShownView } from '../views.ts';
import { filesMissing } from './content.ts';
import {
  type Args,
  failed,
  jsonObject,
  type Method,
  missing,
  type Reply,
  refused,
  type SlackWorld,
  word,
} from './method.ts';

type Given = { readonly view: JsonObject } | { readonly error: Reply };

/** The argument `view`, held against every limit of the surface it is for. */
export function viewOf(world: SlackWorld, args: Args, type: 'modal' | 'home'): Given {
  const view = jsonObject(args, 'view');
  if (view === undefined) return { error: missing('view') };
  if (Buffer.byteLength(JSON.stringify(view)) > limits.view.bytes)
    return { error: failed('view_too_large') };
  const problems = checkView(view, '/view');
  if (problems.length > 0) return { error: refused('invalid_arguments', problems) };
  if (view['type'] !== type)
    return {
      error: refused('invalid_arguments', [
        { message: `must be a ${type} view`, pointer: '/view/type' },
      ]),
    };
  const files = filesMissing(world.files, view, '/view');
  if (files.length > 0) return { error: refused('invalid_arguments', files) };
  return { view };
}

/** Whether another view has taken this external id. */
function externalIdTaken({ views }: SlackWorld, view: JsonObject, own?: string): boolean {
  const holder = views.byExternalId(String(view['external_id'] ?? ''));
  return holder !== undefined && holder.view.id !== own;
}

function openOrPush(world: SlackWorld, args: Args, push: boolean): Reply {
  const id = word(args, 'trigger_id');
  if (id === undefined) return missing('trigger_id');
  const given = viewOf(world, args, 'modal');
  if ('error' in given) return given.error;
  if (externalIdTaken(world, given.view)) return failed('duplicate_external_id');
  const trigger = world.triggers.exchange(id);
  if (!trigger.ok) return failed(trigger.error);
  // Only what was pressed in a modal that is still open can have another put upon it.
  const below = trigger.viewId === undefined ? undefined : world.views.find(trigger.viewId);
  if (push && below?.view.type !== 'modal') return failed('not_found');
  const view = world.views.open(trigger.user, given.view, push ? trigger.viewId : undefined);
  if (view === undefined) return failed('push_limit_reached');
  trigger.opened(view);
  return { ok: true, view };
}

function update(world: SlackWorld, args: Args): Reply {
  const id = word(args, 'view_id');
  const externalId = word(args, 'external_id');
  if (id === undefined && externalId === undefined) return missing('view_id');
  const shown =
    id === undefined ? world.views.byExternalId(externalId ?? '') : world.views.find(id);
  const given = viewOf(world, args, shown?.view.type ?? 'modal');
  if ('error' in given) return given.error;
  if (shown === undefined) return failed('not_found');
  return changed(world, args, shown, given.view);
}

function changed(world: SlackWorld, args: Args, shown: ShownView, view: JsonObject): Reply {
  const hash = word(args, 'hash');
  if (hash !== undefined && hash !== shown.view.hash) return failed('hash_conflict');
  if (externalIdTaken(world, view, shown.view.id)) return failed('duplicate_external_id');
  return { ok: true, view: world.views.update(shown, view) };
}

function publish(world: SlackWorld, args: Args): Reply {
  const user = word(args, 'user_id');
  if (user === undefined) return missing('user_id');
  const given = viewOf(world, args, 'home');
  if ('error' in given) return given.error;
  const person = world.workspace.person(user);
  if (person === undefined || person.deleted === true || person.isBot === true)
    return failed('invalid_arguments');
  const home = world.views.home(user);
  const hash = word(args, 'hash');
  if (home !== undefined && hash !== undefined && hash !== home.hash)
    return failed('hash_conflict');
  if (externalIdTaken(world, given.view, home?.id)) return failed('duplicate_external_id');
  return { ok: true, view: world.views.publish(user, given.view) };
}

export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': { token: 'bot', run: (world, args) => openOrPush(world, args, false) },
  'views.push': { token: 'bot', run: (world, args) => openOrPush(world, args, true) },
  'views.update': { token: 'bot', run: update },
  'views.publish': { token: 'bot', run: publish },
};
