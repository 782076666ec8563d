import type { OnAction } from './blocks.ts';
import { drawBlocks } from './blocks.ts';
import { drawClusters } from './clusters.ts';
import { compose } from './composer.ts';
import { element } from './element.ts';
import { nameMentions } from './mentions.ts';
import { showModal } from './modal.ts';
import { mrkdwn } from './mrkdwn.ts';
import { press } from './press.ts';
import type { OnDeed } from './pulls.ts';
import { drawPulls } from './pulls.ts';
import type { Acted, Ephemeral, Message, State } from './state.ts';

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
    showModal(modal, view, (values) => act({ user: who.value, view_id: view.id, values }));
  }
  await refresh();
  return acted;
}

function onAction(messageTs: string): OnAction {
  return ({ actionId, blockId, value, button }) => {
    const body = { message_ts: messageTs, action_id: actionId, block_id: blockId, value };
    void press(button, () => act({ user: who.value, ...body }));
  };
}

const onDeed: OnDeed = (button, body) => void press(button, () => act(body));

function drawMessage(message: Message | Ephemeral, only: boolean): HTMLElement {
  const at = new Date(Number(message.ts) * 1000);
  const time = element(
    'time',
    '',
    at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' }),
  );
  const name = state?.slack.users.find(({ id }) => id === message.user && !only)?.name ?? 'Amiable';
  const head = element('div', 'head', element('span', 'from', name));
  if (name === 'Amiable') head.append(element('span', 'app', 'APP'));
  head.append(time);
  if (only) head.append(element('span', 'only', ' Only visible to you'));
  const body =
    message.blocks === undefined || message.blocks.length === 0
      ? element('p', '', mrkdwn(message.text))
      : drawBlocks(message.blocks, onAction(message.ts));
  const avatar = element('span', name === 'Amiable' ? 'avatar bot' : 'avatar', initials(name));
  avatar.setAttribute('aria-hidden', 'true');
  const content = element('div', 'content', head, body);
  const box = element('article', only ? 'message ephemeral' : 'message', avatar, content);
  box.dataset['ts'] = message.ts;
  return box;
}

