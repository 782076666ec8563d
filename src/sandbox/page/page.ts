import type { OnAction } from './blocks.ts';
import { drawBlocks, element } from './blocks.ts';
import { showModal } from './modal.ts';
import { mrkdwn } from './mrkdwn.ts';
import type { Acted, Ephemeral, Message, State } from './state.ts';
import { drawClusters, drawPulls } from './world.ts';

function byId<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no #${id}`);
  return found as T;
}

const who = byId<HTMLSelectElement>('who');
const feed = byId('feed');
const replies = byId('replies');
const modal = byId<HTMLDialogElement>('modal');
const panes = document.querySelector<HTMLElement>('.panes');

let state: State | undefined;
let openThread: string | undefined;
/** What is drawn in each place, so that nothing is redrawn (and no focus lost) without need. */
const drawn = new Map<string, string>();

async function post(path: string, body: object): Promise<Acted> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as Acted;
}

async function act(body: object): Promise<Acted> {
  const acted = await post('/sandbox/act', body);
  if (acted.view !== undefined) {
    const view = acted.view;
    showModal(modal, view, (values) =>
      post('/sandbox/act', { user: who.value, view_id: view.id, values }),
    );
  }
  await refresh();
  return acted;
}

function onAction(messageTs: string): OnAction {
  return ({ actionId, blockId, value, button }) => {
    if (button instanceof HTMLButtonElement) button.disabled = true;
    void act({
      user: who.value,
      message_ts: messageTs,
      action_id: actionId,
      block_id: blockId,
      value,
    }).then((acted) => {
      if (button instanceof HTMLButtonElement) button.disabled = false;
      if (!acted.ack) button.after(element('span', 'failed', ' ⚠ Amiable did not answer in time'));
    });
  };
}

function drawMessage(message: Message | Ephemeral, only: boolean): HTMLElement {
  const at = new Date(Number(message.ts) * 1000);
  const time = element(
    'time',
    '',
    at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }),
  );
  const name = state?.slack.users.find(({ id }) => id === message.user && !only)?.name ?? 'Amiable';
  const head = element('div', '', element('span', 'from', name), time);
  if (only) head.append(element('span', 'only', ' Only visible to you'));
  const body =
    message.blocks === undefined || message.blocks.length === 0
      ? element('p', '', mrkdwn(message.text))
      : drawBlocks(message.blocks, onAction(message.ts));
  const box = element('article', only ? 'message ephemeral' : 'message', head, body);
  box.dataset['ts'] = message.ts;
  return box;
}

/** Draws only what changed: somebody may be about to press a button. */
function fill(place: HTMLElement, items: readonly { key: string; draw: () => Node[] }[]): void {
  const known = new Map(
    [...place.children].map((child) => [
      (child as HTMLElement).dataset['key'] ?? '',
      child as HTMLElement,
    ]),
  );
  let before: Element | null = null;
  for (const { key, draw } of items) {
    let box = known.get(key);
    if (box === undefined) {
      box = element('div');
      box.dataset['key'] = key;
      box.append(...draw());
    }
    const next: Element | null =
      before === null ? place.firstElementChild : before.nextElementSibling;
    if (next !== box) place.insertBefore(box, next);
    before = box;
    known.delete(key);
  }
  for (const left of known.values()) left.remove();
}

function keyed(message: Message, only: boolean, extra = '') {
  const key = `${message.ts} ${only} ${extra} ${JSON.stringify(message.blocks ?? message.text)}`;
  return { key, draw: () => [drawMessage(message, only)] };
}

