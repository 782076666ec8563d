import type { JsonObject } from './blocks/check.ts';
import { limits } from './limits.ts';
import { named } from './messages.ts';
import type { Stamps } from './stamps.ts';
import { standInApp } from './workspace.ts';

/** A view as Slack describes it to the app, `state` included. */
export type SlackView = JsonObject & {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly external_id: string;
  readonly hash: string;
  readonly blocks: readonly JsonObject[];
  readonly state: { readonly values: ViewValues };
  readonly root_view_id: string;
  readonly previous_view_id: string | null;
  readonly notify_on_close: boolean;
};

/** What was filled in: by `block_id`, then by `action_id`. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** A view somebody has before them. */
export type ShownView = { readonly user: string; readonly view: SlackView };

export type Views = ReturnType<typeof createViews>;

/** Modals, stacked per person, and everybody's App Home. */
export function createViews(stamps: Stamps, changed: () => void, start: readonly ShownView[] = []) {
  const stacks = new Map<string, readonly SlackView[]>();
  const homes = new Map(start.map(({ user, view }) => [user, view]));

  const stackOf = (user: string) => stacks.get(user) ?? [];
  const setStack = (user: string, stack: readonly SlackView[]) => {
    stacks.set(user, stack);
    changed();
  };
  const shown = (): readonly ShownView[] => [
    ...[...stacks].flatMap(([user, stack]) => stack.map((view) => ({ user, view }))),
    ...[...homes].map(([user, view]) => ({ user, view })),
  ];

  const replace = (user: string, next: SlackView) => {
    if (next.type === 'home') {
      homes.set(user, next);
      changed();
    } else
      setStack(
        user,
        stackOf(user).map((view) => (view.id === next.id ? next : view)),
      );
    return next;
  };

  return {
    shown,
    homes: (): readonly ShownView[] => [...homes].map(([user, view]) => ({ user, view })),
    find: (id: string) => shown().find(({ view }) => view.id === id),
    byExternalId: (id: string) => shown().find(({ view }) => id !== '' && view.external_id === id),
    /** The modal a person has before them. */
    top: (user: string) => stackOf(user).at(-1),
    home: (user: string) => homes.get(user),

    /** Opens a modal, alone or upon another. `undefined`: the stack is full. */
    open(user: string, view: JsonObject, onTopOf?: string): SlackView | undefined {
      const stack = onTopOf === undefined ? [] : stackOf(user);
      if (stack.length >= limits.view.stack) return undefined;
      const id = stamps.id('V');
      const opened = filled(view, stamps, {
        id,
        root_view_id: stack[0]?.id ?? id,
        previous_view_id: stack.at(-1)?.id ?? null,
      });
      setStack(user, [...stack, opened]);
      return opened;
    },

    publish(user: string, view: JsonObject): SlackView {
      const id = homes.get(user)?.id ?? stamps.id('V');
      return replace(user, filled(view, stamps, { id, root_view_id: id, previous_view_id: null }));
    },

    /** New content for a view; what people typed stays where block and element keep their ids. */
    update({ user, view: old }: ShownView, view: JsonObject): SlackView {
      const { id, root_view_id, previous_view_id } = old;
      const next = filled(view, stamps, { id, root_view_id, previous_view_id });
      return replace(user, {
        ...next,
        state: { values: keptValues(old.state.values, next.blocks) },
      });
    },

    /** Records what a person filled in; the hash stays, as the app did not change the view. */
    fill({ user, view }: ShownView, values: ViewValues): SlackView {
      return replace(user, { ...view, state: { values } });
    },

    /** Takes the top view away; `all`: the whole stack. Returns what was closed, top first. */
    close(user: string, all: boolean): readonly SlackView[] {
      const stack = stackOf(user);
      const kept = all ? [] : stack.slice(0, -1);
      setStack(user, kept);
      return stack.slice(kept.length).toReversed();
    },
  };
}

type Place = Pick<SlackView, 'id' | 'root_view_id' | 'previous_view_id'>;

function filled(view: JsonObject, stamps: Stamps, place: Place): SlackView {
  const blocks = (view['blocks'] as readonly JsonObject[]).map((block) => named(block, stamps));
  return {
    team_id: standInApp.teamId,
    app_id: standInApp.appId,
    app_installed_team_id: standInApp.teamId,
    bot_id: standInApp.botId,
    ...view,
    ...place,
    type: view['type'] as 'modal' | 'home',
    callback_id: String(view['callback_id'] ?? ''),
    private_metadata: String(view['private_metadata'] ?? ''),
    external_id: String(view['external_id'] ?? ''),
    title: view['title'] ?? null,
    submit: view['submit'] ?? null,
    close: view['close'] ?? null,
    clear_on_close: view['clear_on_close'] === true,
    notify_on_close: view['notify_on_close'] === true,
    blocks,
    state: { values: {} },
    hash: `${stamps.ts().split('.')[0]}.${stamps.secret().slice(0, 8)}`,
  };
}

function keptValues(values: ViewValues, blocks: readonly JsonObject[]): ViewValues {
  const ids = new Set(blocks.map((block) => block['block_id']));
  return Object.fromEntries(Object.entries(values).filter(([id]) => ids.has(id)));
}