function initials(name: string): string {
  return name
    .split(' ')
    .map((part) => part.slice(0, 1))
    .slice(0, 2)
    .join('');
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

/** A message of the channel, with the way into its thread. */
function rootItem(message: Message, count: number) {
  const root = message.thread_ts ?? message.ts;
  const { key } = keyed(message, false);
  return {
    ts: message.ts,
    key: `${key} ${count} ${openThread === root}`,
    draw: () => {
      const box = drawMessage(message, false);
      if (count === 0) return [box];
      const link = element('button', 'plain', count === 1 ? '1 reply' : `${count} replies`);
      link.type = 'button';
      link.addEventListener('click', () => {
        openThread = root;
        show('thread');
        if (state !== undefined) draw(state);
      });
      box.querySelector('.content')?.append(link);
      return [box];
    },
  };
}

/** A card is drawn anew under the very finger that pressed it: gives the focus back to the same button of the new one. */
function heldFocus(): () => void {
  const held = document.activeElement;
  const ts = held?.closest<HTMLElement>('.message')?.dataset['ts'];
  if (!(held instanceof HTMLElement) || ts === undefined) return () => {};
  const { action, block } = held.dataset;
  return () => {
    if (held.isConnected) return;
    const box = document.querySelector<HTMLElement>(`.message[data-ts="${ts}"]`);
    const same = [...(box?.querySelectorAll<HTMLElement>('[data-action]') ?? [])].find(
      ({ dataset }) => dataset['action'] === action && dataset['block'] === block,
    );
    (same ?? box?.querySelector<HTMLElement>('[data-action]'))?.focus({ preventScroll: true });
  };
}

/** What Amiable says to one person alone is shown to the eye and told to screen readers, once. */
function announce(newest: Ephemeral | undefined): void {
  const key = `${who.value} ${newest?.ts ?? ''}`;
  if (drawn.get('said') === key) return;
  const first = !drawn.has('said') || drawn.get('said')?.startsWith(`${who.value} `) === false;
  drawn.set('said', key);
  if (first || newest === undefined) return;
  byId('told').textContent = mrkdwn(newest.text).textContent;
  document
    .querySelector(`.message.ephemeral[data-ts="${newest.ts}"]`)
    ?.scrollIntoView({ block: 'nearest' });
}

function draw(now: State): void {
  const mine = who.value;
  const bot = now.slack.users.find(({ isBot }) => isBot)?.id;
  const roots = now.slack.messages.filter(
    ({ thread_ts, ts, reply_broadcast }) =>
      thread_ts === undefined || thread_ts === ts || reply_broadcast === true,
  );
  const inThread = (ts: string) =>
    now.slack.messages.filter((message) => message.thread_ts === ts && message.ts !== ts);
  // What people say in the channel has no thread yet, nor has what is told of a hold or a freeze.
  openThread ??= (
    roots.findLast(({ user, ts }) => user === bot && inThread(ts).length > 0) ??
    roots.findLast(({ user }) => user === bot) ??
    roots.at(-1)
  )?.ts;
  const private_ = now.slack.ephemerals.filter(({ user }) => user === mine);
  const inTime = (a: { ts: string }, b: { ts: string }) => Number(a.ts) - Number(b.ts);
  const mineHere = private_.filter(({ thread_ts }) => thread_ts === undefined);
  const held = heldFocus();
  fill(
    feed,
    [
      ...roots.map((message) =>
        rootItem(message, inThread(message.thread_ts ?? message.ts).length),
      ),
      ...mineHere.map((message) => ({ ts: message.ts, ...keyed(message, true) })),
    ].sort(inTime),
  );
  const ts = openThread;
  const mineThere = private_.filter(({ thread_ts }) => ts !== undefined && thread_ts === ts);
  const said = ts === undefined ? [] : inThread(ts);
  const atEnd = replies.scrollTop + replies.clientHeight >= replies.scrollHeight - 40;
  fill(
    replies,
    [
      ...said.map((message) => ({ ts: message.ts, ...keyed(message, false) })),
      ...mineThere.map((message) => ({ ts: message.ts, ...keyed(message, true) })),
    ].sort(inTime),
  );
  byId('no-replies').hidden = said.length + mineThere.length > 0;
  if (atEnd) toEnd(replies);
  // A picture has no height before it is there, and would be below the end.
  for (const picture of replies.querySelectorAll<HTMLImageElement>('img.picture'))
    if (atEnd && !picture.complete)
      picture.addEventListener('load', () => toEnd(replies), { once: true });
  held();
  announce([...mineHere, ...mineThere].sort(inTime).at(-1));
  redraw('clusters', JSON.stringify([now.clusters, now.images]), () => drawClusters(now, onDeed));
  redraw('pulls', JSON.stringify(now.github.pulls), () => drawPulls(now.github.pulls, onDeed));
  byId('empty').hidden = roots.length + mineHere.length > 0;
  byId('clock').textContent =
    `${new Date(now.now).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  byId('speed').textContent = paceText(now.speed);
  byId('link').textContent = now.service?.running === false ? 'Amiable is stopped' : '';
}

function toEnd(place: HTMLElement): void {
  place.scrollTop = place.scrollHeight;
}

function paceText(speed: number): string {
  if (speed === 1) return 'real time';
  return speed > 1 ? `time runs ${speed} times faster` : `time runs at ${speed} of its pace`;
}

function redraw(id: string, key: string, make: () => Node[]): void {
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  const place = byId(id);
  const held = document.activeElement;
  const focus =
    held instanceof HTMLElement && place.contains(held) ? held.dataset['focus'] : undefined;
  const open = [...place.querySelectorAll('details')].map((details) => details.open);
  place.replaceChildren(...make());
  // Newest first: what was open keeps its place from the end.
  const fresh = [...place.querySelectorAll('details')];
  open.reverse().forEach((isOpen, i) => {
    const details = fresh[fresh.length - 1 - i];
    if (details !== undefined) details.open = isOpen;
  });
  if (focus !== undefined)
    place.querySelector<HTMLElement>(`[data-focus="${focus}"]`)?.focus({ preventScroll: true });
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
    nameMentions(state.slack.users);
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
  // What is hidden cannot be scrolled: the newest comes into sight with the pane.
  if (pane === 'thread') toEnd(replies);
}

for (const tab of document.querySelectorAll<HTMLElement>('.tabs button')) {
  tab.addEventListener('click', () => show(tab.dataset['pane'] ?? 'slack'));
}
who.addEventListener('change', () => (state === undefined ? undefined : draw(state)));

compose({
  form: byId<HTMLFormElement>('command'),
  threadOf: () => undefined,
  act: (body) => act({ user: who.value, ...body }),
  sent: () => toEnd(feed),
});
compose({
  form: byId<HTMLFormElement>('reply'),
  threadOf: () => openThread,
  act: (body) => act({ user: who.value, ...body }),
  sent: () => toEnd(replies),
});

void refresh();
setInterval(() => void refresh(), 700);