function draw(now: State): void {
  const mine = who.value;
  const roots = now.slack.messages.filter(
    ({ thread_ts, ts, reply_broadcast }) =>
      thread_ts === undefined || thread_ts === ts || reply_broadcast === true,
  );
  openThread ??= roots.at(-1)?.ts;
  const inThread = (ts: string) =>
    now.slack.messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
  const private_ = now.slack.ephemerals.filter(({ user }) => user === mine);
  fill(feed, [
    ...roots.map((message) => {
      const root = message.thread_ts ?? message.ts;
      const count = inThread(root).length;
      return {
        key: `${keyed(message, false).key} ${count} ${openThread === root}`,
        draw: () => {
          const link = element('button', 'plain', count === 1 ? '1 reply' : `${count} replies`);
          link.addEventListener('click', () => {
            openThread = root;
            show('thread');
            if (state !== undefined) draw(state);
          });
          return [drawMessage(message, false), link];
        },
      };
    }),
    ...private_
      .filter(({ thread_ts }) => thread_ts === undefined)
      .map((message) => keyed(message, true)),
  ]);
  const ts = openThread;
  fill(
    replies,
    ts === undefined
      ? []
      : [
          ...inThread(ts).map((message) => keyed(message, false)),
          ...private_
            .filter(({ thread_ts }) => thread_ts === ts)
            .map((message) => keyed(message, true)),
        ],
  );
  redraw('clusters', JSON.stringify(now.clusters), () =>
    drawClusters(now.clusters, (body) => void act(body)),
  );
  redraw('pulls', JSON.stringify(now.github.pulls), () =>
    drawPulls(now.github.pulls, (body) => void act(body)),
  );
  byId('clock').textContent =
    `${new Date(now.now).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  byId('link').textContent = now.service?.running === false ? 'Amiable is stopped' : '';
}

function redraw(id: string, key: string, make: () => Node[]): void {
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  const place = byId(id);
  const open = [...place.querySelectorAll('details')].map((details) => details.open);
  place.replaceChildren(...make());
  // Newest first: what was open keeps its place from the end.
  const fresh = [...place.querySelectorAll('details')];
  open.reverse().forEach((isOpen, i) => {
    const details = fresh[fresh.length - 1 - i];
    if (details !== undefined) details.open = isOpen;
  });
}

function fillPeople({ slack, environments }: State): void {
  if (who.options.length > 0) return;
  for (const { id, name, isBot, isGuest, deleted } of slack.users) {
    if (isBot || deleted) continue;
    const approves = environments
      .filter(({ approvers }) => approvers.includes(id))
      .map((one) => one.name);
    const role = isGuest
      ? 'guest'
      : approves.length === 0
        ? 'no rights'
        : `approves ${approves.join(', ')}`;
    who.append(new Option(`${name} (${role})`, id));
  }
}

async function refresh(): Promise<void> {
  try {
    const answer = await fetch('/sandbox/state');
    state = (await answer.json()) as State;
    fillPeople(state);
    draw(state);
  } catch {
    byId('link').textContent = 'The sandbox does not answer';
  }
}

function show(pane: string): void {
  if (panes !== null) panes.dataset['shown'] = pane;
  for (const tab of document.querySelectorAll<HTMLElement>('.tabs button')) {
    tab.setAttribute('aria-pressed', String(tab.dataset['pane'] === pane));
  }
}

for (const tab of document.querySelectorAll<HTMLElement>('.tabs button')) {
  tab.addEventListener('click', () => show(tab.dataset['pane'] ?? 'slack'));
}
who.addEventListener('change', () => (state === undefined ? undefined : draw(state)));

byId<HTMLFormElement>('command').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = byId<HTMLInputElement>('typed');
  const [, command = '/ami', text = ''] = /^(\/\S+)?\s*([\s\S]*)$/.exec(input.value.trim()) ?? [];
  input.value = '';
  const channel = state?.slack.messages.at(-1)?.channel;
  void act({ user: who.value, command, text, ...(channel === undefined ? {} : { channel }) });
});
byId<HTMLFormElement>('reply').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = byId<HTMLInputElement>('said');
  const text = input.value.trim();
  input.value = '';
  if (openThread !== undefined) void act({ user: who.value, thread_ts: openThread, text });
});

void refresh();
setInterval(() => void refresh(), 700);
